"""One run of `up`, `doctor` or `down`: what must be and what is there are gathered, the plan is shown and performed.

The session, the Python version, where to print and whom to ask are handed in; the exit code comes back.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chalicelib.aws.bedrock import BedrockCaller
from chalicelib.deploy import own_keys, plan, probe, trial
from chalicelib.deploy.checks.line import Check, passed
from chalicelib.deploy.checks.models import refuse_unknown_profiles
from chalicelib.deploy.cloud.clients import Clients
from chalicelib.deploy.cloud.look import look, look_at_models, look_at_profiles
from chalicelib.deploy.console import Console
from chalicelib.deploy.doctor import examine
from chalicelib.deploy.documents import Wanted, wanted
from chalicelib.deploy.errors import CannotDeploy
from chalicelib.deploy.found import Found
from chalicelib.deploy.grants import Profile
from chalicelib.deploy.lookups import Lookups
from chalicelib.deploy.progress import perform, show
from chalicelib.deploy.runtime import runtime_for
from chalicelib.deploy.stage import Stage
from chalicelib.deploy.steps import Context, Step
from chalicelib.deploy.subscriptions import subscribe

if TYPE_CHECKING:
    import botocore.session

OFFER = "Ask each vision model one question, to be sure that it answers? That costs ${:.4f} at most."


@dataclass(frozen=True)
class Run:
    """A stage, and the means to look at it and change it; `config` is config.json as it will be kept.

    `unknown` says why nobody could be asked whose account this is: then only a plan from nothing can be made.
    """

    project: Path
    stage: Stage
    config: Mapping[str, Any]
    session: "botocore.session.Session"
    clients: Clients
    version: tuple[int, int]
    console: Console
    unknown: CannotDeploy | None = None
    sleep: Callable[[float], None] = time.sleep

    def up(self, *, dry: bool) -> int:
        """Bring the deployment to what must be; 0 when `doctor` is content afterwards."""
        steps = plan.plan_up(self.stage, Found(), self._wanted(())) if self.unknown else self._planned()
        show(self.console, self.stage, "up", steps, unknown=self.unknown)
        if dry:
            self.console.say("Nothing was changed (--dry-run).")
            return 0
        own_keys.keep_if_changed(self.project, self.config)
        self._subscribe()
        perform(self.console, steps, self._context())
        self.console.say("")
        code = self.doctor(ask=None)
        self._how_to_use()
        return code

    def _planned(self) -> list[Step]:
        """What `up` has to do, by what is there. Raises CannotDeploy."""
        lookups = Lookups()
        profiles = look_at_profiles(self.clients, self.stage, lookups)
        found = look(self.clients, self.stage, lookups)
        lookups.insist()
        refuse_unknown_profiles(self.stage, profiles)
        return plan.plan_up(self.stage, found, self._wanted(profiles))

    def doctor(self, *, ask: bool | None) -> int:
        """Say of everything whether it is as it must be; 0 when a job can be expected to run.

        `ask`: whether to ask the vision models something, too; None offers it. Asked for, drawn pictures are offered.
        """
        told_to = ask is True
        lookups = Lookups()
        profiles = look_at_profiles(self.clients, self.stage, lookups)
        lines = self._said(examine(self.clients, self.stage, self._wanted(profiles), profiles, lookups))
        if ask is None:
            ask = self.console.agrees(OFFER.format(probe.price(self.stage.settings)))
            if not ask:
                self.console.say(f"Not asked: `python -m chalicelib doctor --stage {self.stage.name} --probe` does.")
        if ask:
            caller = BedrockCaller(self.clients.ask_models, self.stage.caller.region)
            answered = self._said(probe.ask(self.stage.settings, caller, time.monotonic))
            lines += answered
            if told_to and passed(answered) and trial.agreed(self.console, self.stage):
                lines += self._said(trial.lines(self.stage.settings, caller, time.monotonic))
        return 0 if passed(lines) else 1

    def down(self, *, dry: bool) -> int:
        """Remove everything but buckets that hold something, and name those. Asks first."""
        lookups = Lookups()
        found = look(self.clients, self.stage, lookups)
        lookups.insist()
        steps = plan.plan_down(self.stage, found)
        show(self.console, self.stage, "down", steps)
        if dry:
            self.console.say("Nothing was changed (--dry-run).")
            return 0
        if steps and not self._may_remove():
            self.console.say("Nothing was changed.")
            return 1
        perform(self.console, steps, self._context())
        for bucket in plan.kept(found):
            self.console.say(
                f"Kept: s3://{bucket} holds objects or earlier versions. `up` adopts it again; to be rid of"
            )
            self.console.say(
                '      it, empty it in the console ("Empty" removes earlier versions too), then run this again.'
            )
        return 0

    def _may_remove(self) -> bool:
        stage, caller = self.stage.name, self.stage.caller
        answer = self.console.agrees(
            f"Remove stage {stage} of account {caller.account} in {caller.region}, with the messages in its queues?"
        )
        if answer is None:
            raise CannotDeploy(
                f"`down` removes stage {stage}, and there is no terminal to ask at.",
                f"Run `python -m chalicelib down --stage {stage} --yes` to remove it without being asked.",
            )
        return answer

    def _said(self, lines: Iterable[Check]) -> list[Check]:
        """The lines, each printed as soon as it is known."""
        told = []
        for line in lines:
            self.console.say(str(line))
            told.append(line)
        return told

    def _subscribe(self) -> None:
        seen = look_at_models(self.clients, self.stage, Lookups()).values()
        subscribe(self.clients, seen, self.console, self.sleep, f"python -m chalicelib up --stage {self.stage.name}")

    def _context(self) -> Context:
        indented = self.console.indented()
        return Context(self.project, self.clients, self.session, self.sleep, f"retake-{time.time_ns()}", indented)

    def _wanted(self, profiles: tuple[Profile, ...]) -> Wanted:
        """The documents as they must be. Raises CannotDeploy."""
        return wanted(self.project, self.stage, profiles, runtime_for(self.version))

    def _how_to_use(self) -> None:
        settings, address = self.stage.settings, self.clients.sqs_address
        url = f"{address}/{self.stage.caller.account}/{settings.queue_name}"
        self.console.say("")
        self.console.say(f"aws s3 cp prompt.json s3://{settings.inbox_bucket}/inbox/")
        self.console.say(f"aws sqs send-message --queue-url {url} --message-body file://prompt.json")
        self.console.say(f"aws s3 ls --recursive s3://{settings.outbox_bucket}/generated-images/")
