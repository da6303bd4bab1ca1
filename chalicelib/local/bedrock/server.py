"""The stand-in as a server: 127.0.0.1, a port of the system's choice, as many calls at once as come."""

import logging
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from .behaviour import Behaviour
from .handler import NAME, handler
from .ledger import Ledger
from .service import Service

_LOG = logging.getLogger("retake.stand_in")


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
        self._server = _Server(("127.0.0.1", 0), handler(self.service))
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

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], handler_class: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(address, handler_class)
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
        _LOG.info("stand-in: a connection broke", exc_info=True)
