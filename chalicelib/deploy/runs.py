"""One run of `up`, `doctor` or `down`: what must be and what is there are gathered, the plan is shown and performed.

The session, the Python version and where to print are handed in; the exit code comes back.
"""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import boto3
from chalice.utils import UI

from chalicelib.deploy import checks, grants, plan
from chalicelib.deploy.apply import Hands, perform
from chalicelib.deploy.cloud import models
from chalicelib.deploy.cloud.clients import Clients, connect, who
from chalicelib.deploy.cloud.look import look, look_at_models, look_at_profiles
from chalicelib.deploy.config_keys import ignored_keys
from chalicelib.deploy.documents import Wanted, policies, read_config, template
from chalicelib.deploy.errors import CannotDeploy
from chalicelib.deploy.runtime import runtime_for
from chalicelib.deploy.stage import HANDLERS, Stage, resolve
from chalicelib.deploy.steps import Step
from chalicelib.settings import Settings

if TYPE_CHECKING:
    import botocore.session

POLICY_LIMIT = 10_240  # characters of a role's inline policies, white space not counted (IAM quotas, 2026-11)


@dataclass(frozen=True)
class Run:
    """A stage, and the means to look at it and change it."""

    project: Path
    stage: Stage
    clients: Clients
    session: "botocore.session.Session"
    version: tuple[int, int]
    say: Callable[[str], None]
    sleep: Callable[[float], None] = time.sleep

    @classmethod
    def begin(
        cls,
        project: Path,
        stage: str,
        session: "botocore.session.Session",
        version: tuple[int, int],
        say: Callable[[str], None],
    ) -> Self:
        """Read the stage and see whose account this is. Raises CannotDeploy, and what botocore raises."""
        config = read_config(project)
        ignored = ignored_keys(config, HANDLERS, [name.upper() for name in Settings.model_fields])
        if ignored:
            raise CannotDeploy("; ".join(map(str, ignored)) + ".", "Correct or remove it, then run this again.")
        aws = boto3.Session(botocore_session=session)
        return cls(project, resolve(config, stage, who(aws)), connect(aws), session, version, say)

    def up(self, *, dry: bool) -> int:
        """Bring the deployment to what must be; 0 when `doctor` is content afterwards."""
        wanted = self._wanted()
        steps = plan.plan_up(self.stage, look(self.clients, self.stage), wanted)
        self._show("up", steps)
        if dry:
            self.say("Nothing was changed (--dry-run).")
            return 0
        self._perform(steps)
        self.say("")
        code = self.doctor()
        self._how_to_use()
        return code

    def doctor(self) -> int:
        """Say of everything whether it is as it must be; 0 when a job can be expected to run."""
        wanted, found = self._wanted(), look(self.clients, self.stage)
        seen = look_at_models(self.clients, self.stage)
        offered = [model for model in seen.values() if model.status]
        lines = [
            *checks.check_deployment(self.stage, found, wanted),
            *checks.check_models(self.stage, seen),
            *checks.check_quotas(models.quotas(self.clients.quotas, self.clients.functions, offered)),
        ]
        for line in lines:
            self.say(str(line))
        return 0 if checks.passed(lines) else 1

    def down(self) -> int:
        """Remove everything but buckets that hold something, and name those."""
        found = look(self.clients, self.stage)
        steps = plan.plan_down(self.stage, found)
        self._show("down", steps)
        self._perform(steps)
        for bucket in plan.kept(found):
            self.say(f"Kept: s3://{bucket} holds objects or earlier versions. `up` adopts it again; to be rid of it,")
            self.say('      empty it in the console ("Empty" removes earlier versions too), then run this again.')
        return 0

    def _show(self, command: str, steps: list[Step]) -> None:
        caller = self.stage.caller
        self.say(f"{command}: stage {self.stage.name}, account {caller.account}, region {caller.region}")
        for number, step in enumerate(steps, 1):
            self.say(f"  {number}. {step}")
        if not steps:
            self.say("  nothing to do")

    def _perform(self, steps: list[Step]) -> None:
        change = f"retake-{time.time_ns()}"
        hands = Hands(self.project, self.clients, self.session, self.sleep, change, _Indented(self.say))
        for number, step in enumerate(steps, 1):
            self.say(f"{number}/{len(steps)} {step} …")
            perform(step, self.stage, hands)

    def _wanted(self) -> Wanted:
        """The documents as they must be. Raises CannotDeploy."""
        runtime = runtime_for(self.version)
        profiles = look_at_profiles(self.clients, self.stage)
        models = grants.arns(grants.models_of(self.stage.settings, profiles), self.stage.caller, profiles)
        written = policies(self.project, self.stage, models)
        _refuse_long(written)
        return Wanted(template(self.project, self.stage), written, runtime)

    def _how_to_use(self) -> None:
        settings = self.stage.settings
        url = f"https://sqs.{self.stage.caller.region}.amazonaws.com/{self.stage.caller.account}/{settings.queue_name}"
        self.say("")
        self.say(f"aws s3 cp prompt.json s3://{settings.inbox_bucket}/inbox/")
        self.say(f"aws sqs send-message --queue-url {url} --message-body file://prompt.json")
        self.say(f"aws s3 ls --recursive s3://{settings.outbox_bucket}/generated-images/")


class _Indented(UI):
    """Chalice's progress, indented below our own."""

    def __init__(self, say: Callable[[str], None]) -> None:
        super().__init__()
        self._say = say

    def write(self, msg: str) -> None:
        self._say(f"    {msg.rstrip()}")


def _refuse_long(written: Mapping[str, Any]) -> None:
    for handler, policy in written.items():
        length = len(json.dumps(policy, separators=(",", ":")))
        if length > POLICY_LIMIT:
            raise CannotDeploy(
                f"The policy of {handler} has {length:,} characters, IAM allows {POLICY_LIMIT:,}: too many models.",
                "Name the ones you use in ALLOWED_IMAGE_MODELS and ALLOWED_VISION_MODELS of .chalice/config.json.",
            )
