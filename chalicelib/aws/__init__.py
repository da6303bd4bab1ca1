"""The only code of the pipeline that touches botocore: S3, SQS and Bedrock, with AWS errors translated into ours."""
