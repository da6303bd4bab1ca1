"""Whose buckets are meant by `--stage S`: a stage of .chalice/config.json, or `local` as its exports say.

What AWS answers instead becomes one sentence and the next thing to do.
"""

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.aws.queue import SqsQueue
from chalicelib.deploy.cloud.clients import who
from chalicelib.deploy.documents import read_config
from chalicelib.deploy.explain import explain
from chalicelib.deploy.resolve import resolve
from chalicelib.errors import CannotGoOn
from chalicelib.local.names import Names, local_environment
from chalicelib.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

LOCAL = "local"
AT_ONCE = 16  # requests to S3 under way
NEEDED = ("AWS_ENDPOINT_URL", "INBOX_BUCKET", "OUTBOX_BUCKET", "QUEUE_URL")


@dataclass(frozen=True)
class Where:
    """A stage's buckets; `models` is who draws and judges there, `bucket` the outbox that is looked at."""

    stage: str
    s3: "S3Client"
    settings: Settings
    models: str
    bucket: str

    @property
    def inbox(self) -> str:
        return self.settings.inbox_bucket

    def shown(self, key: str) -> str:
        return f"s3://{self.bucket}/{key}"


def where_of(stage: str, bucket: str | None, environment: Mapping[str, str], project: Path, session: Any) -> Where:
    """Raises CannotGoOn, CannotDeploy for a stage that config.json does not have. `session`: botocore's, or None."""
    with explained(stage):
        aws = boto3.Session(botocore_session=session)
        settings = _local(environment) if stage == LOCAL else resolve(read_config(project), stage, who(aws)).settings
        s3 = aws.client("s3", config=Config(max_pool_connections=AT_ONCE))
        models = "stand-in" if stage == LOCAL else "real models"
        return Where(stage, s3, settings, models, bucket or settings.outbox_bucket)


def queue_of(where: Where, session: Any) -> SqsQueue:
    """The stage's work queue. Raises CannotGoOn."""
    with explained(where.stage):
        return SqsQueue(boto3.Session(botocore_session=session).client("sqs"), where.settings.queue_name)


@contextlib.contextmanager
def explained(stage: str) -> Iterator[None]:
    """What botocore raises inside comes out as CannotGoOn."""
    try:
        yield
    except ClientError as error:
        if error.response["Error"]["Code"] == "NoSuchBucket":
            raise CannotGoOn(_no_bucket(stage, str(error.response["Error"].get("BucketName", "")))) from error
        raise CannotGoOn(explain(error).in_a_line) from error
    except BotoCoreError as error:
        raise CannotGoOn(explain(error).in_a_line) from error


def _no_bucket(stage: str, bucket: str) -> str:
    here = "`python -m chalicelib local` prints the exports of the one that is up"
    deployed = f"`python -m chalicelib up --stage {stage}` makes the stage's own, --bucket names another"
    return f"There is no bucket {bucket or 'of that name'}; {here if stage == LOCAL else deployed}."


def _local(environment: Mapping[str, str]) -> Settings:
    if missing := [name for name in NEEDED if not environment.get(name)]:
        raise CannotGoOn(f"{missing[0]} is not set; paste the export lines that `python -m chalicelib local` prints")
    names = Names.from_environment({**environment, "QUEUE_NAME": environment["QUEUE_URL"].rpartition("/")[2]})
    return Settings.from_environment(local_environment(environment, names, environment["AWS_ENDPOINT_URL"], {}))
