"""`redrive JOB`: a dead letter is sent again as a new job, which goes on where the old one died.

The old job keeps its FAIL; two jobs under one name would meet at the old records. Must not touch the letter.
"""

import argparse
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chalicelib.deploy.cloud.clients import who
from chalicelib.deploy.documents import read_config
from chalicelib.deploy.stage import resolve
from chalicelib.errors import RetakeError
from chalicelib.ports import WireMessage
from chalicelib.request import DEFAULT_PREFIX
from chalicelib.sqs_rules import check_sendable

if TYPE_CHECKING:
    import boto3
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

LOCAL = "local"
NAME_ROOM = 100  # characters of the old name that are kept; a job's name has 128


class CannotRedrive(RetakeError):
    """Nothing was sent; the message says why and what to do."""


@dataclass(frozen=True)
class Route:
    """Where the letters lie and where they are sent."""

    s3: "S3Client"
    sqs: "SQSClient"
    bucket: str
    queue_url: str


def redrive(route: Route, prefix: str, job: str, nonce: str) -> list[str]:
    """Send every letter of the job; the new jobs' names. Raises CannotRedrive."""
    folder = f"{prefix}/dead-letters/{job}-"
    listing = route.s3.list_objects_v2(Bucket=route.bucket, Prefix=folder)
    keys = [entry["Key"] for entry in listing.get("Contents", ())]
    if not keys:
        raise CannotRedrive(
            f"no letter s3://{route.bucket}/{folder}*; "
            f"aws s3 ls s3://{route.bucket}/{prefix}/dead-letters/ lists what is there"
        )
    return [_send(route, key, job, f"{nonce}{number}") for number, key in enumerate(keys)]


def _send(route: Route, key: str, job: str, nonce: str) -> str:
    letter = json.loads(route.s3.get_object(Bucket=route.bucket, Key=key)["Body"].read())
    name = f"{job[:NAME_ROOM]}.again-{nonce}"
    attributes = _under_a_new_name(letter["attributes"], name)
    check_sendable(
        WireMessage(letter["body"], {key: (it["DataType"], it["StringValue"]) for key, it in attributes.items()})
    )
    route.sqs.send_message(QueueUrl=route.queue_url, MessageBody=letter["body"], MessageAttributes=attributes)
    return name


def _under_a_new_name(attributes: Mapping[str, Any], name: str) -> dict[str, Any]:
    kept = {key: value for key, value in attributes.items() if key != "deferrals"}
    return {**kept, "job": {"DataType": "String", "StringValue": name}}


def register(commands: "Commands") -> None:
    """Add `redrive` to the command line."""
    parser = commands.add_parser("redrive", help="send a dead letter again, as a new job")
    parser.add_argument("job", metavar="JOB", help="the job that ended in the dead-letter queue")
    parser.add_argument(
        "--stage", required=True, help=f"a stage of .chalice/config.json, or {LOCAL}: as `local` exports"
    )
    parser.add_argument("--prefix", default=DEFAULT_PREFIX, help=f"the job's output prefix ({DEFAULT_PREFIX})")
    parser.add_argument("--bucket", help="the job's output bucket (the stage's outbox)")
    parser.set_defaults(act=_act)


def _act(options: argparse.Namespace) -> int:
    import secrets

    route = _route(options.stage, options.bucket, os.environ)
    for name in redrive(route, options.prefix, options.job, secrets.token_hex(4)):
        print(f"sent again as {name}; its results: s3://{route.bucket}/{options.prefix}/{name}/")
    return 0


def _route(stage: str, bucket: str | None, environment: Mapping[str, str]) -> Route:
    import boto3

    session = boto3.Session()
    outbox, queue = _local_names(environment) if stage == LOCAL else _stage_names(session, stage)
    sqs = session.client("sqs")
    url = queue if queue.startswith("http") else sqs.get_queue_url(QueueName=queue)["QueueUrl"]
    return Route(session.client("s3"), sqs, bucket or outbox, url)


def _local_names(environment: Mapping[str, str]) -> tuple[str, str]:
    try:
        return environment["OUTBOX_BUCKET"], environment["QUEUE_URL"]
    except KeyError as missing:
        raise CannotRedrive(
            f"{missing.args[0]} is not set; paste the export lines that `python -m chalicelib local` prints"
        ) from None


def _stage_names(session: "boto3.Session", stage: str) -> tuple[str, str]:
    settings = resolve(read_config(Path.cwd()), stage, who(session)).settings
    return settings.outbox_bucket, settings.queue_name
