"""The command line's `run` and `local`.

Each imports what it needs only when it is called: `--help` should not take a second.
"""

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from chalicelib.local.reporting import Reporter

verbose_option = click.option("-v", "--verbose", is_flag=True, help="Show the handlers' log, with traces.")


@click.command(
    epilog="""\b
Examples:
  python -m chalicelib run "a red fox in fresh snow"
  python -m chalicelib run prompts.csv --set max_retry_attempts=3 -o foxes"""
)
@click.argument("prompts", nargs=-1, metavar="[PROMPT]...")
@click.option("--set", "settings", multiple=True, metavar="FIELD=VALUE", help="Set a field of every prompt.")
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path),
    default=Path("outbox"),
    show_default=True,
    metavar="DIR",
    help="Where to copy to.",
)
@click.option("--again", is_flag=True, help="Redo what is accepted in DIR already.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.option("-q", "--quiet", is_flag=True, help="Only what was not accepted, and the summary.")
@verbose_option
def run(
    prompts: tuple[str, ...],
    settings: tuple[str, ...],
    out: Path,
    again: bool,
    as_json: bool,
    quiet: bool,
    verbose: bool,
) -> int:
    """Run prompts on this machine and copy what they give.

    PROMPT is a text, a file (.json .jsonl .csv .txt), a directory of such files, or - for a pipe. Without one, two
    built-in samples are run. What is accepted in DIR from an earlier run is not done again.

    Exit code 0: all accepted; 1: some failed; 3: some refused; 2: wrong usage.
    """
    if as_json and quiet:
        raise click.UsageError("--json and -q exclude each other")
    from chalicelib.local.copies import directory_for
    from chalicelib.local.run import STAND_IN, Order, Run
    from chalicelib.prompts.cells import read_settings
    from chalicelib.prompts.files import files_of, samples
    from chalicelib.prompts.rows import RefusedRow, Row
    from chalicelib.prompts.sources import read_prompts

    given = read_settings(settings)
    rows = read_prompts(prompts, sys.stdin.buffer.read, given)
    refused = tuple(row for row in rows if isinstance(row, RefusedRow))
    files = files_of([row for row in rows if isinstance(row, Row)]) if prompts else samples(given)
    order = Order(files, refused, directory_for(out), again, verbose)
    reporter = _reporter(STAND_IN, "json" if as_json else "quiet" if quiet else "lines", verbose=verbose)
    return Run(order, reporter, time.monotonic).to_its_end(os.environ)


def _reporter(models: str, kind: str, *, verbose: bool) -> "Reporter":
    from rich.console import Console

    from chalicelib.local.reporting import JsonLines, Lines, Quiet
    from chalicelib.local.terminal import Terminal
    from chalicelib.prompts.files import label_of

    console = Console(highlight=False, file=sys.stdout)
    if kind == "json":
        return JsonLines(console, models)
    if kind == "quiet":
        return Quiet(console, label_of, models)
    if console.is_terminal:
        return Terminal(console, label_of, models, time.monotonic, each_attempt=verbose)
    return Lines(console, label_of, models)


@click.command(
    epilog="""\b
Example:
  python -m chalicelib local --port 0"""
)
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    default=4566,
    show_default=True,
    metavar="PORT",
    help="Of S3 and SQS; 0: any that is free.",
)
@verbose_option
def local(port: int, verbose: bool) -> int:
    """Keep the local AWS up for the AWS CLI, until Ctrl-C."""
    from chalicelib.local.serve import serve

    return serve(port, os.environ, verbose=verbose)
