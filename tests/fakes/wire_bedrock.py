"""Bedrock's runtime protocol (REST and JSON): InvokeModel and Converse; image bytes travel in base64."""

import base64
import json
from typing import Any
from urllib.parse import unquote, urlsplit

from botocore.awsrequest import AWSPreparedRequest

from tests.fakes.aws import InMemoryAws
from tests.fakes.errors import AwsError
from tests.fakes.http import Answer, body_of


def answer(aws: InMemoryAws, request: AWSPreparedRequest) -> Answer:
    _, _, model, operation = (unquote(part) for part in urlsplit(request.url).path.split("/", 3))
    body = body_of(request)
    try:
        if operation == "invoke":
            pictures = aws.carry_out(
                "bedrock", "invoke", model, lambda there: there.bedrock.invoke(model, body, there.caller_id)
            )
            return Answer(200, pictures, {"Content-Type": "application/json"})
        assert operation == "converse", f"Bedrock {operation}: the pipeline has no such call"
        asked = _with_raw_images(json.loads(body))
        said = aws.carry_out("bedrock", "converse", model, lambda there: there.bedrock.converse(asked, there.caller_id))
        return Answer(200, json.dumps(said).encode(), {"Content-Type": "application/json"})
    except AwsError as error:
        words = json.dumps({"message": error.words}).encode()
        return Answer(error.status, words, {"Content-Type": "application/json", "x-amzn-ErrorType": error.code})


def _with_raw_images(request: dict[str, Any]) -> dict[str, Any]:
    for message in request["messages"]:
        for block in message["content"]:
            if "image" in block:
                source = block["image"]["source"]
                source["bytes"] = base64.b64decode(source["bytes"])
    return request
