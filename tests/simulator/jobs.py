"""What is uploaded and the stage it runs on: buckets, queues, functions, settings, and the models' scripts."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from chalicelib.settings import Settings
from tests.fakes.aws import InMemoryAws
from tests.fakes.bedrock import Script
from tests.fakes.lambdas import Function
from tests.fakes.world import Notification, World

INBOX, OUTBOX = "inbox-bucket", "outbox-bucket"
WORK, DEAD = "work", "dead"
ON_PROMPT, ON_ATTEMPT, ON_DEAD_LETTER = "on_prompt", "on_attempt", "on_dead_letter"
CANCEL = "cancel"  # no function on AWS: a command on a user's machine, which notes at the desk what it was told
DESK = "desk"
PREFIX = "pictures"

SETTINGS = Settings(
    inbox_bucket=INBOX,
    outbox_bucket=OUTBOX,
    queue_name=WORK,
    dead_letter_queue_name=DEAD,
    image_models=("amazon.nova-canvas-v1:0",),
    vision_models=("amazon.nova-pro-v1:0",),
    max_cost_usd=20,  # far above what any of these jobs can come to, with all that is counted at its worst
)


@dataclass(frozen=True)
class Job:
    """A prompt file: `tag` (job-…) names it towards the models; `refused`: it asks for more than the stage allows."""

    tag: str
    attempts: int = 2
    revisions: int = 2
    script: Script = field(default_factory=Script)
    images: int = 1
    fields: Mapping[str, Any] = field(default_factory=dict)
    refused: bool = False

    @property
    def file(self) -> bytes:
        request = {
            "prompt": f"{self.tag} shows a serene landscape with mountains and a lake",
            "max_retry_attempts": self.attempts,
            "max_prompt_revisions": self.revisions,
            "output_s3_key_prefix": PREFIX,
            "nova_canvas_seed": self.script.seed,
            "nova_canvas_number_of_images": self.images,
        }
        return json.dumps(request | dict(self.fields)).encode()


@dataclass(frozen=True)
class Stage:
    """A deployment: how patient its queue is, whether chains may loop, whether the inbox keeps versions.

    `forged`: somebody who knows every name and position sends messages of his own. `cancelled`: somebody ends jobs, and
    waits for their end or, if not `patient`, leaves when an attempt is under way.
    """

    name: str
    jobs: tuple[Job, ...]
    max_receives: int = 5
    loop_allowed: bool = True
    versioned: bool = False
    settings: Settings = SETTINGS
    forged: bool = False
    cancelled: bool = False
    patient: bool = True

    def resumed(self, world: World) -> InMemoryAws:
        """This stage's functions and models over a world that is already furnished."""
        functions = (
            Function(ON_PROMPT, failures=DEAD),
            Function(ON_ATTEMPT, loop_allowed=self.loop_allowed),
            Function(ON_DEAD_LETTER, loop_allowed=self.loop_allowed),
            Function(CANCEL),
        )
        return InMemoryAws(
            world,
            functions=functions,
            mappings={WORK: ON_ATTEMPT, DEAD: ON_DEAD_LETTER},
            scripts={job.tag: job.script for job in self.jobs},
        )

    def aws(self) -> InMemoryAws:
        """This stage in memory with every job's file just uploaded."""
        aws = self.resumed(World())
        aws.s3.create_bucket(INBOX, versioned=self.versioned)
        aws.s3.create_bucket(OUTBOX)
        aws.s3.create_bucket(DESK)
        aws.s3.notify(Notification(INBOX, "inbox/", ".json", ON_PROMPT))
        aws.sqs.create_queue(DEAD)
        aws.sqs.create_queue(WORK, max_receives=self.max_receives, dead_letters=DEAD)
        for job in self.jobs:
            aws.s3.put(INBOX, f"inbox/{job.tag}.json", job.file, "application/json")
        return aws


WAVERING = Job("job-wavers", script=Script(accepts=frozenset({2}), wavering=True))
"""Two rejected, the prompt rewritten, the third accepted; who looks at a picture a second time says the opposite."""

STAGES = {
    stage.name: stage
    for stage in (
        Stage("plain", (WAVERING,)),
        Stage("impatient", (WAVERING,), max_receives=1),
        Stage("pair", (Job("job-pair", script=Script(accepts=frozenset({2}), wavering=True), images=2),)),
        Stage("single", (Job("job-single", attempts=1, revisions=1, script=Script(wavering=True)),)),
        Stage("poor", (Job("job-poor"),), settings=SETTINGS.model_copy(update={"max_cost_usd": 0.1})),
        Stage("cancelled", (WAVERING,), cancelled=True),
        Stage("left", (WAVERING,), cancelled=True, patient=False),
        Stage("strict", (Job("job-greedy", refused=True),), settings=SETTINGS.model_copy(update={"max_attempts": 3})),
    )
}
"""By name: an ordinary one; one that gives up a message after its first failure; two pictures an attempt; a
job of one attempt; two whose caps lie below what their job asks for; and two whose job is cancelled at some time."""
