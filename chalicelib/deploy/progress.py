"""The plan as it is shown, and how far it has come."""

from chalicelib.deploy.console import Console
from chalicelib.deploy.errors import CannotDeploy
from chalicelib.deploy.stage import Stage
from chalicelib.deploy.steps import Context, Step

NO_ALARMS = "Alarms go nowhere: `up --stage {} --notify ADDRESS` has them mailed."


def show(
    console: Console, stage: Stage, command: str, steps: list[Step], *, unknown: CannotDeploy | None = None
) -> None:
    """The plan, before anything is done; with what nobody knows marked so where the account is `unknown`."""
    account, mark = ("? (not looked up)", "  ? unless it is there already") if unknown else (stage.caller.account, "")
    console.say(f"{command}: stage {stage.name}, account {account}, region {stage.caller.region}")
    for number, step in enumerate(steps, 1):
        console.say(f"  {number}. {step.says}{'' if step.always else mark}")
    if not steps:
        console.say("  nothing to do")
    if command == "up" and stage.notify is None:
        console.say(NO_ALARMS.format(stage.name))
    if unknown:
        console.say("? Not looked up: the account, what is there already, which models and profiles are on offer.")
        console.say(f"  {unknown.in_a_line}")


def perform(console: Console, steps: list[Step], context: Context) -> None:
    """One step after the other."""
    for number, step in enumerate(steps, 1):
        console.say(f"{number}/{len(steps)} {step.says} …")
        step.perform(context)
