"""Where a prompt file or a message asks its job to lie, as far as that can be known and trusted.

Needed before, and whether or not, the whole of it can be accepted: a refusal lies there, and the records of a job under
way. Must not decide whether anything is accepted.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from chalicelib.errors import Refused
from chalicelib.job.request import BODY_LIMIT, DEFAULT_PREFIX, FILE_LIMIT, Request
from chalicelib.settings import Settings
from chalicelib.text.strict_json import read_json

BUCKET, PREFIX = "output_s3_bucket_name", "output_s3_key_prefix"
# These stand first in a body of ours (`Request.body`): even one cut short says where its job is.
FIELD = r'"{}"\s*:\s*("(?:[^"\\]|\\.)*")'


def destination(fields: Mapping[str, object], settings: Settings) -> tuple[str, str]:
    """The bucket and prefix that fields ask for, each only if it is legal by itself; else the stage's own."""
    bucket, prefix = _legal(BUCKET, fields), _legal(PREFIX, fields)
    trusted = bucket if bucket and settings.allows_bucket(bucket) else settings.outbox_bucket
    return trusted, prefix or DEFAULT_PREFIX


def destination_of_file(data: bytes, settings: Settings) -> tuple[str, str]:
    """The same of a prompt file that nobody has read yet, or that is none."""
    try:
        value = read_json(data, FILE_LIMIT)
    except Refused:
        value = None
    return destination(value if isinstance(value, dict) else {}, settings)


def fields_of_damaged(body: str) -> dict[str, object]:
    """The two fields, as far as a body that cannot be read still says them."""
    found = {name: re.search(FIELD.format(name), body[:BODY_LIMIT]) for name in (BUCKET, PREFIX)}
    return {name: _text(match[1]) for name, match in found.items() if match}


def _legal(name: str, fields: Mapping[str, object]) -> Any:
    """The field's value as a request would have it; None where it is absent or no request may have it."""
    if fields.get(name) is None:
        return None
    try:
        return getattr(Request.model_validate({"prompt": "any", name: fields[name]}), name)
    except ValidationError:
        return None


def _text(quoted: str) -> object:
    try:
        return json.loads(quoted)
    except ValueError:
        return None
