"""`up --dry-run` without an account: what would be done where nothing is there yet."""

from pathlib import Path

from chalicelib.deploy import plan
from chalicelib.deploy.begin import Beginning
from chalicelib.deploy.console import Console
from chalicelib.deploy.documents import wanted
from chalicelib.deploy.progress import Progress
from chalicelib.deploy.runtime import runtime_for


def plan_unseen(beginning: Beginning, project: Path, version: tuple[int, int], console: Console) -> int:
    """The plan where nobody could be asked, with what nobody knows marked so; the exit code. Raises CannotDeploy."""
    stage, reason = beginning.stage, beginning.unknown
    steps = plan.plan_up(stage, plan.NOTHING, wanted(project, stage, (), runtime_for(version)))
    Progress(console, stage).show_unseen("up", steps)
    if reason is not None:
        console.say("? Not looked up: the account, what is there already, which models and profiles are on offer.")
        console.say(f"  {reason.says} {reason.then}")
    console.say("Nothing was changed (--dry-run).")
    return 0
