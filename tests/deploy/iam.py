"""As much of IAM as the policies of .chalice/ use: Allow and Deny, wildcards, StringEquals and ArnLike.

Anything else in a document is refused loudly, so that no statement is judged by half.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Policy = Mapping[str, Any]


@dataclass(frozen=True)
class Request:
    """One action on one resource; `context` holds the condition keys of the request."""

    action: str
    resource: str
    context: Mapping[str, str] = field(default_factory=dict)


def allowed(policy: Policy, request: Request) -> bool:
    """Whether a role with this one policy may: an Allow applies and no Deny does."""
    effects = {statement["Effect"] for statement in policy["Statement"] if applies(statement, request)}
    return effects == {"Allow"}


def applies(statement: Policy, request: Request) -> bool:
    unknown = set(statement) - {"Sid", "Effect", "Action", "Resource", "Condition"}
    assert not unknown, f"the evaluator does not know {unknown}"
    return (
        any(matches(pattern, request.action, ignore_case=True) for pattern in listed(statement["Action"]))
        and any(matches(pattern, request.resource) for pattern in listed(statement["Resource"]))
        and _condition(statement.get("Condition", {}), request.context)
    )


def listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def matches(pattern: str, value: str, *, ignore_case: bool = False) -> bool:
    """`*` for any run of characters, `?` for one (IAM user guide, 2026-11)."""
    expression = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(expression, value, re.IGNORECASE if ignore_case else 0) is not None


def _condition(condition: Mapping[str, Any], context: Mapping[str, str]) -> bool:
    assert set(condition) <= {"StringEquals", "ArnLike"}, f"the evaluator does not know {set(condition)}"
    like = condition.get("ArnLike", {}).items()
    return all(context.get(key) in listed(value) for key, value in condition.get("StringEquals", {}).items()) and all(
        any(matches(pattern, context.get(key, "")) for pattern in listed(value)) for key, value in like
    )
