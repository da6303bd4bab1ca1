"""The Runtime API's server: events out at `next`, results in (AWS documentation, "Lambda runtime API", 2026-11).

One server a process, so that a process that is killed while it waits takes no event with it.
"""

import json
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Empty, Queue
from threading import Thread
from types import TracebackType
from typing import Any, Self

PREFIX = "/2018-06-01/runtime/"


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A process that was killed leaves its connection open; that is no news."""


@dataclass(frozen=True)
class Ended:
    """How an invocation ended; `error` is what the function posted as one, None after a success."""

    payload: Any
    error: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class _Asked:
    identity: str
    event: bytes
    arn: str
    deadline_ms: int


class RuntimeApi:
    """`with RuntimeApi() as api`, then `ask` from any thread; one invocation at a time, as Lambda does."""

    def __init__(self) -> None:
        self._asked: Queue[_Asked] = Queue()
        self._ended: Queue[Ended] = Queue()

    def __enter__(self) -> Self:
        api = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                assert self.path == f"{PREFIX}invocation/next", self.path
                api._next(self)

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])) or b"null")
                api._ended.put(Ended(None, body) if self.path.endswith("/error") else Ended(body))
                self.send_response(202)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Silence."""

        self._server = _Server(("127.0.0.1", 0), Handler)
        self._thread = Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._server.server_address[1]}"

    def ask(self, event: Any, arn: str, timeout: float) -> Ended | None:
        """One invocation; None when it has not ended within its timeout, in seconds."""
        deadline = int((time.time() + timeout) * 1000)
        self._asked.put(_Asked(str(uuid.uuid4()), json.dumps(event).encode(), arn, deadline))
        return self.ended(timeout)

    def ended(self, timeout: float) -> Ended | None:
        """What was posted next: an invocation's end, or an error while the process began."""
        try:
            return self._ended.get(timeout=timeout)
        except Empty:
            return None

    def _next(self, handler: BaseHTTPRequestHandler) -> None:
        asked = self._asked.get()
        handler.send_response(200)
        handler.send_header("Lambda-Runtime-Aws-Request-Id", asked.identity)
        handler.send_header("Lambda-Runtime-Deadline-Ms", str(asked.deadline_ms))
        handler.send_header("Lambda-Runtime-Invoked-Function-Arn", asked.arn)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(asked.event)))
        handler.end_headers()
        handler.wfile.write(asked.event)
