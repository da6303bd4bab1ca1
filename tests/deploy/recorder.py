"""A proxy that writes down what passes: who called which action on which resource, and with what answer.

Who: the access key, which the tests give each function as its own. It forwards everything unchanged.
"""

import http.client
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, unquote, urlsplit

ACCOUNT = "123456789012"
CREDENTIAL = re.compile(r"Credential=([^/]+)/\d{8}/([a-z0-9-]+)/([a-z0-9-]+)/aws4_request")
Headers = dict[str, str]


@dataclass(frozen=True)
class Call:
    """One call as IAM sees it, and the HTTP status of its answer."""

    who: str
    action: str
    resource: str
    status: int


def as_iam_sees_it(method: str, path: str, headers: Headers, body: bytes) -> tuple[str, str, str]:
    """Caller, action and resource of a request. Fails for an operation that is not known here."""
    credential = CREDENTIAL.search(headers["authorization"])
    assert credential, headers
    who, region, service = credential.groups()
    kind: dict[str, Callable[[], tuple[str, str]]] = {
        "s3": lambda: _s3(method, path),
        "sqs": lambda: _sqs(headers["x-amz-target"], json.loads(body), region),
        "bedrock": lambda: _bedrock(path, region),
    }
    return (who, *kind[service]())


def _s3(method: str, path: str) -> tuple[str, str]:
    parts = urlsplit(path)
    _, _, key = unquote(parts.path).lstrip("/").partition("/")
    assert key, f"{method} {path}: no call on a bucket is expected"
    read = "GetObjectVersion" if "versionId" in parse_qs(parts.query) else "GetObject"
    return f"s3:{ {'GET': read, 'PUT': 'PutObject'}[method] }", f"arn:aws:s3:::{unquote(parts.path).lstrip('/')}"


def _sqs(target: str, body: dict[str, Any], region: str) -> tuple[str, str]:
    name = body.get("QueueName") or body["QueueUrl"].rpartition("/")[2]
    return f"sqs:{target.rpartition('.')[2]}", f"arn:aws:sqs:{region}:{ACCOUNT}:{name}"


def _bedrock(path: str, region: str) -> tuple[str, str]:
    model = re.fullmatch(r"/model/([^/]+)/(?:invoke|converse)", urlsplit(path).path)
    assert model, path
    return "bedrock:InvokeModel", f"arn:aws:bedrock:{region}::foundation-model/{unquote(model[1])}"


class Recorder:
    """`with Recorder(url, calls) as recorder`: `recorder.url` stands for `url`, and `calls` fills."""

    def __init__(self, url: str, calls: list[Call]) -> None:
        self._target = urlsplit(url).netloc
        self._calls = calls

    def __enter__(self) -> Self:
        recorder = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _forward(self) -> None:
                recorder._forward(self)

            do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = _forward

            def log_message(self, *_: object) -> None:
                """Silence."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
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
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def _forward(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in handler.headers.items()}
        headers.pop("expect", None)  # answered by the server already
        connection = http.client.HTTPConnection(self._target, timeout=60)
        connection.request(handler.command, handler.path, body, headers)
        answer = connection.getresponse()
        content = answer.read()
        who, action, resource = as_iam_sees_it(handler.command, handler.path, headers, body)
        self._calls.append(Call(who, action, resource, answer.status))
        handler.send_response_only(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("transfer-encoding", "connection", "content-length"):
                handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)
        connection.close()
