"""`redrive JOB`: a dead letter is sent again as a new job, which goes on where the old one died.

The old job keeps its FAIL; two jobs under one name would meet at the old records. Must not touch the dead letter.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.deploy.cloud.clients import who
from chalicelib.deploy.documents import read_config
from chalicelib.deploy.errors import CannotDeploy
from chalicelib.deploy.explain import explain
from chalicelib.deploy.resolve import resolve
from chalicelib.errors import Unsendable
from chalicelib.events.sqs_rules import check_sendable
from chalicelib.ports import WireMessage

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient

LOCAL = "local"
NAME_ROOM = 100  # characters of the old name that are kept; a job's name has 128
MEND = "Nothing was sent; correct that dead letter, or move it away, and run this again."


@dataclass(frozen=True)
class Route:
    """Where the dead letters lie and where they are sent."""

    s3: "S3Client"
    sqs: "SQSClient"
    bucket: str
    queue_url: str


@dataclass(frozen=True)
class DeadLetter:
    """A message of the old job, ready to be sent as the new one; `key` is where it is kept."""

    key: str
    name: str
    body: str
    attributes: Mapping[str, Any]


def redrive(
    route: Route, prefix: str, job: str, nonce: str, sent: Callable[[str], None] = lambda name: None
) -> list[str]:
    """Send every dead letter of the job; the new jobs' names, each told to `sent` at once. Raises CannotDeploy.

    All are read before the first is sent: a dead letter that cannot be sent again then stops nothing half-way.
    """
    dead_letters = _dead_letters(route, prefix, job, nonce)
    names: list[str] = []
    for dead_letter in dead_letters:
        _send(route, dead_letter, names)
        names.append(dead_letter.name)
        sent(dead_letter.name)
    return names


def _dead_letters(route: Route, prefix: str, job: str, nonce: str) -> list[DeadLetter]:
    where = f"s3://{route.bucket}/{prefix}/dead-letters/"
    try:
        keys = _keys(route, f"{prefix}/dead-letters/", job)
        if not keys:
            raise CannotDeploy(
                f"There is no dead letter {where}{job}-RRR-AAA.json.",
                f"`aws s3 ls {where}` lists what is there; --prefix and --bucket name another place.",
            )
        return [_read(route, key, f"{job[:NAME_ROOM]}.again-{nonce}{number}") for number, key in enumerate(keys)]
    except (BotoCoreError, ClientError) as error:
        raise _cannot(f"The dead letters {where}{job}-*", error, []) from error


def _keys(route: Route, folder: str, job: str) -> list[str]:
    """The job's own dead letters: what S3 lists by prefix are also those of `<job>-2` and `<job>-000`."""
    own = re.compile(re.escape(f"{folder}{job}") + r"-[0-9]{3,}-[0-9]{3,}\.json")
    pages = route.s3.get_paginator("list_objects_v2").paginate(Bucket=route.bucket, Prefix=f"{folder}{job}-")
    return [entry["Key"] for page in pages for entry in page.get("Contents", ()) if own.fullmatch(entry["Key"])]


def _read(route: Route, key: str, name: str) -> DeadLetter:
    kept = route.s3.get_object(Bucket=route.bucket, Key=key)["Body"].read()
    try:
        dead_letter = json.loads(kept)
        body, attributes = dead_letter["body"], _under_a_new_name(dead_letter["attributes"], name)
        check_sendable(
            WireMessage(body, {each: (it["DataType"], it["StringValue"]) for each, it in attributes.items()})
        )
    except Unsendable as error:
        raise CannotDeploy(f"The dead letter s3://{route.bucket}/{key}: {error}.", MEND) from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        form = '{"body": "…", "attributes": {"NAME": {"DataType": "…", "StringValue": "…"}}}'
        raise CannotDeploy(f"The dead letter s3://{route.bucket}/{key} is not of the form {form}.", MEND) from None
    return DeadLetter(key, name, body, attributes)


def _under_a_new_name(attributes: Mapping[str, Any], name: str) -> dict[str, Any]:
    kept = {key: value for key, value in attributes.items() if key != "deferrals"}
    return {**kept, "job": {"DataType": "String", "StringValue": name}}


def _send(route: Route, dead_letter: DeadLetter, before: Sequence[str]) -> None:
    try:
        route.sqs.send_message(
            QueueUrl=route.queue_url, MessageBody=dead_letter.body, MessageAttributes=dict(dead_letter.attributes)
        )
    except (BotoCoreError, ClientError) as error:
        raise _cannot(f"The dead letter s3://{route.bucket}/{dead_letter.key}", error, before) from error


def _cannot(what: str, error: Exception, before: Sequence[str]) -> CannotDeploy:
    explained = explain(error)
    then = explained.then.partition(":")[0]  # what follows the colon promises that `up` takes up where it left off
    if before:
        sent = f"Sent before it: {', '.join(before)}; run again, this sends them once more, under other names"
    else:
        sent = "Nothing was sent"
    return CannotDeploy(f"{what}: {explained.says}", f"{sent}. {then.rstrip('.')}.")


def route_of(stage: str, bucket: str | None, environment: Mapping[str, str]) -> Route:
    """The stage's, or that of `local` as its exports say. Raises CannotDeploy."""
    import boto3

    try:
        session = boto3.Session()
        outbox, queue = _local_names(environment) if stage == LOCAL else _stage_names(session, stage)
        sqs = session.client("sqs")
        url = queue if queue.startswith("http") else sqs.get_queue_url(QueueName=queue)["QueueUrl"]
        return Route(session.client("s3"), sqs, bucket or outbox, url)
    except (BotoCoreError, ClientError) as error:
        raise _cannot(f"--stage {stage}", error, []) from error


def _local_names(environment: Mapping[str, str]) -> tuple[str, str]:
    try:
        return environment["OUTBOX_BUCKET"], environment["QUEUE_URL"]
    except KeyError as missing:
        raise CannotDeploy(
            f"{missing.args[0]} is not set.", "Paste the export lines that `python -m chalicelib local` prints."
        ) from None


def _stage_names(session: boto3.Session, stage: str) -> tuple[str, str]:
    settings = resolve(read_config(Path.cwd()), stage, who(session)).settings
    return settings.outbox_bucket, settings.queue_name
