"""`local`: the local AWS, kept up for the plain AWS CLI until Ctrl-C, with a line for whatever happens to a job."""

from collections.abc import MutableMapping

from chalicelib.follow.interrupts import interrupts
from chalicelib.follow.job_events import JobEnded, JobEvent
from chalicelib.follow.output import console
from chalicelib.follow.reporting import Lines
from chalicelib.local.cloud import LocalAws
from chalicelib.local.models import StandInModels
from chalicelib.local.names import PREFIX


def serve(port: int, environment: MutableMapping[str, str], *, verbose: bool) -> int:
    """Run until Ctrl-C or SIGTERM; the exit code. Raises PortTaken, SettingsError."""
    models = StandInModels()
    lines = Lines(console(), str, models.name)
    has_profile = "AWS_PROFILE" in environment
    aws = LocalAws(environment, models, lines, verbose=verbose, port=port)
    with aws, interrupts(aws.interrupt):
        lines.say(models.opening, "dim")
        if has_profile:
            lines.say("unset AWS_PROFILE")
        for line in (*_exports(aws), "", *_examples(aws), "", "Ctrl-C ends it, and all that is in it."):
            lines.say(line)
        for event in aws.events():
            lines.event(event, _to_look_at(event))
        lines.say("stopping, once what is under way has ended")
    lines.say("stopped")
    return 0


def _to_look_at(event: JobEvent) -> str:
    place = getattr(event, "place", None)
    key = event.result.to_look_at if isinstance(event, JobEnded) else None
    return f"s3://{place.bucket}/{key or place.key}" if place else ""


def _exports(aws: LocalAws) -> list[str]:
    names, engine = aws.engine.names, aws.engine
    variables = {
        "AWS_ENDPOINT_URL": engine.url,
        "AWS_ACCESS_KEY_ID": "local",  # a dummy, as the other one
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_DEFAULT_REGION": names.region,
        **aws.reached,
        "INBOX_BUCKET": names.inbox,
        "OUTBOX_BUCKET": names.outbox,
        "QUEUE_URL": engine.queue_url(names.queue),
        "DEAD_LETTER_QUEUE_URL": engine.queue_url(names.dead_letter_queue),
    }
    return [f"export {name}={value}" for name, value in variables.items()]


def _examples(aws: LocalAws) -> list[str]:
    names, url = aws.engine.names, aws.engine.url
    # The AWS CLI's first version asks SQS at an endpoint of its own unless it is told otherwise (tried with 1.45).
    send = f"aws --endpoint-url {url} sqs send-message --queue-url {aws.engine.queue_url(names.queue)}"
    return [
        f"aws s3 cp prompt.json s3://{names.inbox}/{PREFIX}",
        f"{send} --message-body file://prompt.json",
        f"aws s3 ls --recursive s3://{names.outbox}/",
    ]
