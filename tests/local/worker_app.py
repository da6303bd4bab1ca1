"""The application of the worker processes in the tests: leaves an object for each invocation begun and each ended.

Environment: SLOW_SECONDS, how long a handler takes; INBOX_BUCKET, OUTBOX_BUCKET, QUEUE_NAME, DEAD_LETTER_QUEUE_NAME.
"""

import json
import os
import time
import uuid
from typing import Any

import boto3
from chalice import Chalice

from chalicelib.local.names import Names

names = Names.from_environment(os.environ)
app = Chalice("worker-app", configure_logs=False)
s3 = boto3.client("s3")


def _leave(what: str, event: Any) -> None:
    key = f"{what}/{os.getpid()}/{uuid.uuid4()}"
    s3.put_object(Bucket=names.outbox, Key=key, Body=json.dumps(event.to_dict()).encode())


def _work(event: Any) -> None:
    _leave("begun", event)
    time.sleep(float(os.environ.get("SLOW_SECONDS", "0")))
    _leave("ended", event)


@app.on_s3_event(names.inbox, prefix="inbox/")
def on_prompt(event: Any) -> None:
    _work(event)


@app.on_sqs_message(names.queue, batch_size=1)
def on_attempt(event: Any) -> None:
    _work(event)


@app.on_sqs_message(names.dead_letter_queue, batch_size=1)
def on_dead_letter(event: Any) -> None:
    _leave("dead", event)
