"""The plan as it is shown, and how far it has come."""

from collections.abc import Callable
from dataclasses import dataclass

from chalicelib.deploy.console import Console
from chalicelib.deploy.stage import Stage
from chalicelib.deploy.steps import DeployFunctions, Step

NO_ALARMS = "Alarms go nowhere: `up --stage {} --notify ADDRESS` has them mailed."


@dataclass(frozen=True)
class Progress:
    """Of one command on one stage."""

    console: Console
    stage: Stage

    def show(self, command: str, steps: list[Step]) -> None:
        """The plan, before anything is done."""
        caller = self.stage.caller
        self._head(command, f"account {caller.account}", steps, "")

    def show_unseen(self, command: str, steps: list[Step]) -> None:
        """The plan for an account that nobody could look at."""
        self._head(command, "account ? (not looked up)", steps, "  ? unless it is there already")

    def perform(self, steps: list[Step], act: Callable[[Step], None]) -> None:
        """One step after the other."""
        for number, step in enumerate(steps, 1):
            self.console.say(f"{number}/{len(steps)} {step} …")
            act(step)

    def _head(self, command: str, account: str, steps: list[Step], mark: str) -> None:
        self.console.say(f"{command}: stage {self.stage.name}, {account}, region {self.stage.caller.region}")
        for number, step in enumerate(steps, 1):
            unsure = "" if isinstance(step, DeployFunctions) else mark  # that one is done each time
            self.console.say(f"  {number}. {step}{unsure}")
        if not steps:
            self.console.say("  nothing to do")
        if command == "up" and self.stage.notify is None:
            self.console.say(NO_ALARMS.format(self.stage.name))
