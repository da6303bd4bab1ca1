"""The command line's `run`, `local` and `calibrate`.

Each imports what it needs only when it is called: `--help` should not take a second.
"""

import math
import os
from pathlib import Path
from typing import Any

import click

from chalicelib.stage.options import examples, json_option, out_option


def _finite(ctx: click.Context, parameter: click.Parameter, usd: float | None) -> float | None:
    if not math.isfinite(usd or 0):
        raise click.BadParameter("a number of dollars is needed")
    return usd


verbose_option = click.option("-v", "--verbose", is_flag=True, help="Show the handlers' log, with traces.")
yes_option = click.option("-y", "--yes", is_flag=True, help="Do not ask whether to pay what it may cost.")
max_usd_option = click.option(
    "--max-usd",
    type=click.FloatRange(0, min_open=True),
    callback=_finite,
    metavar="USD",
    help="The most that all of it may cost.",
)


@click.command(
    epilog=examples(
        'run "a red fox in fresh snow"',
        "run prompts.csv --set max_retry_attempts=3 -o foxes",
        "run prompts.txt --bedrock --max-usd 5",
    )
)
@click.argument("prompts", nargs=-1, metavar="[PROMPT]...")
@click.option(
    "--set", "settings", multiple=True, metavar="FIELD=VALUE", help="Set a field of every prompt; may be repeated."
)
@out_option
@click.option("--bedrock", is_flag=True, help="Real models of your AWS account, paid; asks first.")
@max_usd_option
@yes_option
@click.option("--again", is_flag=True, help="Do again what is accepted in DIR already.")
@json_option
@click.option("-q", "--quiet", is_flag=True, help="Only what was not accepted, and the summary.")
@verbose_option
def run(**options: Any) -> int:
    """Make pictures from prompts, on this machine.

    PROMPT is a text, a file (.json .jsonl .csv .txt), a directory of such files (not of those below it), or - for a
    pipe. Without one, two built-in samples are run. What is accepted in DIR from an earlier run is not done again.

    Exit code 0: all accepted; 1: some failed or were cancelled; 3: some refused; 2: wrong usage; 130: left by Ctrl-C.
    """
    if options["as_json"] and options["quiet"]:
        raise click.UsageError("--json and -q exclude each other")
    from chalicelib.local.start import Options, start

    return start(Options(**options), os.environ)


@click.command(epilog=examples("local --port 0"))
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    default=4566,
    show_default=True,
    metavar="PORT",
    help="The port of S3 and SQS; 0 takes any that is free.",
)
@verbose_option
def local(port: int, verbose: bool) -> int:
    """Keep a local AWS up for the AWS CLI, until Ctrl-C.

    Prints the exports that another shell needs for `aws`, and for `send`, `list`, `watch` … with --stage local.
    """
    from chalicelib.local.serve import serve

    return serve(port, os.environ, verbose=verbose)


@click.command(epilog=examples("calibrate outbox/labels.csv", "calibrate labels.csv --outbox outbox"))
@click.argument("labels", type=click.Path(path_type=Path), metavar="LABELS.csv")
@click.option(
    "--outbox", type=click.Path(path_type=Path), metavar="DIR", help="Where the jobs lie.  [default: beside LABELS.csv]"
)
@click.option(
    "--panel", default="", metavar="A,B", help="Whose looks count, in their order.  [default: whoever was asked]"
)
@click.option("--bedrock", is_flag=True, help="Have missing looks taken by real models, of your AWS account.")
@max_usd_option
@yes_option
def calibrate(labels: Path, outbox: Path | None, panel: str, bedrock: bool, max_usd: float | None, yes: bool) -> int:
    """Say which acceptance mode your labels would choose.

    LABELS.csv has the columns key (a picture in the outbox; or picture and prompt) and good (yes or no). The looks that
    are recorded there are judged again by every mode and threshold; without --bedrock no model is asked. What comes of
    it is printed, and saved as calibration.json beside the labels.
    """
    from chalicelib.calibration.calibrate import Calibration

    calibration = Calibration(labels, outbox or labels.parent, tuple(filter(None, panel.split(","))), click.echo)
    if not bedrock:
        return calibration()
    from chalicelib.local.calibrating import Asker

    return calibration(Asker(os.environ, yes, max_usd))
