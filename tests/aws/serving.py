"""A Bedrock on this machine that does one thing, and a caller of it, for one test."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from botocore.credentials import CredentialResolver

from chalicelib.aws.bedrock import BedrockCaller, paid_call_config
from tests.fakes.sessions import core_session

CANVAS = "amazon.nova-canvas-v1:0"

Handle = Callable[[BaseHTTPRequestHandler, bytes], None]


class Server:
    """A Bedrock that does one thing, and counts how often it was asked."""

    def __init__(self, handle: Handle) -> None:
        self.asked: list[tuple[str, bytes]] = []
        asked = self.asked

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                asked.append((self.path, body))
                handle(self, body)

            def log_message(self, format: str, *arguments: object) -> None:
                """Quiet."""

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.http.server_address[1]}"


@contextmanager
def serving(handle: Handle) -> Iterator[Server]:
    server = Server(handle)
    thread = threading.Thread(target=server.http.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.http.shutdown()
        server.http.server_close()
        thread.join()


def caller(url: str, with_credentials: bool = True) -> BedrockCaller:
    session = core_session()
    if with_credentials:
        session.set_credentials("AKIDEXAMPLE", "secret")
    else:
        session.register_component("credential_provider", CredentialResolver([]))

    @cache
    def client_for(region: str, timeout: float):
        return session.create_client(
            "bedrock-runtime", region_name=region, endpoint_url=url, config=paid_call_config(timeout)
        )

    return BedrockCaller(client_for, "us-east-1")


def answering(status: int, body: bytes, **headers: str) -> Handle:
    def handle(handler: BaseHTTPRequestHandler, _: bytes) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return handle


def failing(code: str, status: int, message: str = "Some words.") -> Handle:
    return answering(status, json.dumps({"message": message}).encode(), x_amzn_ErrorType=code)


def hang_up(handler: BaseHTTPRequestHandler, _: bytes) -> None:
    handler.connection.shutdown(socket.SHUT_RDWR)


def hang(handler: BaseHTTPRequestHandler, _: bytes) -> None:
    time.sleep(3)
    handler.close_connection = True


def begin(handler: BaseHTTPRequestHandler) -> None:
    """The head of an answer of 1,000 bytes, and the first ten of them."""
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"images":')
    handler.wfile.flush()


def break_off(handler: BaseHTTPRequestHandler, _: bytes) -> None:
    begin(handler)
    handler.connection.shutdown(socket.SHUT_RDWR)


def stall(handler: BaseHTTPRequestHandler, _: bytes) -> None:
    begin(handler)
    time.sleep(3)
