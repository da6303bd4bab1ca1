"""AWS on your own machine: S3, SQS, the event pump and a stand-in for Bedrock. Never imported by the pipeline."""
