"""What a wire answers, before it becomes botocore's, and how a request's body is read."""

import base64
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from botocore.awsrequest import AWSPreparedRequest


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


def json_answer(value: Mapping[str, Any], status: int = 200, **headers: str) -> Answer:
    return Answer(status, json.dumps(value).encode(), {"Content-Type": "application/x-amz-json-1.0", **headers})


def header(request: AWSPreparedRequest, name: str) -> str | None:
    """A header as text; botocore keeps some as bytes."""
    value = request.headers.get(name)
    return value.decode() if isinstance(value, bytes) else value


def body_of(request: AWSPreparedRequest) -> bytes:
    """The payload, out of its aws-chunked framing; a checksum that does not fit is an error of the client."""
    raw = request.body or b""
    data = raw.encode() if isinstance(raw, str) else raw if isinstance(raw, bytes | bytearray) else raw.read()
    expected = header(request, "x-amz-checksum-crc32")
    if "aws-chunked" in (header(request, "Content-Encoding") or ""):
        data, trailers = _unchunked(data)
        expected = trailers.get("x-amz-checksum-crc32", expected)
    if expected is not None:
        actual = base64.b64encode(zlib.crc32(data).to_bytes(4, "big")).decode()
        assert actual == expected, f"the checksum sent is {expected}, the body's is {actual}"
    return data


def _unchunked(framed: bytes) -> tuple[bytes, dict[str, str]]:
    """Chunks of `size CRLF data CRLF`, a chunk of size 0, then trailers."""
    parts: list[bytes] = []
    rest = framed
    while True:
        size, _, rest = rest.partition(b"\r\n")
        length = int(size.partition(b";")[0], 16)
        if length == 0:
            break
        parts.append(rest[:length])
        rest = rest[length + 2 :]
    lines = [line.decode() for line in rest.split(b"\r\n") if line]
    return b"".join(parts), {name.lower(): value for name, _, value in (line.partition(":") for line in lines)}
