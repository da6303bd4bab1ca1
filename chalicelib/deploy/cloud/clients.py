"""The clients a deployment needs, made once from one session."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError, NoRegionError

from chalicelib.aws.bedrock import paid_call_config
from chalicelib.deploy.errors import CannotDeploy
from chalicelib.deploy.stage import Caller

if TYPE_CHECKING:  # type information only; mypy_boto3_… are not there when this runs
    import boto3
    from botocore.client import BaseClient
    from mypy_boto3_bedrock import BedrockClient
    from mypy_boto3_bedrock_runtime import BedrockRuntimeClient
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_iam import IAMClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_service_quotas import ServiceQuotasClient
    from mypy_boto3_sts import STSClient
    from mypy_boto3_sts.type_defs import GetCallerIdentityResponseTypeDef


@dataclass(frozen=True)
class Clients:
    """One client a service; `bedrock`, `ask_models` and `quotas` take a region, because models live where they live.

    `sqs_address` is where the AWS CLI finds SQS under the same settings.
    """

    cloudformation: "CloudFormationClient"
    functions: "LambdaClient"
    iam: "IAMClient"
    s3: "S3Client"
    sns: "BaseClient"
    bedrock: Callable[[str], "BedrockClient"]
    ask_models: "Callable[[str, float], BedrockRuntimeClient]"
    quotas: Callable[[str], "ServiceQuotasClient"]
    sqs_address: str


def connect(session: "boto3.Session") -> Clients:
    """The clients of a session, in its region. Raises CannotDeploy for an endpoint's address that is none."""

    def ask_models(region: str, timeout: float) -> "BedrockRuntimeClient":
        return session.client("bedrock-runtime", region_name=region, config=paid_call_config(timeout))

    with _addresses():
        return Clients(
            cloudformation=session.client("cloudformation"),
            functions=session.client("lambda"),
            iam=session.client("iam"),
            s3=session.client("s3"),
            sns=session.client("sns"),
            bedrock=lambda region: session.client("bedrock", region_name=region),
            ask_models=ask_models,
            quotas=lambda region: session.client("service-quotas", region_name=region),
            sqs_address=session.client("sqs").meta.endpoint_url.rstrip("/"),
        )


def who(session: "boto3.Session") -> Caller:
    """Whose credentials these are. Raises botocore's NoRegionError, NoCredentialsError, ClientError; CannotDeploy."""
    if not session.region_name:
        raise NoRegionError()
    with _addresses():
        identity = _identity(session.client("sts"))
    return Caller(identity["Arn"].split(":")[1], identity["Account"], session.region_name)


def _identity(sts: "STSClient") -> "GetCallerIdentityResponseTypeDef":
    try:
        return sts.get_caller_identity()
    except KeyError as error:  # what answered is another service: botocore finds no identity in it (1.44, parsers.py)
        raise CannotDeploy(
            f"{sts.meta.endpoint_url} is no AWS account: it does not say whose it is.",
            "Run this in a shell without the exports of `python -m chalicelib local`; for what `local` holds, `send`, "
            "`list`, `watch`, `get`, `cancel`, `redrive` and `gallery` take --stage local.",
        ) from error


@contextmanager
def passing(*codes: str) -> Iterator[None]:
    """An answer of AWS with one of these codes ends what is inside, and nothing else; every other one goes on up."""
    try:
        yield
    except ClientError as error:
        if error.response["Error"]["Code"] not in codes:
            raise


@contextmanager
def _addresses() -> Iterator[None]:
    """botocore has no error of its own for AWS_ENDPOINT_URL without a scheme or host (1.44, endpoint.py)."""
    try:
        yield
    except ValueError as error:
        if "Invalid endpoint" not in str(error):
            raise
        raise CannotDeploy(
            f"AWS_ENDPOINT_URL is no address: {error}.", "Unset it, or give one as http://127.0.0.1:4566."
        ) from None
