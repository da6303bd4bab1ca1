"""One invocation of a function as Lambda makes it: context in, success or failure out, and what is written of that.

Must not know where events come from. A handler past its timeout cannot be stopped here, but counts as failed.
"""

import json
import time
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from chalicelib.follow.words import shortened
from chalicelib.local.functions import Function
from chalicelib.local.names import ACCOUNT, REGION


class Context:
    """What Lambda gives a handler beside the event, as far as anybody asks for it."""

    def __init__(self, function_name: str, request_id: str, timeout: float) -> None:
        self.function_name = function_name
        self.aws_request_id = request_id
        self._end = time.monotonic() + timeout

    def get_remaining_time_in_millis(self) -> int:
        return max(0, int((self._end - time.monotonic()) * 1000))


@dataclass(frozen=True)
class Failure:
    """How an invocation failed, as Lambda words it; `trace` in Lambda's form, a line an entry."""

    kind: str
    message: str
    trace: tuple[str, ...] = ()


@dataclass(frozen=True)
class Invocation:
    """One that has ended; `failure` None is success. `number` counts the tries of this event or message from 1."""

    function: Function
    event: Mapping[str, Any]
    request_id: str
    number: int
    failure: Failure | None


def invoke(function: Function, event: Mapping[str, Any], request_id: str, *, timeout: float, number: int) -> Invocation:
    """Call the handler with a deep copy of the event, as if it had come over the wire."""
    failure, context = None, Context(function.name, request_id, timeout)
    try:
        function.handler(json.loads(json.dumps(event)), context)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - Lambda too makes a failed invocation of whatever is raised
        failure = Failure(type(error).__name__, str(error), tuple(traceback.format_tb(error.__traceback__)))
    if context.get_remaining_time_in_millis() == 0:
        words = f"RequestId: {request_id} Error: Task timed out after {timeout:.2f} seconds"
        failure = Failure("Sandbox.Timedout", words)
    return Invocation(function, event, request_id, number, failure)


def killed(request_id: str) -> Failure:
    """The failure of an invocation whose process ended before it could say anything."""
    return Failure("Runtime.ExitError", f"RequestId: {request_id} Error: Runtime exited with error: signal: killed")


def log_line(invocation: Invocation, failure: Failure, *, verbose: bool) -> str:
    """A failed one in one line; the trace only where asked for."""
    where = f"{invocation.function.name}, try {invocation.number} of {invocation.request_id}"
    line = f"{where}: {failure.kind}: {shortened(failure.message, 1_000)}"
    return "\n".join((line, *failure.trace)) if verbose else line


def invocation_record(invocation: Invocation, failure: Failure, now: datetime) -> str:
    """What Lambda sends to the failure destination when the tries of an asynchronous event have run out."""
    record = {
        "version": "1.0",
        "timestamp": now.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "requestContext": {
            "requestId": invocation.request_id,
            "functionArn": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{invocation.function.name}:$LATEST",
            "condition": "RetriesExhausted",
            "approximateInvokeCount": invocation.number,
        },
        "requestPayload": invocation.event,
        "responseContext": {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"},
        "responsePayload": {"errorMessage": failure.message, "errorType": failure.kind, "stackTrace": failure.trace},
    }
    return json.dumps(record, ensure_ascii=False)
