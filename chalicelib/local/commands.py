"""The command line's `run` and `local`.

Imports what they need only when they are asked for: `--help` should not take a second.
"""

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from chalicelib.local.prompt_files import directory_for, files_of, samples
from chalicelib.prompts.cells import read_settings
from chalicelib.prompts.rows import RefusedRow, Row
from chalicelib.prompts.sources import read_prompts

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def register(commands: "Commands") -> None:
    """Add this group's commands; each sets `act`, a function from the options to the exit code."""
    run = commands.add_parser("run", help="run prompt files on this machine and copy what they give to a directory")
    run.add_argument(
        "prompts",
        nargs="*",
        metavar="PROMPT",
        help="prompts as text, files (.json .jsonl .csv .txt), directories, or - for a pipe (two built-in samples)",
    )
    run.add_argument("--set", action="append", default=[], metavar="FIELD=VALUE", help="set a field of every prompt")
    run.add_argument("--out", type=Path, default=Path("outbox"), metavar="DIR", help="where to copy to (./outbox)")
    run.add_argument("--verbose", action="store_true", help="show the handlers' log, with traces")
    run.set_defaults(act=_run)
    local = commands.add_parser("local", help="keep the local AWS up, for the AWS CLI, until Ctrl-C")
    local.add_argument("--port", type=_port, default=4566, help="of S3 and SQS; 0: any that is free (4566)")
    local.add_argument("--verbose", action="store_true", help="show the handlers' log, with traces")
    local.set_defaults(act=_local)


def _run(options: argparse.Namespace) -> int:
    given = read_settings(options.set)
    rows = read_prompts(options.prompts, sys.stdin.buffer.read, given)
    refused = tuple(row for row in rows if isinstance(row, RefusedRow))
    files = files_of([row for row in rows if isinstance(row, Row)]) if options.prompts else samples(given)
    directory = directory_for(options.out)
    from chalicelib.local.run import run

    return run(files, refused, directory, os.environ, verbose=options.verbose)


def _local(options: argparse.Namespace) -> int:
    from chalicelib.local.serve import serve

    return serve(options.port, os.environ, verbose=options.verbose)


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > 65_535:
        raise argparse.ArgumentTypeError(f"{text!r} came; a whole number from 0 to 65535 is allowed")
    return int(text)
