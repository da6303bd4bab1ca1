"""Retake on AWS: the stage's settings and the three handlers, nothing else. chalicelib/handlers.py is what they do."""

import gc
import os

from chalice.app import Chalice, S3Event, SQSEvent

from chalicelib import handlers
from chalicelib.job.request_fields import INBOX_PREFIX
from chalicelib.settings import Settings
from chalicelib.wiring import deadline, services

app = Chalice(app_name="retake")
settings = Settings.from_environment(os.environ)


@app.on_s3_event(bucket=settings.inbox_bucket, events=["s3:ObjectCreated:*"], prefix=INBOX_PREFIX)
def on_prompt(event: S3Event) -> None:
    """A file of one prompt or many was uploaded: make the first attempt, and send for those of the others."""
    handlers.on_prompt(services(settings), event.to_dict(), deadline(event.context))


@app.on_sqs_message(queue=settings.queue_name, batch_size=1, maximum_concurrency=10)
def on_attempt(event: SQSEvent) -> None:
    """A message asks for the next attempt, or was injected: make it."""
    handlers.on_attempt(services(settings), event.to_dict(), deadline(event.context))


@app.on_sqs_message(queue=settings.dead_letter_queue_name, batch_size=1)
def on_dead_letter(event: SQSEvent) -> None:
    """A message or an S3 event could not be processed: end its job with a FAIL that says so."""
    handlers.on_dead_letter(services(settings), event.to_dict(), deadline(event.context))


# What is loaded by now stays as long as the sandbox; searching it for garbage again costs a fifth of a cold start.
gc.freeze()
