"""The descriptions of the services that `up`, `doctor` and `down` ask, read when this is imported: 1 s all together."""

from tests.fakes.sessions import core_session

SERVICES = ("cloudformation", "lambda", "iam", "s3", "sns", "sqs", "sts", "logs", "service-quotas", "bedrock")

for _service in (*SERVICES, "bedrock-runtime"):
    core_session().get_service_model(_service)
