"""Images put into a Converse body at the last moment, so that no more copies of them are held than needed.

botocore turns an image into base64 text, that into quoted text, that into the body's text and that into bytes, and
holds them all at once: 3.8 times a model's reply, where the budget is 3 (botocore 1.44, measured 2026-11).
Here botocore serializes a short mark in the image's place, and the mark is replaced in the bytes that leave.
Must not look into the rest of a request.
"""

import secrets
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from chalicelib.ports import Json

if TYPE_CHECKING:
    from mypy_boto3_bedrock_runtime import BedrockRuntimeClient

_EVENT = "before-call.bedrock-runtime.Converse"


class LargeImages:
    """Marks for the images of calls under way; each thread has its own call."""

    def __init__(self) -> None:
        self._secret = secrets.token_bytes(32)  # never leaves the process, so that no text can name a mark
        self._call = threading.local()

    @contextmanager
    def marked(self, client: "BedrockRuntimeClient", request: Json) -> Iterator[dict[str, Any]]:
        """The request with marks for its images, for one Converse call of this client in this thread."""
        images: list[bytes] = []
        messages = [
            {**message, "content": [self._block(block, images) for block in message["content"]]}
            for message in request["messages"]
        ]
        if images:
            client.meta.events.register(_EVENT, self._put_in, unique_id=f"images-{id(self)}")
        self._call.images = images
        try:
            yield {**request, "messages": messages}
        finally:
            self._call.images = []

    def _block(self, block: Json, images: list[bytes]) -> Json:
        if "image" not in block:
            return block
        image = block["image"]
        images.append(image["source"]["bytes"])
        return {"image": {**image, "source": {"bytes": self._mark(len(images) - 1)}}}

    def _put_in(self, params: dict[str, Any], **_: object) -> None:
        for number, image in enumerate(getattr(self._call, "images", ())):
            around = params["body"].split(b64encode(self._mark(number)))
            params["body"] = b64encode(image).join(around)

    def _mark(self, number: int) -> bytes:
        return self._secret + bytes([number])
