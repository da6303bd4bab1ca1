"""The command line: `python -m chalicelib COMMAND`. Each group of commands registers itself."""

import argparse
import io
import sys
from collections.abc import Sequence

from chalicelib.deploy import commands as deploy_commands
from chalicelib.deploy import redrive
from chalicelib.errors import RetakeError
from chalicelib.local import commands as local_commands

GROUPS = (local_commands.register, deploy_commands.register, redrive.register)
USAGE, INTERRUPTED = 2, 130


def main(arguments: Sequence[str]) -> int:
    """Do what the command says; the exit code. 2 is a usage error, and a setting that is wrong."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # prompts come in scripts that not every terminal can write
    parser = argparse.ArgumentParser(prog="python -m chalicelib", description="Prompts in, checked images out.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for register in GROUPS:
        register(commands)
    options = parser.parse_args(arguments)
    try:
        code: int = options.act(options)
    except RetakeError as error:
        print(error, file=sys.stderr)
        return USAGE
    except KeyboardInterrupt:
        return INTERRUPTED
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
