"""The prompt file: its fields, defaults and limits (the README's table), read strictly.

What is refused names the field, what came, what is allowed and the nearest known name. Must not touch anything
outside: the stage's limits are an argument.
"""

import json
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from chalicelib.errors import Refused, WrongValue
from chalicelib.job.judging import Acceptance
from chalicelib.job.request_fields import (
    MEANT,
    Bucket,
    Models,
    Pixels,
    Prefix,
    Probability,
    Share,
    Text,
    Tokens,
    TopK,
    Whole,
    number,
)
from chalicelib.models.catalogue import UnknownModel
from chalicelib.models.ladder import Strategy
from chalicelib.models.reference import BadReference
from chalicelib.models.types import Sampling
from chalicelib.settings import Settings
from chalicelib.text.strict_json import read_json
from chalicelib.text.wording import did_you_mean

FILE_LIMIT = 64 * 1024
BODY_LIMIT = FILE_LIMIT + 1024  # a file written again grows by a few bytes: a space after each comma, 1 as 1.0
DEFAULT_PREFIX = "generated-images"


def _none_if_blank(value: object) -> object:
    """Other tools always write the field; an empty one excludes nothing."""
    return None if isinstance(value, str) and not value.strip() else value


class Request(BaseModel):
    """One prompt file; field names and defaults are what users have in their files."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    prompt: Annotated[Text, Field(min_length=1, max_length=10_000, description="text, 1 to 10,000 characters")]
    max_retry_attempts: Whole = 5
    max_prompt_revisions: Whole = 3
    output_s3_bucket_name: Bucket | None = None
    output_s3_key_prefix: Prefix = DEFAULT_PREFIX
    nova_pro_validate_temperature: Probability = 0.7
    nova_pro_validate_top_p: Share = 0.9
    nova_pro_validate_top_k: TopK = 50
    nova_pro_validate_max_tokens: Tokens = 5120
    nova_pro_revise_temperature: Probability = 0.7
    nova_pro_revise_top_p: Share = 0.9
    nova_pro_revise_top_k: TopK = 50
    nova_pro_revise_max_tokens: Tokens = 5120
    nova_canvas_cfg_scale: Annotated[float, number(1.1, 10)] = 8
    nova_canvas_width: Pixels = 1024
    nova_canvas_height: Pixels = 1024
    nova_canvas_number_of_images: Annotated[int, number(1, 5, "a whole number")] = 1
    nova_canvas_seed: Annotated[int, number(0, 2_147_483_646, "a whole number")] = 0
    negative_prompt: Annotated[
        Annotated[Text, Field(max_length=10_000, description="text, 1 to 10,000 characters")] | None,
        BeforeValidator(_none_if_blank),
    ] = None
    requirements: (
        Annotated[
            tuple[Annotated[Text, Field(max_length=500)], ...],
            Field(
                strict=False, min_length=1, max_length=32, description="a list of 1 to 32 texts of up to 500 characters"
            ),
        ]
        | None
    ) = None
    image_models: Annotated[Models, Field(description="a list of 1 to 10 model ids")] | None = None
    vision_models: Annotated[Models, Field(description="a list of 1 to 10 model ids")] | None = None
    acceptance: Annotated[Acceptance, Field(description="one of economy, balanced, strict")] | None = None
    accept_grade: Annotated[float, number(0, 10)] | None = None
    image_strategy: Annotated[Strategy, Field(description="one of fallback, rotate, escalate")] = "fallback"
    give_up_after: Annotated[Whole, Field(description="a whole number, 1 or more")] | None = None
    max_cost_usd: Annotated[float, Field(gt=0, allow_inf_nan=False, description="a number above 0")] | None = None

    @property
    def validate_sampling(self) -> Sampling:
        return Sampling(
            self.nova_pro_validate_temperature,
            self.nova_pro_validate_top_p,
            self.nova_pro_validate_top_k,
            self.nova_pro_validate_max_tokens,
        )

    @property
    def revise_sampling(self) -> Sampling:
        return Sampling(
            self.nova_pro_revise_temperature,
            self.nova_pro_revise_top_p,
            self.nova_pro_revise_top_k,
            self.nova_pro_revise_max_tokens,
        )

    def body(self) -> str:
        """The prompt file again, with the fields that were given: a message's body, free of characters SQS refuses."""
        return json.dumps(self.fields(), ensure_ascii=False)

    def fields(self) -> dict[str, Any]:
        """The fields that were given, those that say where the job lies first (see `destination`)."""
        given = self.model_dump(mode="json", exclude_unset=True)
        return {name: given[name] for name in sorted(given, key=lambda name: not name.startswith("output_s3_"))}


def read_request(data: bytes, settings: Settings) -> Request:
    """Read a prompt file and hold it against the stage. Raises Refused."""
    request = parse_request(data)
    check_allowed(request, settings)
    return request


def parse_request(data: bytes, limit: int = FILE_LIMIT) -> Request:
    """Read a prompt file or a message's body of at most `limit` bytes, whatever the stage allows. Raises Refused."""
    return request_of(read_value(data, limit))


