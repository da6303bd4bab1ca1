"""Bedrock in memory: models that follow a script, and a bill of every call that was carried out.

A prompt names its script by a word `job-…`; the seed tells which attempt it is (seed = the script's + position). A
picture says inside which draw it is, so that a verdict can be traced to the picture it was given on. Every verifier and
rewriter may answer differently each time it is asked: what the pipeline saved first must win all the same.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.fakes.errors import AwsError
from tests.fakes.pictures import png, words_in
from tests.fakes.world import Call, World

TAG = re.compile(r"\bjob-[a-z0-9]+\b")


@dataclass(frozen=True)
class Script:
    """What the models do for one job, by position (revision × attempts + attempt).

    `wavering`: every second look of one kind at a position's picture sees the opposite. `blocked`: prompts that the
    content filter stops.
    """

    seed: int = 1000
    accepts: frozenset[int] = frozenset()
    wavering: bool = False
    blocked: frozenset[int] = frozenset()


class Bedrock:
    def __init__(self, world: World, scripts: Mapping[str, Script]) -> None:
        self.world = world
        self.scripts = scripts

    def invoke(self, model: str, body: bytes, invocation: str) -> bytes:
        """InvokeModel of a Canvas-like model; the call is charged unless it is refused."""
        order = json.loads(body)
        text = order["textToImageParams"]["text"]
        settings = order["imageGenerationConfig"]
        if not 1 <= len(text) <= 1024:
            raise AwsError("ValidationException", 400, "#/textToImageParams/text: expected maxLength: 1024")
        tag = self._tag(text)
        script = self.scripts[tag]
        position = settings["seed"] - script.seed
        if position in script.blocked:
            raise AwsError("ValidationException", 400, "This request has been blocked by our content filters.")
        draw = self._count("image", tag, position)
        self._charge("image", tag, position, invocation, text)
        count = settings["numberOfImages"]
        pictures = [png(f"{tag} {position} {draw} {number} {model}") for number in range(count)]
        return json.dumps({"images": pictures, "error": None}).encode()

    def converse(self, request: Mapping[str, Any], invocation: str) -> dict[str, Any]:
        """Converse with a verifier, a rewriter or one who lists requirements, told apart by what they are asked."""
        blocks = [block for message in request["messages"] for block in message["content"]]
        text = "\n".join(block["text"] for block in (*request.get("system", ()), *blocks) if "text" in block)
        shown = [block["image"]["source"]["bytes"] for block in blocks if "image" in block]
        if shown:
            return spoken(json.dumps(self._verify(bytes(shown[0]), text, invocation)))
        tag = self._tag(text)
        if "revised_prompt" in text:
            turn = self._count("rewrite", tag)
            self._charge("rewrite", tag, 0, invocation)
            prompt = f"{tag} seen anew, version {turn}"
            return spoken(json.dumps({"revised_prompt": prompt, "negative_prompt": "blur", "carried_by": [tag]}))
        turn = self._count("requirements", tag)
        self._charge("requirements", tag, 0, invocation)
        return spoken(json.dumps({"requirements": [f"the subject of {tag}, version {turn}"]}))

    def _verify(self, picture: bytes, asked: str, invocation: str) -> dict[str, Any]:
        tag, position, draw, number = words_in(picture).split(" ")[:4]
        script = self.scripts[tag]
        graded = '"grade"' in asked
        checks, grades = f"{number} checklist", f"{number} grade"
        look = self._count("verify", tag, int(position), checks)
        if graded:  # it wavers as the checklist before it did, and once more for each grade
            look += self._count("verify", tag, int(position), grades) - 1
        self._charge("verify", tag, int(position), invocation, grades if graded else checks)
        accepted = int(position) in script.accepts
        if script.wavering and look % 2:
            accepted = not accepted
        told = {"shows": f"look {look} at draw {draw}, picture {number}"}
        if graded:
            return {**told, "faults": [], "grade": 10 if accepted else 3}
        numbers = range(1, asked.count('{"n": ') - asked.count('{"n": 1, "shows"') + 1)
        return {**told, "words": [], "answers": [{"n": n, "shows": "", "met": accepted} for n in numbers]}

    def _tag(self, text: str) -> str:
        found = TAG.search(text)
        if found is None or found[0] not in self.scripts:
            raise AssertionError(f"a model was asked about no known job: {text[:300]}")
        return found[0]

    def _count(self, kind: str, tag: str, position: int = 0, detail: str | None = None) -> int:
        """Calls so far; `detail` None counts all."""
        calls = [call for call in self.world.calls if (call.kind, call.tag, call.position) == (kind, tag, position)]
        return sum(detail in (None, call.detail) for call in calls)

    def _charge(self, kind: str, tag: str, position: int, invocation: str, detail: str = "") -> None:
        self.world.calls += (Call(kind, tag, position, invocation, detail),)


def spoken(text: str) -> dict[str, Any]:
    """Converse's reply with this text."""
    return {
        "output": {"message": {"role": "assistant", "content": [{"text": text}]}},
        "stopReason": "end_turn",
        "usage": {"inputTokens": 100, "outputTokens": 20, "totalTokens": 120},
        "metrics": {"latencyMs": 100},
    }
