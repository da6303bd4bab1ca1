"""The command line's `up`, `doctor` and `down`.

Each imports what it needs only when it is called: `--help` should not take a second.
"""

import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from chalicelib.deploy.errors import CannotDeploy

if TYPE_CHECKING:
    from chalicelib.deploy.runs import Run

stage_option = click.option(
    "--stage", required=True, metavar="STAGE", help="A stage of .chalice/config.json, as dev or prod."
)


def example(command: str) -> str:
    """What stands below a command's options."""
    return f"\b\nExample:\n  python -m chalicelib {command}"


yes_option = click.option("-y", "--yes", is_flag=True, help="Agree to every question, for scripts.")


@click.command(epilog=example("up --stage dev --dry-run"))
@stage_option
@click.option("--dry-run", is_flag=True, help="Show the plan, change nothing; works without credentials, too.")
@click.option(
    "--notify",
    metavar="ADDRESS",
    help="Mail alarms and finished jobs there, once it has confirmed; kept in .chalice/config.json.",
)
@yes_option
def up(stage: str, dry_run: bool, notify: str | None, yes: bool) -> int:
    """Create or update a deployment in your AWS account."""
    return _with(stage, lambda run: run.up(dry=dry_run), yes=yes, notify=notify, without_account=dry_run)


@click.command(epilog=example("doctor --stage dev --probe"))
@stage_option
@click.option("--probe", is_flag=True, help="Ask each vision model one question, too, for less than a tenth of a cent.")
@yes_option
def doctor(stage: str, probe: bool, yes: bool) -> int:
    """Check a deployment, and say what mends it.

    With --probe it also offers to try the judges on drawn pictures, and says what that costs.
    """
    return _with(stage, lambda run: run.doctor(ask=probe), yes=yes)


@click.command(epilog=example("down --stage dev"))
@stage_option
@click.option("--dry-run", is_flag=True, help="Show the plan, change nothing.")
@yes_option
def down(stage: str, dry_run: bool, yes: bool) -> int:
    """Remove a deployment; buckets that hold something stay."""
    return _with(stage, lambda run: run.down(dry=dry_run), yes=yes)


def _with(
    stage: str,
    act: "Callable[[Run], int]",
    *,
    yes: bool = False,
    notify: str | None = None,
    without_account: bool = False,
) -> int:
    """The exit code, 1 with a sentence for whatever stands in the way; the session is the one handed to `main`."""
    import botocore.session
    from botocore.exceptions import BotoCoreError, ClientError
    from chalice.deploy.deployer import ChaliceDeploymentError

    from chalicelib.deploy.begin import begin
    from chalicelib.deploy.console import Console
    from chalicelib.deploy.explain import RESUMES, explain

    session = click.get_current_context().obj or botocore.session.get_session()
    console = Console(partial(print, flush=True), input if sys.stdin.isatty() else None, yes)
    project, version = Path.cwd(), sys.version_info[:2]
    try:
        return act(begin(project, stage, session, version, console, notify=notify, without_account=without_account))
    except CannotDeploy as error:
        return _say(error)
    except (BotoCoreError, ClientError, ChaliceDeploymentError) as error:
        return _say(explain(error, RESUMES))


def _say(error: CannotDeploy) -> int:
    print(f"{error.says}{os.linesep}{error.then}", file=sys.stderr)
    return 1
