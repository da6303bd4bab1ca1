"""The stand-in as a server: 127.0.0.1, a port of the system's choice, as many calls at once as come.

It says everywhere what it is: in the Server header, in every log line, in its pictures and in its verdicts.
"""

import json
import logging
import re
import secrets
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any, Self
from urllib.parse import unquote

from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from .behaviour import Behaviour
from .ledger import Ledger
from .lifecycle import details
from .refusal import Refusal
from .service import Answer, Service

NAME = "Retake-stand-in"
_LOG = logging.getLogger("retake.stand_in")
_PATH = re.compile(r"(\w+ /(?:model|foundation-models|_stand-in))/([^/]+)(?:/(\w+))?")
_CREDENTIAL = re.compile(r"Credential=[^/]+/\d{8}/([a-z0-9-]+)/bedrock/aws4_request")
_DEFAULT_REGION = "us-east-1"


class _Handler(WSGIRequestHandler):
    disable_nagle_algorithm = True  # head and body leave in two writes; a delayed acknowledgement costs 40 ms

    def version_string(self) -> str:
        """The Server header."""
        return NAME

    def connection_dropped(self, error: BaseException, environ: object = None) -> None:
        """Also where the stand-in itself means to answer nothing: then nobody may wait for the next request."""
        self.close_connection = True

    def log(self, type: str, message: str, *values: Any) -> None:
        """To the log, never to standard error."""
        _LOG.debug("stand-in: " + message, *values)


class StandIn(Service):
    """A running stand-in; a context manager, or `start()` and `stop()`."""

    def __init__(self, behaviour: Behaviour | None = None) -> None:
        super().__init__(behaviour or Behaviour())

    @property
    def url(self) -> str:
        """Where it listens, without a slash at the end."""
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def calls(self) -> Ledger:
        """What was asked and charged so far."""
        return self.ledger

    def start(self) -> Self:
        """Listens, in a thread of its own."""
        self._server = make_server("127.0.0.1", 0, self._served, threaded=True, request_handler=_Handler)
        threading.Thread(target=self._server.serve_forever, args=(0.05,), name=NAME, daemon=True).start()
        return self

    def stop(self) -> None:
        """Lets go of the port; every answer closes its connection anyway."""
        self._server.shutdown()
        self._server.server_close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _served(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        headers, request = {"x-amzn-RequestId": secrets.token_hex(16)}, Request(environ)
        try:
            answer, status = self._dispatched(request), 200
        except Refusal as refusal:
            answer, status = Answer(json.dumps({"message": refusal.message}).encode()), refusal.status
            headers["x-amzn-ErrorType"] = refusal.name
        time.sleep(answer.delay)
        if answer.payload is None:
            raise ConnectionAbortedError("no answer, as ordered")
        return Response(answer.payload, status, headers, content_type="application/json")(environ, start)

    def _dispatched(self, request: Request) -> Answer:
        target = f"{request.method} {request.environ['RAW_URI']}"
        match = _PATH.fullmatch(target)
        kind, name, operation = match.groups() if match else ("", "", "")
        region = _CREDENTIAL.search(request.headers.get("Authorization", ""))
        place = unquote(name), region[1] if region else _DEFAULT_REGION
        match kind, operation or name:
            case "POST /model", "invoke" | "converse":
                return self.answer(*place, operation, request.get_data())
            case "GET /foundation-models", _:
                return _as_json(details(*place, self.behaviour))
            case "GET /_stand-in" | "DELETE /_stand-in", "calls":
                if request.method == "DELETE":
                    self.calls.clear()
                return _as_json(self.calls.to_json())
            case "GET /_stand-in" | "PUT /_stand-in", "behaviour":
                if request.method == "PUT":
                    self.behaviour = _behaviour(request.get_data())
                return Answer(self.behaviour.to_json().encode())
        raise Refusal("UnknownOperationException", f"No such operation: {target}")


def _as_json(value: Any) -> Answer:
    return Answer(json.dumps(value).encode())


def _behaviour(raw: bytes) -> Behaviour:
    try:
        return Behaviour.from_json(raw)
    except (ValueError, TypeError) as error:
        raise Refusal("ValidationException", str(error)) from None
