"""AWS in memory: S3, SQS, Lambda's deliveries and Bedrock, at least as strict as the real ones.

One `World` of plain values, and services that work on it. Two faces lead in: `ports` implements the pipeline's own
ports, `wire` answers real botocore clients. Tests hand them in; nothing here is ever patched into place.
"""
