"""The stand-in's HTTP: 127.0.0.1, a port of the system's choice, as many calls at once as come.

It says everywhere what it is: in the Server header, in every log line, in its pictures and in its verdicts.
"""

import json
import logging
import re
import secrets
import socket
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import unquote

from .behaviour import Behaviour
from .ledger import Ledger
from .lifecycle import details
from .refusal import Refusal
from .service import Answer, Service

NAME = "Retake-stand-in"
_LOG = logging.getLogger("retake.stand_in")
_MODEL = re.compile(r"/model/([^/]+)/(invoke|converse)")
_FOUNDATION_MODEL = re.compile(r"/foundation-models/([^/]+)")
_CREDENTIAL = re.compile(r"Credential=[^/]+/\d{8}/([a-z0-9-]+)/bedrock/aws4_request")
_DEFAULT_REGION = "us-east-1"


class StandIn:
    """A running stand-in; a context manager, or `start()` and `stop()`."""

    def __init__(self, behaviour: Behaviour | None = None) -> None:
        self.service = Service(behaviour or Behaviour())
        self._server: _Server | None = None

    @property
    def url(self) -> str:
        """Where it listens, without a slash at the end."""
        assert self._server is not None, "start() first"
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def calls(self) -> Ledger:
        """What was asked and charged so far."""
        return self.service.ledger

    @property
    def behaviour(self) -> Behaviour:
        """What it does now; set it to change that from the next call on."""
        return self.service.behaviour

    @behaviour.setter
    def behaviour(self, behaviour: Behaviour) -> None:
        self.service.behaviour = behaviour

    def start(self) -> Self:
        """Listens, in a thread of its own."""
        self._server = _Server(("127.0.0.1", 0), _handler(self.service))
        threading.Thread(target=self._server.serve_forever, args=(0.05,), name=NAME, daemon=True).start()
        return self

    def stop(self) -> None:
        """Closes every connection, those in use too."""
        if self._server is not None:
            self._server.shutdown()
            self._server.close_connections()
            self._server.server_close()
            self._server = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(address, handler)
        self._open: set[socket.socket] = set()
        self._guard = threading.Lock()

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._guard:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._guard:
            self._open.discard(request)
        super().shutdown_request(request)

    def close_connections(self) -> None:
        with self._guard:
            for connection in self._open:
                try:
                    connection.shutdown(socket.SHUT_RDWR)
                except OSError:
                    _LOG.debug("stand-in: a connection was closed by its other end already")

    def handle_error(self, request: Any, client_address: Any) -> None:
        _LOG.warning("stand-in: a connection broke", exc_info=True)


def _handler(service: Service) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        server_version = NAME
        sys_version = ""
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            raw = self._body()
            match = _MODEL.fullmatch(self.path)
            if match is None:
                self._refuse(Refusal("UnknownOperationException", f"No such operation: POST {self.path}"))
                return
            call = service.invoke if match.group(2) == "invoke" else service.converse
            self._answer(lambda: call(unquote(match.group(1)), self._region(), raw))

        def do_GET(self) -> None:
            match = _FOUNDATION_MODEL.fullmatch(self.path)
            if self.path == "/_stand-in/calls":
                self._send(200, json.dumps(service.ledger.to_json()).encode())
            elif self.path == "/_stand-in/behaviour":
                self._send(200, service.behaviour.to_json().encode())
            elif match is not None:
                identifier = unquote(match.group(1))
                self._answer(lambda: Answer(json.dumps(details(identifier, self._region(), service.behaviour)).encode()))
            else:
                self._refuse(Refusal("UnknownOperationException", f"No such operation: GET {self.path}"))

        def do_PUT(self) -> None:
            raw = self._body()
            if self.path != "/_stand-in/behaviour":
                self._refuse(Refusal("UnknownOperationException", f"No such operation: PUT {self.path}"))
                return
            try:
                service.behaviour = Behaviour.from_json(raw)
            except (ValueError, TypeError) as error:
                self._refuse(Refusal("ValidationException", str(error)))
                return
            self._send(200, service.behaviour.to_json().encode())

        def do_DELETE(self) -> None:
            if self.path == "/_stand-in/calls":
                service.ledger.clear()
                self._send(200, b"{}")
            else:
                self._refuse(Refusal("UnknownOperationException", f"No such operation: DELETE {self.path}"))

        def _answer(self, call: Callable[[], Answer]) -> None:
            try:
                answer = call()
            except Refusal as refusal:
                self._refuse(refusal)
                return
            time.sleep(answer.delay)
            if answer.payload is None:
                self.close_connection = True
                return
            self._send(200, answer.payload)

        def _refuse(self, refusal: Refusal) -> None:
            self._send(refusal.status, json.dumps({"message": refusal.message}).encode(), refusal.name)

        def _send(self, status: int, payload: bytes, error: str = "") -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(payload)))
            self.send_header("x-amzn-RequestId", secrets.token_hex(16))
            if error:
                self.send_header("x-amzn-ErrorType", error)
            self._headers_buffer.append(b"\r\n")  # type: ignore[attr-defined]
            self.wfile.write(b"".join(self._headers_buffer) + payload)  # type: ignore[attr-defined]
            self._headers_buffer = []

        def _body(self) -> bytes:
            return self.rfile.read(int(self.headers.get("Content-Length", "0")))

        def _region(self) -> str:
            match = _CREDENTIAL.search(self.headers.get("Authorization", ""))
            return match.group(1) if match else _DEFAULT_REGION

        def log_message(self, format: str, *values: Any) -> None:
            _LOG.debug("stand-in: " + format, *values)

    return Handler
