"""The clients a deployment needs, made once from one session."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import NoRegionError

from chalicelib.deploy.stage import Caller

if TYPE_CHECKING:  # type information only; mypy_boto3_… are not there when this runs
    import boto3
    from mypy_boto3_bedrock import BedrockClient
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_iam import IAMClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_service_quotas import ServiceQuotasClient


@dataclass(frozen=True)
class Clients:
    """One client a service; `bedrock` and `quotas` take a region, because models live where they live."""

    cloudformation: "CloudFormationClient"
    functions: "LambdaClient"
    iam: "IAMClient"
    s3: "S3Client"
    bedrock: Callable[[str], "BedrockClient"]
    quotas: Callable[[str], "ServiceQuotasClient"]


def connect(session: "boto3.Session") -> Clients:
    """The clients of a session, in its region."""
    return Clients(
        cloudformation=session.client("cloudformation"),
        functions=session.client("lambda"),
        iam=session.client("iam"),
        s3=session.client("s3"),
        bedrock=lambda region: session.client("bedrock", region_name=region),
        quotas=lambda region: session.client("service-quotas", region_name=region),
    )


def who(session: "boto3.Session") -> Caller:
    """Whose credentials these are. Raises botocore's NoRegionError, NoCredentialsError, ClientError."""
    if not session.region_name:
        raise NoRegionError()
    identity = session.client("sts").get_caller_identity()
    arn = identity["Arn"]
    return Caller(arn.split(":")[1], identity["Account"], session.region_name, arn)
