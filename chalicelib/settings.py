"""The stage's settings: environment variables of .chalice/config.json, read once into one validated value.

Must not read the environment itself (app.py hands it in) and must not know AWS: clients and endpoints are boto3's.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from chalicelib.errors import SettingsError
from chalicelib.job.judging import Acceptance, Rule
from chalicelib.models.catalogue import Catalogue
from chalicelib.models.reference import underlying
from chalicelib.models.types import ModelReference

IMAGE_MODELS = "amazon.nova-canvas-v1:0,us-west-2/stability.stable-image-core-v1:1"
VISION_MODELS = "amazon.nova-pro-v1:0"
MODEL_LISTS = ("image_models", "vision_models", "allowed_image_models", "allowed_vision_models")
BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
IP_ADDRESS = re.compile(r"[0-9]+(\.[0-9]+){3}")
# What S3 keeps for aliases, for other kinds of buckets and for itself (AWS documentation, "General purpose bucket
# naming rules", 2026-11): botocore or S3 refuses each of them, only later and in words that nobody understands.
KEPT_PREFIXES = ("xn--", "sthree-", "amzn-s3-demo-")
KEPT_SUFFIXES = ("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3")
NO_HOST_NAME = ("..", ".-", "-.")  # a bucket's name is part of its address
QUEUE = r"^[A-Za-z0-9_-]{1,80}$"


def _entries(value: Any) -> Any:
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


def bucket_name(name: str) -> str:
    """The name, if S3 takes it for a general purpose bucket. Raises ValueError."""
    if not BUCKET.fullmatch(name):
        raise ValueError("is not 3 to 63 of a-z, 0-9, '-' and '.' with a letter or digit at both ends")
    if IP_ADDRESS.fullmatch(name):
        raise ValueError("has the form of an IP address, which S3 takes for no bucket")
    if pair := next((pair for pair in NO_HOST_NAME if pair in name), None):
        raise ValueError(f"holds {pair!r}, which no bucket's address may")
    if prefix := next(filter(name.startswith, KEPT_PREFIXES), None):
        raise ValueError(f"starts with {prefix!r}, which S3 keeps for itself")
    if suffix := next(filter(name.endswith, KEPT_SUFFIXES), None):
        raise ValueError(f"ends with {suffix!r}, which S3 keeps for what is no general purpose bucket")
    return name


def _bucket_or_any(entry: str) -> str:
    return entry if entry == "*" else bucket_name(entry)


BucketName = Annotated[str, AfterValidator(bucket_name)]
BucketOrAny = Annotated[str, AfterValidator(_bucket_or_any)]
Entries = Annotated[tuple[str, ...], BeforeValidator(_entries)]


class Settings(BaseModel):
    """A stage; every limit here is the stage's own, whatever a prompt file or message asks."""

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)

    inbox_bucket: BucketName
    outbox_bucket: BucketName
    queue_name: str = Field(pattern=QUEUE)
    dead_letter_queue_name: str = Field(pattern=QUEUE)
    output_buckets: Annotated[tuple[BucketOrAny, ...], BeforeValidator(_entries)] = ()
    image_models: Entries = Field(default=_entries(IMAGE_MODELS), min_length=1)
    vision_models: Entries = Field(default=_entries(VISION_MODELS), min_length=1)
    allowed_image_models: Entries = ()
    allowed_vision_models: Entries = ()
    acceptance: Acceptance = "balanced"
    accept_grade: float | None = Field(default=None, ge=0, le=10, allow_inf_nan=False)
    vision_tier: Literal["default", "flex"] = "default"
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
    def _queues_are_two(self) -> "Settings":
        if self.queue_name == self.dead_letter_queue_name:
            raise ValueError(
                f"QUEUE_NAME: is {self.queue_name!r}, and so is DEAD_LETTER_QUEUE_NAME: the same queue; name two"
            )
        return self

    @model_validator(mode="after")
    def _models_are_known(self) -> "Settings":
        for count, name in enumerate(MODEL_LISTS, 1):  # one list more each time: the last one is to blame
            with _named(name):
                self._with_additions(MODEL_LISTS[:count])
        for name in MODEL_LISTS:
            find = self.catalogue.vision if "vision" in name else self.catalogue.image
            with _named(name):
                for entry in getattr(self, name):
                    find(self._resolved(entry).id)
        return self

    @cached_property
    def catalogue(self) -> Catalogue:
        """The models known to this stage: the standard ones and `new-id=known-id` entries of its lists."""
        return self._with_additions(MODEL_LISTS)

    def _with_additions(self, lists: Sequence[str]) -> Catalogue:
        entries = [entry for name in lists for entry in getattr(self, name)]
        return Catalogue.standard().with_additions(entry for entry in entries if "=" in entry)

    @cached_property
    def _own(self) -> dict[tuple[str, str], ModelReference]:
        """The stage's own entries in its region, which every attempt asks for many times."""
        return {(entry, self.aws_region): self._resolved(entry) for entry in (*self.image_models, *self.vision_models)}

    def reference(self, entry: str) -> ModelReference:
        """An entry of a chain or panel, its region resolved."""
        return self._own.get((entry, self.aws_region)) or self._resolved(entry)

    def chain(self, asked: Sequence[str] | None = None) -> list[ModelReference]:
        """The image models that a request asks for, else the stage's own, in their order."""
        return [self.reference(entry) for entry in asked or self.image_models]

    def panel(self, asked: Sequence[str] | None = None) -> list[ModelReference]:
        """The vision models, likewise."""
        return [self.reference(entry) for entry in asked or self.vision_models]

    def _resolved(self, entry: str) -> ModelReference:
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
        named = reference.id.startswith("arn:")  # of some account and partition: only where the stage says so itself
        if not allowed and not named and reference.region == self.reference(underlying(reference.id)).region:
            return True
        return reference in {self.reference(known) for known in (*allowed, *default)}

    def rule(self, acceptance: Acceptance | None, accept_grade: float | None) -> Rule:
        """How a job is judged: as its request asks, else as the stage does."""
        if acceptance is None and accept_grade is None:
            return Rule.of(self.acceptance, self.accept_grade)
        return Rule.of(acceptance or self.acceptance, accept_grade)

    def allows_bucket(self, bucket: str) -> bool:
        """Whether results may go to this bucket; without a list only the outbox bucket."""
        return bucket == self.outbox_bucket or bucket in self.output_buckets or "*" in self.output_buckets


@contextmanager
def _named(name: str) -> Iterator[None]:
    """What is refused inside begins with the setting's key."""
    try:
        yield
    except ValueError as error:
        raise ValueError(f"{name.upper()}: {error}") from None


def _explain(error: ValidationError) -> str:
    problem = error.errors()[0]
    what = problem["msg"].removeprefix("Value error, ")
    if problem["type"] == "missing":
        what = "is missing"
    elif problem["loc"]:
        what = f"is {problem['input']!r}: {what}"
    key = f"{str(problem['loc'][0]).upper()}: " if problem["loc"] else ""  # a check of several settings names its own
    return f"{key}{what}. Set it under stages.<stage>.environment_variables in .chalice/config.json"