def read_value(data: bytes, limit: int) -> Any:
    """The JSON value of a prompt file or a message's body, nothing of it checked yet. Raises Refused."""
    try:
        return read_json(data, limit)
    except WrongValue as wrong:
        if wrong.field not in Request.model_fields:
            raise
        raise Refused(f"{wrong.error}; allowed: {_allowed(wrong.field)}", wrong.field) from None


def request_of(value: object) -> Request:
    """The request that a JSON value is, whatever the stage allows. Raises Refused."""
    if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
        raise Refused("an array of prompts came where one is needed: send one object, or upload the array as a file")
    if not isinstance(value, dict):
        raise Refused(f'a JSON {_kind(value)} came; a JSON object is needed, at least {{"prompt": "…"}}')
    try:
        request = Request.model_validate(value)
    except ValidationError as error:
        raise _refusal(error) from None
    _within_the_frame(request)
    return request


def _within_the_frame(request: Request) -> None:
    width, height = request.nova_canvas_width, request.nova_canvas_height
    if max(width, height) > 4 * min(width, height):
        raise Refused(
            f"nova_canvas_width × nova_canvas_height: {width} × {height} came; from 1:4 to 4:1 is allowed",
            "nova_canvas_width",
        )
    if width * height > 2048 * 2048:
        raise Refused(
            f"nova_canvas_width × nova_canvas_height: {width} × {height} came; at most 2048 × 2048 in area is allowed",
            "nova_canvas_width",
        )


def check_allowed(request: Request, settings: Settings) -> None:
    """Hold a request against what the stage allows now. Raises Refused."""
    positions = request.max_retry_attempts * request.max_prompt_revisions
    if positions > settings.max_attempts:
        raise Refused(
            f"max_retry_attempts × max_prompt_revisions: {request.max_retry_attempts} × {request.max_prompt_revisions} "
            f"came; at most {settings.max_attempts} attempts (MAX_ATTEMPTS of the stage) are allowed",
            "max_retry_attempts",
        )
    bucket = request.output_s3_bucket_name
    if bucket and not settings.allows_bucket(bucket):
        allowed = ", ".join(dict.fromkeys((settings.outbox_bucket, *settings.output_buckets)))
        raise Refused(
            f"output_s3_bucket_name: {bucket!r} came; allowed: {allowed} (OUTPUT_BUCKETS of the stage)",
            "output_s3_bucket_name",
        )
    if request.max_cost_usd and request.max_cost_usd > settings.max_cost_usd:
        raise Refused(
            f"max_cost_usd: {request.max_cost_usd} came; at most {settings.max_cost_usd:g} (MAX_COST_USD of the stage) "
            "is allowed",
            "max_cost_usd",
        )
    _models_allowed("image_models", request.image_models, settings.allows_image_model)
    _models_allowed("vision_models", request.vision_models, settings.allows_vision_model)


def _models_allowed(field: str, entries: tuple[str, ...] | None, allows: Any) -> None:
    for entry in entries or ():
        if "=" in entry:
            raise Refused(f"{field}: {entry[:200]!r} came; only the stage's settings may say new-id=known-id", field)
        try:
            allowed = allows(entry)
        except (UnknownModel, BadReference) as error:
            raise Refused(f"{field}: {error}", field) from None
        if not allowed:
            raise Refused(f"{field}: {entry!r} came; it is not on the stage's list (ALLOWED_{field.upper()})", field)


def _refusal(error: ValidationError) -> Refused:
    problems = error.errors()
    problem = next((each for each in problems if each["type"] == "extra_forbidden"), problems[0])  # a slip of the pen
    field = str(problem["loc"][0])
    if problem["type"] == "extra_forbidden":
        return Refused(unknown_field(field), field[:200])
    allowed = _allowed(field)
    if problem["type"] == "missing":
        return Refused(f"{field} is missing; needed: {allowed}", field)
    came = json.dumps(problem["input"], ensure_ascii=False, default=str)
    ours = problem["type"] == "value_error"  # pydantic's own words speak of tuples and items; the field's say it all
    why = f" ({problem['msg'].removeprefix('Value error, ')})" if ours else ""
    return Refused(f"{field}: {came[:200]} came{why}; allowed: {allowed}", field)


def unknown_field(name: str) -> str:
    """That this is no field, with the one that is perhaps meant."""
    meant = MEANT.get(name.lower(), name)
    return f"{name[:200]!r} is no field of a prompt; {did_you_mean(meant, Request.model_fields)}"


def _allowed(field: str) -> str:
    """What a field takes, in words; the description of an optional field sits inside its union."""
    if description := Request.model_fields[field].description:
        return description
    for member in getattr(Request.model_fields[field].annotation, "__args__", ()):
        for note in getattr(member, "__metadata__", ()):
            if getattr(note, "description", None):
                return str(note.description)
    return "see the README's table"


def _kind(value: Any) -> str:
    return {list: "array", str: "string", bool: "boolean", type(None): "null"}.get(type(value), "number")
