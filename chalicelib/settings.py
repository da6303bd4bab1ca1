"""The stage's settings: environment variables of .chalice/config.json, read once into one validated value.

Must not read the environment itself (app.py hands it in) and must not know AWS: clients and endpoints are boto3's.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from chalicelib.errors import SettingsError
from chalicelib.models.catalogue import Catalogue
from chalicelib.models.reference import underlying
from chalicelib.models.types import ModelReference

IMAGE_MODELS = "amazon.nova-canvas-v1:0,us-west-2/stability.stable-image-core-v1:1"
VISION_MODELS = "amazon.nova-pro-v1:0"
BUCKET = r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$"
QUEUE = r"^[A-Za-z0-9_-]{1,80}$"


def _entries(value: Any) -> Any:
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


Entries = Annotated[tuple[str, ...], BeforeValidator(_entries)]


class Settings(BaseModel):
    """A stage; every limit here is the stage's own, whatever a prompt file or message asks."""

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)

    inbox_bucket: str = Field(pattern=BUCKET)
    outbox_bucket: str = Field(pattern=BUCKET)
    queue_name: str = Field(pattern=QUEUE)
    dead_letter_queue_name: str = Field(pattern=QUEUE)
    output_buckets: Entries = ()
    image_models: Entries = Field(default=_entries(IMAGE_MODELS), min_length=1)
    vision_models: Entries = Field(default=_entries(VISION_MODELS), min_length=1)
    allowed_image_models: Entries = ()
    allowed_vision_models: Entries = ()
    max_attempts: int = Field(default=100, ge=1, le=1_000)
    max_cost_usd: float = Field(default=5, gt=0, le=10_000, allow_inf_nan=False)
    max_deferrals: int = Field(default=20, ge=0, le=1_000)
    max_wait_seconds: int = Field(default=21_600, ge=0, le=1_209_600)
    stage: str = Field(default="dev", pattern=r"^[A-Za-z0-9_-]{1,32}$")
    aws_region: str = Field(default="us-east-1", pattern=r"^[a-z]{2}(-[a-z]+)+-[0-9]$")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """Read what is there; an empty value counts as left out. Raises SettingsError."""
        names = {name: name.upper() for name in cls.model_fields}
        given = {name: environment[key] for name, key in names.items() if environment.get(key)}
        if "aws_region" not in given and environment.get("AWS_DEFAULT_REGION"):
            given["aws_region"] = environment["AWS_DEFAULT_REGION"]
        try:
            return cls.model_validate(given)
        except ValidationError as error:
            raise SettingsError(_explain(error)) from None

    @model_validator(mode="after")
    def _models_are_known(self) -> "Settings":
        for entries in (self.image_models, self.allowed_image_models):
            for entry in entries:
                self.catalogue.image(self.reference(entry).id)
        for entries in (self.vision_models, self.allowed_vision_models):
            for entry in entries:
                self.catalogue.vision(self.reference(entry).id)
        if self.queue_name == self.dead_letter_queue_name:
            raise ValueError("QUEUE_NAME and DEAD_LETTER_QUEUE_NAME are the same queue; they must be two")
        return self

    @cached_property
    def catalogue(self) -> Catalogue:
        """The models known to this stage: the standard ones and `new-id=known-id` entries of its lists."""
        lists = (self.image_models, self.vision_models, self.allowed_image_models, self.allowed_vision_models)
        return Catalogue.standard().with_additions([entry for entries in lists for entry in entries if "=" in entry])

    def reference(self, entry: str) -> ModelReference:
        """An entry of a chain or panel, its region resolved."""
        return self.catalogue.reference(entry.partition("=")[0], self.aws_region)

    def allows_image_model(self, entry: str) -> bool:
        """Whether a prompt file may name this image model. Raises UnknownModel."""
        self.catalogue.image(self.reference(entry).id)
        return self._allows(entry, self.allowed_image_models, self.image_models)

    def allows_vision_model(self, entry: str) -> bool:
        """Whether a prompt file may name this vision model. Raises UnknownModel."""
        self.catalogue.vision(self.reference(entry).id)
        return self._allows(entry, self.allowed_vision_models, self.vision_models)

    def _allows(self, entry: str, allowed: tuple[str, ...], default: tuple[str, ...]) -> bool:
        reference = self.reference(entry)
        if not allowed and reference.region == self.reference(underlying(reference.id)).region:
            return True
        return reference in {self.reference(known) for known in (*allowed, *default)}

    def allows_bucket(self, bucket: str) -> bool:
        """Whether results may go to this bucket; without a list only the outbox bucket."""
        return bucket == self.outbox_bucket or bucket in self.output_buckets or "*" in self.output_buckets


def _explain(error: ValidationError) -> str:
    problem = error.errors()[0]
    name = str(problem["loc"][0]).upper() if problem["loc"] else "models or queues"
    what = "is missing" if problem["type"] == "missing" else f"is {problem['input']!r}: {problem['msg']}"
    if not problem["loc"]:
        what = problem["msg"].removeprefix("Value error, ")
    return f"{name}: {what}. Set it under stages.<stage>.environment_variables in .chalice/config.json"
