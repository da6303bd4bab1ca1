"""The command line's `send`, `list`, `watch`, `get`, `cancel`, `redrive` and `gallery`.

Each imports what it needs only when it is called: `--help` should not take a second.
"""

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from chalicelib.stage.options import examples, json_option, out_option, stage_option, where_options

if TYPE_CHECKING:
    from chalicelib.stage.where import Where


@click.command(epilog=examples("send prompts.csv --stage dev", 'send "a red fox in fresh snow" --stage dev --estimate'))
@click.argument("prompts", nargs=-1, required=True, metavar="PROMPT...")
@click.option(
    "--set", "settings", multiple=True, metavar="FIELD=VALUE", help="Set a field of every prompt; may be repeated."
)
@click.option("--estimate", is_flag=True, help="Say what they can cost; send nothing.")
@click.option("--no-wait", is_flag=True, help="Print only the beginnings of the names, at once.")
@stage_option
def send(prompts: tuple[str, ...], settings: tuple[str, ...], estimate: bool, no_wait: bool, stage: str) -> int:
    """Put prompts into a stage's inbox, print the jobs' names.

    PROMPT is a text, a file (.json .jsonl .csv .txt), a directory of such files (not of those below it), or - for a
    pipe; each row becomes inbox/NAME.json, named by file and row.

    S3 alone knows the end of a job's name before the job begins, so the outbox is asked for it, for some twenty
    seconds. A name that ends in - is the beginning of one that has not begun by then; `watch` and `get` take it, too.

    Exit code 0: all sent; 3: some refused; 2: wrong usage.
    """
    from chalicelib.prompts.cells import read_settings
    from chalicelib.prompts.sources import read_prompts
    from chalicelib.stage.sending import Voices, send_rows, tell_costs

    rows = read_prompts(prompts, sys.stdin.buffer.read, read_settings(settings))
    where, voices = _where(stage, None), Voices(_echo, lambda text: click.echo(text, err=True))
    if estimate:
        return tell_costs(rows, where.settings, voices)
    return send_rows(rows, where, None if no_wait else time.sleep, voices)


@click.command("list", epilog=examples("list --stage dev --limit 20"))
@where_options
@click.option(
    "--limit",
    type=click.IntRange(1, 100),
    default=20,
    show_default=True,
    metavar="N",
    help="The newest N, at most 100.",
)
@json_option
def list_jobs(stage: str, prefix: str | None, bucket: str | None, limit: int, as_json: bool) -> int:
    """List a stage's newest jobs: how they ended, cost, image."""
    from chalicelib.follow.output import console
    from chalicelib.stage.lines import newest, show

    where = _where(stage, bucket)
    if not (lines := newest(where, prefix, limit)):
        click.echo(f"no job in s3://{where.bucket}/{prefix or ''}; `send` makes some", err=True)
    show(lines, console(), as_json=as_json)
    return 0


@click.command(epilog=examples("watch lake-20261128T081500Z-1f2e3d4c --stage dev"))
@click.argument("jobs", nargs=-1, metavar="[JOB]...")
@where_options
@json_option
@click.option("-q", "--quiet", is_flag=True, help="Only what was not accepted, and the summary.")
@click.option("-v", "--verbose", is_flag=True, help="Show each attempt on a terminal, too.")
def watch(jobs: tuple[str, ...], stage: str, prefix: str | None, bucket: str | None, **wishes: bool) -> int:
    """Follow jobs of a stage, as `run` shows its own.

    JOB is a job's name, the beginning of one, or the MessageId of an injected message; what has not begun is waited
    for. Without one, all that is under way or begins is followed until Ctrl-C.

    Exit code 0: all accepted; 1: some failed or were cancelled; 3: some refused; 2: wrong usage; 130: left by Ctrl-C.
    """
    if wishes["as_json"] and wishes["quiet"]:
        raise click.UsageError("--json and -q exclude each other")
    from chalicelib.stage.terminal import watching

    return watching(_where(stage, bucket), jobs, prefix, **wishes)


@click.command(epilog=examples("get lake-20261128T081500Z-1f2e3d4c --stage dev"))
@click.argument("jobs", nargs=-1, required=True, metavar="JOB...")
@where_options
@out_option
def get(jobs: tuple[str, ...], stage: str, prefix: str | None, bucket: str | None, out: Path) -> int:
    """Copy jobs' folders to this machine.

    JOB is a job's name, a beginning that no other has, or the MessageId of an injected message. Its folder is copied
    to DIR/PREFIX/JOB.
    """
    from chalicelib.stage.fetch import fetch

    where = _where(stage, bucket)
    for job in jobs:
        fetch(where, prefix, job, out, click.echo)
    return 0


@click.command(
    epilog=examples("cancel lake-20261128T081500Z-1f2e3d4c --stage dev", "cancel $(cat jobs) --not-begun --stage dev")
)
@click.argument("jobs", nargs=-1, required=True, metavar="JOB...")
@where_options
@click.option("--not-begun", is_flag=True, help="Also what has not begun, by its whole name.")
@json_option
def cancel(
    jobs: tuple[str, ...], stage: str, prefix: str | None, bucket: str | None, not_begun: bool, as_json: bool
) -> int:
    """End jobs with their best images.

    JOB is a job's name, a beginning that no other has, or the MessageId of an injected message.

    An attempt that is under way is finished and paid, nothing after it is. Its end is waited for; Ctrl-C leaves the
    rest to the stage. An image that is accepted by then wins. It needs the outbox and nothing else.

    What has not begun is left alone, or with --not-begun marked there, so that it ends unpaid when its message comes.

    Exit code 0: all have ended, and how is told; 2: some could not be, or wrong usage; 130: left by Ctrl-C.
    """
    from chalicelib.stage.terminal import ending

    return ending(_where(stage, bucket), prefix, jobs, ahead=not_begun, as_json=as_json)


@click.command(epilog=examples("redrive lake-20261128T081500Z-1f2e3d4c --stage dev"))
@click.argument("job", metavar="JOB")
@where_options
def redrive(job: str, stage: str, prefix: str | None, bucket: str | None) -> int:
    """Send a dead letter again, as a new job.

    JOB is the job that ended in the dead-letter queue: its name, or a beginning that no other has.
    """
    import secrets

    from chalicelib.stage.redrive import redrive
    from chalicelib.stage.where import queue_of

    def sent(name: str, folder: str) -> None:
        _echo(f"sent again as {name}; its results: {folder}")

    where = _where(stage, bucket)
    redrive(where, queue_of(where, click.get_current_context().obj), prefix, job, secrets.token_hex(4), sent)
    return 0


@click.command(epilog=examples("gallery --stage dev --since 7d"))
@where_options
@click.option("--since", metavar="AGE", help="Only what ended since then, as in 12h, 7d or 4w.")
@out_option
def gallery(stage: str, prefix: str | None, bucket: str | None, since: str | None, out: Path) -> int:
    """Make one page of a stage's jobs, gallery.html.

    It is written to DIR anew, with each job's own page in its folder beside it.
    """
    from datetime import UTC, datetime

    from chalicelib.stage.gallery import gallery, since_of

    age = since_of(since)
    gallery(_where(stage, bucket), prefix, datetime.now(UTC) - age if age else None, out, click.echo)
    return 0


def _echo(text: str) -> None:
    """What was sent, and may be paid, is told even where standard output takes nothing more."""
    try:
        click.echo(text)
    except OSError:
        click.echo(text, err=True)


def _where(stage: str, bucket: str | None) -> "Where":
    from chalicelib.stage.where import where_of

    return where_of(stage, bucket, os.environ, Path.cwd(), click.get_current_context().obj)
