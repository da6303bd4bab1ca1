"""How Bedrock says no: names and wording of the table of `refusals.toml`, HTTP status codes as botocore knows them."""

import tomllib
from pathlib import Path

from botocore.loaders import Loader

_ERRORS = Loader().load_service_model("bedrock-runtime", "service-2")["shapes"]
_TABLE = tomllib.loads((Path(__file__).parent / "refusals.toml").read_text("utf-8"))
FAULTS: dict[str, list[str]] = _TABLE["faults"]


class Refusal(Exception):
    """A call refused with one of Bedrock's errors."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(f"{name}: {message}")
        self.name, self.message, self.status = name, message, int(_ERRORS[name]["error"]["httpStatusCode"])


def refused(reason: str, **values: object) -> Refusal:
    """The request can never succeed as it is, for a reason of the table."""
    return Refusal("ValidationException", _TABLE["reasons"][reason].format(**values))
