"""The gate before moto: one request at a time, because moto's queues are not made for several.

moto 5.2.5 receives and deletes without a lock: two receivers can get one message, and a message sent while another is
deleted can vanish (`Queue.delete_message` rebuilds the list; read in its source, 2026-11). Either would be taken for
a fault of the product. Long polls wait outside the gate, or nobody could send what they wait for.

Also tells who wants to know which objects were written, and has an output bucket made when the handlers first ask for
it: `run` and `local` allow any. Otherwise it must not change what moto answers.
"""

import io
import json
import re
import time
from collections.abc import Callable, Iterable, Mapping
from threading import Condition, Event
from typing import Any

from moto.moto_server.werkzeug_app import create_backend_app
from werkzeug.wrappers import Request, Response

from chalicelib.local.names import HANDLERS_KEY
from chalicelib.ports import Place

PLAIN = re.compile(r"x-id|AWSAccessKeyId|Signature|Expires|X-Amz-.*")  # arguments of a PutObject; most sign a link
LOOK_AGAIN_SECONDS = 0.2  # delays and visibility timeouts end without a request that could wake a long poll
HANDLERS = f"Credential={HANDLERS_KEY}/"
SCOPE = re.compile(r"/(s3|sqs)/aws4_request")

Environ = dict[str, Any]


class Gate:
    """A WSGI application around moto's; `written` is called with each object that a request has put, and its version.

    `missing` makes a bucket that the handlers ask for, and has `own_key` for it.
    """

    def __init__(
        self, written: Callable[[Place, str | None], None], missing: Callable[[str], None], own_key: str
    ) -> None:
        # moto's own dispatcher lists its package's directory for each request, 40 % of an SQS call's time (moto 5.2.5,
        # profiled 2026-11); what is not signed can only be meant for S3.
        self._services = {service: create_backend_app(service) for service in ("s3", "sqs")}
        self._written = written
        self._missing = missing
        self._own = f"Credential={own_key}/"
        self._opened = Event()
        self._turn = Condition()
        self._releases = 0

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        request, signed = Request(environ, populate_request=False), environ.get("HTTP_AUTHORIZATION", "")
        if self._own not in signed:
            self._opened.wait()
        body, seconds = request.get_data(), 0.0
        if _receives(environ):
            asked = json.loads(body)
            body, seconds = json.dumps(asked | {"WaitTimeSeconds": 0}).encode(), float(asked.get("WaitTimeSeconds", 0))
        answer = self._asked_until(environ, body, time.monotonic() + seconds)
        bucket, _, key = request.path.lstrip("/").partition("/")
        if answer.status_code == 404 and HANDLERS in signed and b"<Code>NoSuchBucket</Code>" in answer.data:
            self._missing(bucket)
            answer = self._asked_until(environ, body, 0.0)
        if answer.status_code < 300 and key and _puts_whole(request):
            self._written(Place(bucket, key), answer.headers.get("x-amz-version-id"))
        return answer(environ, start_response)

    def open(self) -> None:
        """Let others in than who has the engine's own key."""
        self._opened.set()

    def release(self) -> None:
        """End the long polls under way, empty-handed."""
        with self._turn:
            self._releases += 1
            self._turn.notify_all()

    def _asked_until(self, environ: Environ, body: bytes, deadline: float) -> Response:
        signed = SCOPE.search(environ.get("HTTP_AUTHORIZATION", ""))
        application = self._services[signed[1] if signed else "s3"]
        with self._turn:
            releases = self._releases
            while True:  # each time with an environment of its own: moto keeps its things in it
                again = environ | {"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))}
                answer = Response.from_app(application, again, buffered=True)
                left, empty = deadline - time.monotonic(), b'"Messages"' not in answer.data
                if left <= 0 or releases != self._releases or not empty or answer.status_code != 200:
                    break
                self._turn.wait(min(left, LOOK_AGAIN_SECONDS))
            if environ["REQUEST_METHOD"] in ("PUT", "POST") and not _receives(environ):
                self._turn.notify_all()
        return answer


def _receives(environ: Mapping[str, Any]) -> bool:
    return str(environ.get("HTTP_X_AMZ_TARGET", "")).endswith(".ReceiveMessage")


def _puts_whole(request: Request) -> bool:
    """PutObject, CopyObject, CompleteMultipartUpload."""
    put = request.method == "PUT" and all(map(PLAIN.fullmatch, request.args))
    return put or (request.method == "POST" and "uploadId" in request.args)
