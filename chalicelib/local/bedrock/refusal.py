"""How Bedrock says no: error names, HTTP status codes and wording, from the table of `refusals.toml`."""

import tomllib
from pathlib import Path

_TABLE = tomllib.loads((Path(__file__).parent / "refusals.toml").read_text("utf-8"))
FAULTS: dict[str, list[str]] = _TABLE["faults"]


class Refusal(Exception):
    """A call refused with one of the names of the table."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(f"{name}: {message}")
        self.name, self.message, self.status = name, message, int(_TABLE["status"][name])


def refused(reason: str, **values: object) -> Refusal:
    """The request can never succeed as it is, for a reason of the table."""
    return Refusal("ValidationException", _TABLE["reasons"][reason].format(**values))
