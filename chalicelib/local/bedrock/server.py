"""The stand-in as a server: 127.0.0.1, a port of the system's choice, as many calls at once as come.

It says everywhere what it is: in the Server header, in its pictures and in its verdicts. All that changes in it are
the behaviour in force, replaced whole, and the calls.
"""

import json
import re
import secrets
import threading
from collections.abc import Callable, Iterable
from typing import Any, Self
from urllib.parse import unquote

from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from .behaviour import Behaviour
from .catalogue import details
from .refusal import Refusal
from .service import Call, Calls, answer

NAME = "Retake-stand-in"
_CALL = re.compile(r"POST /model/([^/]+)/(invoke|converse)")
_LOOK = re.compile(r"GET /foundation-models/([^/]+)")
_CREDENTIAL = re.compile(r"Credential=[^/]+/\d{8}/([a-z0-9-]+)/bedrock/aws4_request")


class _Handler(WSGIRequestHandler):
    disable_nagle_algorithm = True  # head and body leave in two writes; a delayed acknowledgement costs 40 ms

    def version_string(self) -> str:
        """The Server header."""
        return NAME

    def log_request(self, *_: Any) -> None:
        """Every request on standard error would bury the progress."""


class StandIn:
    """`with StandIn(behaviour) as stand_in`."""

    def __init__(self, behaviour: Behaviour = Behaviour()) -> None:  # noqa: B008 - frozen
        self.behaviour, self.calls = behaviour, Calls()

    @property
    def url(self) -> str:
        """Where it listens, without a slash at the end."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._server = make_server("127.0.0.1", 0, self._served, threaded=True, request_handler=_Handler)
        threading.Thread(target=self._server.serve_forever, args=(0.05,), name=NAME, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        """Lets go of the port; every answer closes its connection anyway."""
        self._server.shutdown()
        self._server.server_close()

    def _served(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        headers, status = {"x-amzn-RequestId": secrets.token_hex(16)}, 200
        try:
            told = self._dispatched(Request(environ))
        except Refusal as refusal:
            told, status = {"message": refusal.message}, refusal.status
            headers["x-amzn-ErrorType"] = refusal.name
        return Response(json.dumps(told), status, headers, content_type="application/json")(environ, start)

    def _dispatched(self, request: Request) -> dict[str, Any]:
        target = f"{request.method} {request.environ['RAW_URI']}"
        signed = _CREDENTIAL.search(request.headers.get("Authorization", ""))
        region = signed[1] if signed else "us-east-1"
        if asked := _CALL.fullmatch(target):
            self.calls.log.append(call := Call(unquote(asked[1]), region))
            return answer(call, asked[2], request.get_data(), self.behaviour)
        if look := _LOOK.fullmatch(target):
            return details(unquote(look[1]), region, self.behaviour.ended)
        raise Refusal("ResourceNotFoundException", f"No such operation: {target}")
