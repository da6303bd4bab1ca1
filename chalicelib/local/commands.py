"""The command line's `run` and `local`.

Imports what they need only when they are asked for: `--help` should not take a second.
"""

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

from chalicelib.local.prompt_files import directory_for, read_files, samples

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def register(commands: "Commands") -> None:
    """Add this group's commands; each sets `act`, a function from the options to the exit code."""
    run = commands.add_parser("run", help="run prompt files on this machine and copy what they give to a directory")
    run.add_argument("files", nargs="*", type=Path, metavar="FILE", help="prompt files (two built-in samples)")
    run.add_argument("--out", type=Path, default=Path("outbox"), metavar="DIR", help="where to copy to (./outbox)")
    run.add_argument("--verbose", action="store_true", help="show the handlers' log, with traces")
    run.set_defaults(act=_run)
    local = commands.add_parser("local", help="keep the local AWS up, for the AWS CLI, until Ctrl-C")
    local.add_argument("--port", type=_port, default=4566, help="of S3 and SQS; 0: any that is free (4566)")
    local.add_argument("--verbose", action="store_true", help="show the handlers' log, with traces")
    local.set_defaults(act=_local)


def _run(options: argparse.Namespace) -> int:
    files = read_files(options.files) if options.files else samples()
    directory = directory_for(options.out)
    from chalicelib.local.run import run

    return run(files, directory, os.environ, verbose=options.verbose)


def _local(options: argparse.Namespace) -> int:
    from chalicelib.local.serve import serve

    return serve(options.port, os.environ, verbose=options.verbose)


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > 65_535:
        raise argparse.ArgumentTypeError(f"{text!r} came; a whole number from 0 to 65535 is allowed")
    return int(text)
