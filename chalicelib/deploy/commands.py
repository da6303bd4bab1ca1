"""The command line's `up`, `doctor` and `down`: look, work out, show, do.

Imports what they need only when they are asked for: `--help` should not take a second.
"""

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from chalicelib.deploy.errors import CannotDeploy

if TYPE_CHECKING:
    import botocore.session

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def register(commands: "Commands") -> None:
    """Add this group's commands; each sets `act`, a function from the options to the exit code."""
    up = commands.add_parser("up", help="create or update a deployment in your AWS account")
    up.add_argument("--dry-run", action="store_true", help="show the plan, change nothing")
    doctor = commands.add_parser("doctor", help="compare a deployment with what it must be, and say what mends it")
    down = commands.add_parser("down", help="remove a deployment; buckets that hold something stay")
    for parser, name in ((up, "up"), (doctor, "doctor"), (down, "down")):
        parser.add_argument("--stage", required=True, metavar="S", help="a stage of .chalice/config.json")
        parser.set_defaults(act=_act, command=name)


def _act(options: argparse.Namespace) -> int:
    import botocore.session

    return act(options, botocore.session.get_session())


def act(options: argparse.Namespace, session: "botocore.session.Session") -> int:
    """Do what the options say with this session; the exit code, 1 with a sentence for whatever stands in the way."""
    from botocore.exceptions import BotoCoreError, ClientError
    from chalice.deploy.deployer import ChaliceDeploymentError

    from chalicelib.deploy.explain import explain
    from chalicelib.deploy.runs import Run

    try:
        run = Run.begin(Path.cwd(), options.stage, session, sys.version_info[:2], print)
        if options.command == "up":
            return run.up(dry=options.dry_run)
        return run.doctor() if options.command == "doctor" else run.down()
    except CannotDeploy as error:
        return _say(error)
    except (BotoCoreError, ClientError, ChaliceDeploymentError) as error:
        return _say(explain(error))


def _say(error: CannotDeploy) -> int:
    print(f"{error.says}{os.linesep}{error.then}", file=sys.stderr)
    return 1
