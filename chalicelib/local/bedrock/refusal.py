"""How Bedrock says no: error names, HTTP status codes and wording, from the table of `refusals.toml`."""

import tomllib
from pathlib import Path

_TABLE = tomllib.loads((Path(__file__).parent / "refusals.toml").read_text("utf-8"))
REASONS: dict[str, str] = _TABLE["reasons"]
FAULTS: dict[str, list[str]] = _TABLE["faults"]


class Refusal(Exception):
    """A call refused with one of the names of the table."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(f"{name}: {message}")
        self.name, self.message, self.status = name, message, int(_TABLE["status"][name])


def refused(reason: str, **values: object) -> Refusal:
    """The request can never succeed as it is, for a reason of the table."""
    words = REASONS[reason].format(**values)
    if words.startswith("malformed:"):
        return malformed(words.removeprefix("malformed:"))
    return Refusal("ValidationException", words.replace("model:", "The model returned the following errors: ", 1))


def malformed(what: str) -> Refusal:
    """The body breaks the model's schema; `what` begins with a JSON pointer such as `#/textToImageParams/text`."""
    message = f"Malformed input request: {what}, please reformat your input and try again."
    return Refusal("ValidationException", message)
