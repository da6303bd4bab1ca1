"""The command line's `run` and `local`.

Each imports what it needs only when it is called: `--help` should not take a second.
"""

import os
import sys
from pathlib import Path

import click

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
@verbose_option
def run(prompts: tuple[str, ...], settings: tuple[str, ...], out: Path, verbose: bool) -> int:
    """Run prompts on this machine and copy what they give.

    PROMPT is a text, a file (.json .jsonl .csv .txt), a directory of such files, or - for a pipe. Without one, two
    built-in samples are run.
    """
    from chalicelib.local.prompt_files import directory_for, files_of, samples
    from chalicelib.local.run import run
    from chalicelib.prompts.cells import read_settings
    from chalicelib.prompts.rows import RefusedRow, Row
    from chalicelib.prompts.sources import read_prompts

    given = read_settings(settings)
    rows = read_prompts(prompts, sys.stdin.buffer.read, given)
    refused = tuple(row for row in rows if isinstance(row, RefusedRow))
    files = files_of([row for row in rows if isinstance(row, Row)]) if prompts else samples(given)
    return run(files, refused, directory_for(out), os.environ, verbose=verbose)


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
