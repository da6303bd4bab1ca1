"""What SQS refuses, written from its API reference alone, so that the pipeline's own check has an independent judge.

SendMessage and "Amazon SQS message attributes", AWS documentation, 2026-11.
"""

import re
from decimal import Context, Decimal

from tests.fakes.errors import AwsError
from tests.fakes.world import Attributes

MOST_ATTRIBUTES = 10
MOST_BYTES = 1_048_576
LONGEST_DELAY = 900
EXACT = Context(prec=300)
GROUP = re.compile(r"""[A-Za-z0-9!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~]{1,128}""")
ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def check_message(body: str, attributes: Attributes, delay: float, group: str | None = None) -> None:
    """Raise what SendMessage answers."""
    if delay != int(delay) or not 0 <= delay <= LONGEST_DELAY:
        raise AwsError("InvalidParameterValue", 400, f"Value {delay} for parameter DelaySeconds is invalid.")
    if group is not None and not GROUP.fullmatch(group):
        raise AwsError("InvalidParameterValue", 400, "The value for MessageGroupId is invalid.")
    if not body:
        raise AwsError("MissingParameter", 400, "The request must contain the parameter MessageBody.")
    _check_characters(body)
    names = [name for name, _ in attributes]
    if len(names) > MOST_ATTRIBUTES or len(set(names)) < len(names):
        raise AwsError("InvalidParameterValue", 400, "Number of message attributes exceeds the allowed maximum of 10")
    for name, (kind, value) in attributes:
        _check_attribute(name, kind, value)
    if size(body, attributes) > MOST_BYTES:
        raise AwsError("InvalidParameterValue", 400, f"Message must be shorter than {MOST_BYTES} bytes.")


def size(body: str, attributes: Attributes) -> int:
    """Bytes that count: the body, and every attribute's name, type and value."""
    return len(body.encode()) + sum(len((name + kind + value).encode()) for name, (kind, value) in attributes)


def normalised(attributes: Attributes) -> Attributes:
    """As they come back: a Number loses leading and trailing zeros."""
    return tuple(
        (name, (kind, _trimmed(value) if _base(kind) == "Number" else value)) for name, (kind, value) in attributes
    )


def _check_attribute(name: str, kind: str, value: str) -> None:
    legal = re.fullmatch(r"[A-Za-z0-9_.-]{1,256}", name) and ".." not in name and name.strip(".") == name
    if not legal or re.match(r"(aws|amazon)\.", name, re.IGNORECASE):
        raise AwsError("InvalidParameterValue", 400, f"The message attribute name '{name}' is invalid.")
    if _base(kind) not in {"String", "Number", "Binary"} or len(kind) > 256:
        raise AwsError("InvalidParameterValue", 400, f"The type of message (user) attribute '{name}' is invalid.")
    if not value:
        raise AwsError("InvalidParameterValue", 400, f"Message (user) attribute '{name}' must not be empty.")
    _check_characters(value)
    if _base(kind) == "Number":
        _check_number(name, value)


def _check_number(name: str, value: str) -> None:
    plain = re.fullmatch(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?", value)
    digits = Decimal(value).normalize(EXACT).as_tuple().digits if plain else ()
    magnitude = abs(Decimal(value)) if plain else Decimal(0)
    outside = magnitude and not Decimal("1e-128") <= magnitude <= Decimal("1e126")
    if not plain or len(digits) > 38 or outside:
        raise AwsError("InvalidParameterValue", 400, f"Message (user) attribute '{name}' is no number.")


def _check_characters(text: str) -> None:
    if ILLEGAL.search(text):
        raise AwsError("InvalidMessageContents", 400, "Invalid characters found.")


def _base(kind: str) -> str:
    return kind.partition(".")[0]


def _trimmed(value: str) -> str:
    return format(Decimal(value).normalize(EXACT), "f")
