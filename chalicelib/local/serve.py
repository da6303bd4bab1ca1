"""`local`: the local AWS, kept up for the plain AWS CLI until Ctrl-C, with a line for whatever happens to a job."""

import shlex
from collections.abc import Mapping, MutableMapping

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
    aws = LocalAws(environment, models, lines, verbose=verbose, port=port)
    with aws, interrupts(aws.interrupt):
        lines.say(models.opening, "dim")
        for line in (*_exports(aws, environment), "", *_examples(aws), "", "Ctrl-C ends it, and all that is in it."):
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


def _exports(aws: LocalAws, environment: Mapping[str, str]) -> list[str]:
    names, engine = aws.engine.names, aws.engine
    variables = {
        "AWS_ENDPOINT_URL": engine.url,
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_DEFAULT_REGION": names.region,
        **aws.reached,
        "INBOX_BUCKET": names.inbox,
        "OUTBOX_BUCKET": names.outbox,
        "QUEUE_URL": engine.queue_url(names.queue),
        "DEAD_LETTER_QUEUE_URL": engine.queue_url(names.dead_letter_queue),
    }
    if any(name.lower().endswith("_proxy") for name in aws.users):
        variables |= {name: environment[name] for name in ("NO_PROXY", "no_proxy")}
    exports = [f"export {name}={shlex.quote(value)}" for name, value in variables.items()]
    return ["unset AWS_PROFILE", *exports] if "AWS_PROFILE" in aws.users else exports


def _examples(aws: LocalAws) -> list[str]:
    names, url = aws.engine.names, aws.engine.url
    # The AWS CLI's first version asks SQS at an endpoint of its own unless it is told otherwise (tried with 1.45).
    send = f"aws --endpoint-url {url} sqs send-message --queue-url {aws.engine.queue_url(names.queue)}"
    return [
        f"aws s3 cp prompt.json s3://{names.inbox}/{PREFIX}",
        f"{send} --message-body file://prompt.json",
        f"aws s3 ls --recursive s3://{names.outbox}/",
    ]
