"""The gate before moto: one request at a time, because moto's queues are not made for several.

moto 5.2.5 receives and deletes without a lock: two receivers can get one message, and a message sent while another is
deleted can vanish (`Queue.delete_message` rebuilds the list; read in its source, 2026-11). Either would be taken for
a fault of the product. Long polls wait outside the gate, or nobody could send what they wait for.

Also tells who wants to know which objects were written. Must not change what moto answers.
"""

import io
import json
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from threading import Condition
from typing import Any
from urllib.parse import parse_qs

from chalicelib.ports import Place

LOOK_AGAIN_SECONDS = 0.2  # delays and visibility timeouts end without a request that could wake a long poll

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


@dataclass(frozen=True)
class Answer:
    """One whole HTTP answer."""

    status: str
    headers: list[tuple[str, str]]
    body: bytes


class Gate:
    """A WSGI application around moto's; `written` is called with each object that a request has put."""

    def __init__(self, application: Application, written: Callable[[Place], None]) -> None:
        self._application = application
        self._written = written
        self._turn = Condition()
        self._releases = 0

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        length = environ.get("CONTENT_LENGTH")
        body = environ["wsgi.input"].read(int(length)) if length else None
        body, wait_seconds = _short_poll(environ, body)
        answer = self._asked_until(environ, body, time.monotonic() + wait_seconds)
        if answer.status.startswith("2") and (place := written_place(environ)) is not None:
            self._written(place)
        start_response(answer.status, answer.headers)
        return [answer.body]

    def release(self) -> None:
        """End the long polls under way, empty-handed."""
        with self._turn:
            self._releases += 1
            self._turn.notify_all()

    def _asked_until(self, environ: Environ, body: bytes | None, deadline: float) -> Answer:
        with self._turn:
            releases = self._releases
            while True:
                answer = self._asked(environ, body)
                left = deadline - time.monotonic()
                if left <= 0 or releases != self._releases or not _is_empty_receive(answer):
                    break
                self._turn.wait(min(left, LOOK_AGAIN_SECONDS))
            if environ["REQUEST_METHOD"] in ("PUT", "POST") and not _receives(environ):
                self._turn.notify_all()
        return answer

    def _asked(self, environ: Environ, body: bytes | None) -> Answer:
        fresh = dict(environ)  # moto keeps its own things in it
        if body is not None:
            fresh |= {"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))}
        started: list[tuple[str, list[tuple[str, str]]]] = []
        parts = self._application(fresh, lambda status, headers, *_: started.append((status, headers)))
        try:
            whole = b"".join(parts)
        finally:
            if hasattr(parts, "close"):
                parts.close()
        return Answer(*started[-1], whole)


def _receives(environ: Mapping[str, Any]) -> bool:
    return str(environ.get("HTTP_X_AMZ_TARGET", "")).endswith(".ReceiveMessage")


def _short_poll(environ: Mapping[str, Any], body: bytes | None) -> tuple[bytes | None, float]:
    """The same request without its waiting time, and that time in seconds."""
    if body is None or not _receives(environ):
        return body, 0.0
    request = json.loads(body)
    seconds = float(request.get("WaitTimeSeconds") or 0)
    return json.dumps(request | {"WaitTimeSeconds": 0}).encode(), seconds


def _is_empty_receive(answer: Answer) -> bool:
    return answer.status.startswith("200") and b'"Messages"' not in answer.body


def written_place(environ: Mapping[str, Any]) -> Place | None:
    """The object that a successful request has put whole: PutObject, CopyObject, CompleteMultipartUpload."""
    query = parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True)
    whole = (environ["REQUEST_METHOD"] == "PUT" and set(query) <= {"x-id"}) or (
        environ["REQUEST_METHOD"] == "POST" and "uploadId" in query
    )
    path = environ.get("PATH_INFO", "").encode("latin-1").decode("utf-8", "replace")  # WSGI carries bytes as latin-1
    bucket, _, key = path.lstrip("/").partition("/")
    return Place(bucket, key) if whole and key else None
