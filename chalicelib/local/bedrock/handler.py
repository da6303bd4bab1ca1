"""The stand-in's HTTP: paths, regions, error headers, and the control paths under /_stand-in/.

It says everywhere what it is: in the Server header, in every log line, in its pictures and in its verdicts.
"""

import json
import logging
import re
import secrets
import time
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler
from typing import Any, ClassVar
from urllib.parse import unquote

from .behaviour import Behaviour
from .lifecycle import details
from .refusal import Refusal
from .service import Answer, Service

NAME = "Retake-stand-in"
_LOG = logging.getLogger("retake.stand_in")
_PATHS = (
    ("POST", re.compile(r"/model/([^/]+)/invoke"), "invoke"),
    ("POST", re.compile(r"/model/([^/]+)/converse"), "converse"),
    ("GET", re.compile(r"/foundation-models/([^/]+)"), "describe"),
    ("GET", re.compile(r"/_stand-in/calls()"), "calls"),
    ("DELETE", re.compile(r"/_stand-in/calls()"), "forget"),
    ("GET", re.compile(r"/_stand-in/behaviour()"), "behaviour"),
    ("PUT", re.compile(r"/_stand-in/behaviour()"), "behave"),
)
_CREDENTIAL = re.compile(r"Credential=[^/]+/\d{8}/([a-z0-9-]+)/bedrock/aws4_request")
_DEFAULT_REGION = "us-east-1"


Route = Callable[[str, str, bytes], Answer]
"""What a path does with the model's identifier, the caller's region and the body."""


def routes(service: Service) -> Mapping[str, Route]:
    """Every route of `_PATHS`."""

    def behave(raw: bytes) -> Answer:
        try:
            service.behaviour = Behaviour.from_json(raw)
        except (ValueError, TypeError) as error:
            raise Refusal("ValidationException", str(error)) from None
        return Answer(service.behaviour.to_json().encode())

    def forget() -> Answer:
        service.ledger.clear()
        return _as_json(service.ledger.to_json())

    return {
        "invoke": service.invoke,
        "converse": service.converse,
        "describe": lambda identifier, region, _: _as_json(details(identifier, region, service.behaviour)),
        "calls": lambda *_: _as_json(service.ledger.to_json()),
        "forget": lambda *_: forget(),
        "behaviour": lambda *_: Answer(service.behaviour.to_json().encode()),
        "behave": lambda _identifier, _region, raw: behave(raw),
    }


def _as_json(value: Any) -> Answer:
    return Answer(json.dumps(value).encode())


def handler(service: Service) -> type[BaseHTTPRequestHandler]:
    """The handler class that http.server wants, bound to one service."""
    return type("Handler", (_Handler,), {"routes": routes(service)})


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # one write for headers and payload
    routes: ClassVar[Mapping[str, Route]]

    def do_GET(self) -> None:
        """http.server's hook."""
        self._respond()

    def do_POST(self) -> None:
        """http.server's hook."""
        self._respond()

    def do_PUT(self) -> None:
        """http.server's hook."""
        self._respond()

    def do_DELETE(self) -> None:
        """http.server's hook."""
        self._respond()

    def _respond(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        try:
            answer = self._dispatched(raw)
        except Refusal as refusal:
            self._send(refusal.status, json.dumps({"message": refusal.message}).encode(), refusal.name)
            return
        time.sleep(answer.delay)
        if answer.payload is None:
            self.close_connection = True
        else:
            self._send(200, answer.payload)

    def _dispatched(self, raw: bytes) -> Answer:
        for method, pattern, name in _PATHS:
            match = pattern.fullmatch(self.path)
            if match is not None and method == self.command:
                return self.routes[name](unquote(match.group(1)), self._region(), raw)
        raise Refusal("UnknownOperationException", f"No such operation: {self.command} {self.path}")

    def _region(self) -> str:
        """Where the caller believes to be: the region it signed for."""
        match = _CREDENTIAL.search(self.headers.get("Authorization", ""))
        return match.group(1) if match else _DEFAULT_REGION

    def _send(self, status: int, payload: bytes, error: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(payload)))
        self.send_header("x-amzn-RequestId", secrets.token_hex(16))
        if error:
            self.send_header("x-amzn-ErrorType", error)
        self.end_headers()
        self.wfile.write(payload)
        self.wfile.flush()

    def version_string(self) -> str:
        """http.server's hook: the Server header."""
        return NAME

    def log_message(self, format: str, *values: Any) -> None:
        """http.server's hook: to the log, never to standard error."""
        _LOG.debug("stand-in: " + format, *values)
