"""The plain way: one long Lambda with the loop inside, written for this comparison as tutorials describe it.

For each prompt, for each attempt: InvokeModel, one Converse that answers YES or NO, the image into S3; after some
failures the prompt is rewritten; the first accepted image is returned. Nothing is kept when it dies: S3's event is
delivered again, twice at most, and the loop begins at its beginning.
"""

import base64
import json
import time
from collections.abc import Iterator

from tests.bench.model import FIRST_SEED, Job, Outcome, StandIn
from tests.bench.outside import Bucket, Killed

TRIES = 3  # of an asynchronous event (AWS documentation of Lambda, 2026-11)
IMAGE_MODEL, VISION_MODEL, REGION = "amazon.nova-canvas-v1:0", "amazon.nova-pro-v1:0", "us-east-1"
TIMEOUT = 60.0


def run(model: StandIn, keep: bool = True) -> Outcome:
    """The job from its event to its end; `keep` False lets go of what was saved."""
    bucket, tries = Bucket(model.outside, keep), 0
    longest = 0.0
    while tries < TRIES:
        tries += 1
        began = time.perf_counter()
        try:
            model.outside("get", lambda: b"{}")  # the prompt file
            accepted = one_function(model, bucket)
        except Killed:
            continue
        longest = model.real(time.perf_counter() - began, model.waited)
        return Outcome(accepted is not None, len(bucket.objects), tries, longest)
    return Outcome(False, len(bucket.objects), tries, longest)


def one_function(model: StandIn, bucket: Bucket) -> str | None:
    """The key of the first accepted image."""
    prompt = "a cat"
    for position, last_of_prompt in positions(model.job):
        for number, picture in enumerate(draw(model, prompt, position)):
            accepted = check(model, prompt, picture)
            key = f"images/{position}-{number}.png"
            bucket.put(key, picture)
            if accepted:
                return key
        if last_of_prompt:
            prompt = rewrite(model, prompt)
    return None


def positions(job: Job) -> Iterator[tuple[int, bool]]:
    """Every position, and whether the prompt is rewritten after it."""
    for position in range(job.attempts):
        yield position, (position + 1) % job.per_prompt == 0 and position + 1 < job.attempts


def draw(model: StandIn, prompt: str, position: int) -> list[bytes]:
    """InvokeModel: the images of an attempt."""
    order = {
        "taskType": "TEXT_IMAGE",
        "textToImageParams": {"text": prompt},
        "imageGenerationConfig": {"numberOfImages": model.job.images, "seed": FIRST_SEED + position},
    }
    reply = model.invoke(REGION, IMAGE_MODEL, json.dumps(order).encode(), TIMEOUT)
    return [base64.b64decode(image) for image in json.loads(reply)["images"]]


def check(model: StandIn, prompt: str, picture: bytes) -> bool:
    """Converse: YES or NO."""
    shown: dict[str, object] = {"image": {"format": "png", "source": {"bytes": picture}}}
    asked: dict[str, object] = {"text": f'Does it show "{prompt}"? Answer {{"result": "YES" or "NO", "reason": "…"}}'}
    return bool(json.loads(said(model, [shown, asked]))["result"] == "YES")


def rewrite(model: StandIn, prompt: str) -> str:
    """Converse: another prompt."""
    words = f'Write "{prompt}" anew: {{"revised_prompt": "…"}}'
    return str(json.loads(said(model, [{"text": words}]))["revised_prompt"])


def said(model: StandIn, content: list[dict[str, object]]) -> str:
    """The text of an answer."""
    reply = model.converse(REGION, VISION_MODEL, {"messages": [{"role": "user", "content": content}]}, TIMEOUT)
    return str(reply["output"]["message"]["content"][0]["text"])
