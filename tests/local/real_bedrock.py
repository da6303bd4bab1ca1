"""Bedrock as an account has it, played by the stand-in behind a door of its own: it takes one pair of keys, no other.

`Door` also says who may use which model, and writes down whatever came; `Trap` is for all that must not be asked.
"""

import http.client
import json
import re
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import unquote, urlsplit

from chalicelib.local.bedrock.server import StandIn

KEY = "AKIAOWNACCOUNT"
CREDENTIAL = re.compile(r"Credential=([^/]+)/\d{8}/([a-z0-9-]+)/([a-z0-9-]+)/aws4_request")
FREE = {"authorizationStatus": "AUTHORIZED", "entitlementAvailability": "AVAILABLE", "regionAvailability": "AVAILABLE"}


class Server:
    """`with Server() as server`: an address, and what was asked there as (key, region, service, method, path)."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, str, str, str]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
                found = CREDENTIAL.search(self.headers.get("Authorization", ""))
                who = (found[1], found[2], found[3]) if found else ("", "", "")
                outer.asked.append((*who, self.command, unquote(self.path)))
                status, headers, payload = outer.reply(self, who[0], body)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(payload)))
                self.end_headers()
                self.wfile.write(payload)

            do_GET = do_POST = do_PUT = do_CONNECT = do_HEAD = answer

            def log_message(self, format: str, *values: Any) -> None:
                """Silent."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def reply(self, request: BaseHTTPRequestHandler, key: str, body: bytes) -> tuple[int, dict[str, str], bytes]:
        raise NotImplementedError

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class Trap(Server):
    """Refuses everything."""

    def reply(self, request: BaseHTTPRequestHandler, key: str, body: bytes) -> tuple[int, dict[str, str], bytes]:
        return 403, {}, b""


class Door(Server):
    """`refuses(path)` is an error's code for what this account may not do."""

    def __init__(self, stand_in: StandIn, refuses: Callable[[str], str | None] = lambda path: None) -> None:
        super().__init__()
        self._stand_in = stand_in
        self._refuses = refuses

    def reply(self, request: BaseHTTPRequestHandler, key: str, body: bytes) -> tuple[int, dict[str, str], bytes]:
        if key != KEY:
            return _error(403, "UnrecognizedClientException", "The security token included in the request is invalid.")
        if code := self._refuses(unquote(request.path)):
            return _error(403, code, "You don't have access to the model with the specified model ID.")
        if request.path.startswith("/foundation-model-availability/"):
            return 200, {}, json.dumps(FREE | {"agreementAvailability": {"status": "AVAILABLE"}}).encode()
        behind = http.client.HTTPConnection(urlsplit(self._stand_in.url).netloc)
        behind.request(request.command, request.path, body, {"Authorization": request.headers["Authorization"]})
        answer = behind.getresponse()
        kept = {name: value for name, value in answer.getheaders() if name.lower().startswith(("x-amzn", "content-ty"))}
        payload = answer.read()
        behind.close()
        return answer.status, kept, payload


def _error(status: int, code: str, words: str) -> tuple[int, dict[str, str], bytes]:
    return status, {"x-amzn-ErrorType": code}, json.dumps({"message": words}).encode()
