"""S3's REST protocol: buckets made, objects put, got, headed, deleted and listed; virtual-hosted or path style."""

from datetime import UTC, datetime
from email.utils import formatdate
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

from botocore.awsrequest import AWSPreparedRequest

from tests.fakes.aws import InMemoryAws
from tests.fakes.errors import AwsError
from tests.fakes.http import Answer, body_of, header
from tests.fakes.world import ObjectVersion


def answer(aws: InMemoryAws, request: AWSPreparedRequest) -> Answer:
    bucket, key = _place(request.url)
    try:
        match request.method:
            case "PUT" if not key:
                aws.s3.create_bucket(bucket)
                return Answer(200)
            case "PUT":
                return _put(aws, request, bucket, key)
            case "GET" | "HEAD":
                return _get(aws, request, bucket, key)
            case "DELETE":
                aws.effect("s3", "delete", f"{bucket}/{key}", lambda: aws.s3.delete(bucket, key))
                return Answer(204)
            case _:
                raise AssertionError(f"S3 {request.method} {request.url}: the pipeline has no such call")
    except AwsError as error:
        return _refusal(error, with_body=request.method != "HEAD")


def _place(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    host, path = parts.hostname or "", unquote(parts.path).removeprefix("/")
    if host.startswith("s3."):
        bucket, _, key = path.partition("/")
        return bucket, key
    return host.partition(".s3.")[0], path


def _put(aws: InMemoryAws, request: AWSPreparedRequest, bucket: str, key: str) -> Answer:
    body = body_of(request)
    content_type = header(request, "Content-Type") or "binary/octet-stream"
    metadata = {
        name.lower().removeprefix("x-amz-meta-"): header(request, name) or ""
        for name in request.headers
        if name.lower().startswith("x-amz-meta-")
    }
    if_none_match, if_match = header(request, "If-None-Match"), header(request, "If-Match")

    def put(there: InMemoryAws) -> ObjectVersion:
        return there.s3.put(
            bucket,
            key,
            body,
            content_type,
            metadata,
            if_none_match=if_none_match,
            if_match=if_match,
            lineage=there.lineage,
        )

    operation = "create" if if_none_match else "replace" if if_match else "put"
    stored = aws.carry_out("s3", operation, f"{bucket}/{key}", put)
    return Answer(200, b"", _headers(stored))


def _get(aws: InMemoryAws, request: AWSPreparedRequest, bucket: str, key: str) -> Answer:
    if not key:
        return _list(aws, request, bucket)
    version = parse_qs(urlsplit(request.url).query).get("versionId", [None])[0]
    if_match = header(request, "If-Match")

    def get(there: InMemoryAws) -> ObjectVersion:
        return there.s3.get(bucket, key, version=version, if_match=if_match)

    stored: ObjectVersion = aws.carry_out("s3", "read", f"{bucket}/{key}", get)
    metadata = {f"x-amz-meta-{name}": value for name, value in stored.metadata}
    headers = {
        **_headers(stored),
        **metadata,
        "Content-Type": stored.content_type,
        "Content-Length": str(len(stored.body)),
        "Last-Modified": formatdate(int(stored.modified), usegmt=True),
    }
    body, status = _ranged(stored.body, header(request, "Range"), headers)
    return Answer(status, body if request.method == "GET" else b"", headers)


def _list(aws: InMemoryAws, request: AWSPreparedRequest, bucket: str) -> Answer:
    """ListObjectsV2, all on one page; for the command line, not for handlers."""
    prefix = parse_qs(urlsplit(request.url).query).get("prefix", [""])[0]
    keys = aws.effect("s3", "list", f"{bucket}/{prefix}", lambda: aws.s3.keys(bucket))
    found = "".join(_listed(key, aws.s3.get(bucket, key)) for key in keys if key.startswith(prefix))
    text = f"<ListBucketResult><IsTruncated>false</IsTruncated>{found}</ListBucketResult>"
    return Answer(200, text.encode(), {"Content-Type": "application/xml"})


def _listed(key: str, stored: ObjectVersion) -> str:
    moment = datetime.fromtimestamp(stored.modified, UTC).isoformat()
    told = f"<Key>{escape(key)}</Key><ETag>{escape(stored.etag)}</ETag><LastModified>{moment}</LastModified>"
    return f"<Contents>{told}</Contents>"


def _ranged(body: bytes, wanted: str | None, headers: dict[str, str]) -> tuple[bytes, int]:
    """`Range: bytes=0-N`; of an empty object no range can be had."""
    if wanted is None:
        return body, 200
    first, _, last = wanted.removeprefix("bytes=").partition("-")
    if int(first) >= len(body):
        raise AwsError("InvalidRange", 416, "The requested range is not satisfiable")
    part = body[int(first) : int(last) + 1 if last else None]
    headers["Content-Length"] = str(len(part))
    headers["Content-Range"] = f"bytes {first}-{int(first) + len(part) - 1}/{len(body)}"
    return part, 206


def _headers(stored: ObjectVersion) -> dict[str, str]:
    versioned = {} if stored.version == "null" else {"x-amz-version-id": stored.version}
    return {"ETag": stored.etag, **versioned}


def _refusal(error: AwsError, *, with_body: bool) -> Answer:
    told = f"<Code>{error.code}</Code><Message>{escape(error.words)}</Message>"
    text = f"<?xml version='1.0' encoding='UTF-8'?><Error>{told}</Error>"
    return Answer(error.status, text.encode() if with_body else b"", {"Content-Type": "application/xml"})
