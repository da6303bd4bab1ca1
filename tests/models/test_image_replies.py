"""Replies in: images, a filter's refusal, or something that may have been charged."""

import base64
import json
import os
import tracemalloc

import pytest

from chalicelib.errors import Ambiguous, Blocked, ModelError
from chalicelib.models.answers import parsed
from chalicelib.models.catalogue import Catalogue
from chalicelib.models.types import Pictures
from tests.models.documented import LIMITS, NOVA_CANVAS, STABLE_CORE
from tests.models.orders import PNG, PNG_TEXT

CATALOGUE = Catalogue.standard()
NAME = "us-east-1/some-model"
JPEG = b"\xff\xd8\xff\xe0" + bytes(32)
SOME = "Some of the generated images have been blocked by our content filters."
GUARDED = "a guardrail of the account intervened: No."
ALL = "All of the generated images have been blocked by our content filters."


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


@pytest.mark.parametrize(
    ("model", "reply", "wanted", "expected"),
    [
        (NOVA_CANVAS, {"images": [PNG_TEXT], "error": None}, 1, Pictures((PNG,))),
        (NOVA_CANVAS, {"images": [PNG_TEXT, b64(JPEG)]}, 2, Pictures((PNG, JPEG))),
        (NOVA_CANVAS, {"images": [PNG_TEXT], "error": SOME}, 3, Pictures((PNG,), 2, SOME)),
        (NOVA_CANVAS, {"images": [PNG_TEXT], "error": SOME}, 1, Pictures((PNG,), 1, SOME)),
        (NOVA_CANVAS, {"images": [PNG_TEXT]}, 2, Pictures((PNG,), 1)),
        (STABLE_CORE, {"seeds": [7], "finish_reasons": [None], "images": [PNG_TEXT]}, 1, Pictures((PNG,))),
        (STABLE_CORE, {"images": [PNG_TEXT]}, 1, Pictures((PNG,))),
        (STABLE_CORE, {"images": [PNG_TEXT], "amazon-bedrock-guardrailAction": "NONE"}, 1, Pictures((PNG,))),
    ],
)
def test_images_are_read_in_order_and_those_held_back_are_counted(model, reply, wanted, expected):
    assert CATALOGUE.image(model).read(NAME, reply, wanted) == expected


@pytest.mark.parametrize(
    ("model", "reply", "expected"),
    [
        (NOVA_CANVAS, {"error": ALL}, (Blocked, ALL, "image")),
        (NOVA_CANVAS, {"images": [], "error": ALL}, (Blocked, ALL, "image")),
        *(
            (model, {"amazon-bedrock-guardrailAction": "INTERVENED", "output": "No."}, (Blocked, GUARDED, "prompt"))
            for model in (NOVA_CANVAS, STABLE_CORE)
        ),
        (NOVA_CANVAS, {"images": None, "error": "Something else broke"}, (Ambiguous, "Something else broke", None)),
        (NOVA_CANVAS, {}, (Ambiguous, "neither images nor an error", None)),
        (NOVA_CANVAS, {"images": "text"}, (Ambiguous, "images of type str where a list belongs", None)),
        (NOVA_CANVAS, {"images": [7]}, (Ambiguous, "an image of type int where base64 text belongs", None)),
        (NOVA_CANVAS, {"images": [""]}, (Ambiguous, "0 bytes that are no image", None)),
        (NOVA_CANVAS, {"images": [b64(b"<html>")]}, (Ambiguous, "6 bytes that are no image", None)),
        (
            STABLE_CORE,
            {"finish_reasons": ["Filter reason: prompt"]},
            (Blocked, "Filter reason: prompt", "prompt"),
        ),
        (
            STABLE_CORE,
            {"finish_reasons": ["Filter reason: output image"], "images": []},
            (Blocked, "Filter reason: output image", "image"),
        ),
        (
            STABLE_CORE,
            {"finish_reasons": ["Filter reason: input image"]},
            (Blocked, "Filter reason: input image", "image"),
        ),
        (STABLE_CORE, {"finish_reasons": ["Inference error"]}, (Ambiguous, "Inference error", None)),
        (STABLE_CORE, {"finish_reasons": [None]}, (Ambiguous, "neither an image nor a reason", None)),
        (STABLE_CORE, {"finish_reasons": "x"}, (Ambiguous, "a reply that is not of the documented shape", None)),
    ],
)
def test_a_reply_without_a_usable_image_says_why(model, reply, expected):
    kind, words, what = expected
    with pytest.raises(ModelError) as raised:
        CATALOGUE.image(model).read(NAME, reply)
    assert type(raised.value) is kind
    assert (raised.value.model, raised.value.words) == (NAME, words)
    assert getattr(raised.value, "what", None) == what


@pytest.mark.parametrize("encoded", [PNG_TEXT[:-1], "*" + PNG_TEXT, PNG_TEXT + "ab", "ü"])
@pytest.mark.parametrize("model", LIMITS)
def test_base64_is_read_strictly(model, encoded):
    with pytest.raises(Ambiguous, match="no base64"):
        CATALOGUE.image(model).read(NAME, {"images": [encoded]})


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", "no JSON"),
        (b"<html>", "no JSON"),
        (b'{"images": ["iVBOR', "no JSON"),
        (b"\xff\xfe", "no JSON"),
        (b'{"a":' * 100_000, "no JSON"),
        (b"[]", "a reply of type list"),
    ],
)
def test_a_reply_that_is_no_json_object_may_have_been_charged(body, expected):
    with pytest.raises(Ambiguous, match=expected):
        parsed(NAME, body)


@pytest.mark.parametrize(("model", "images"), [(NOVA_CANVAS, 1), (NOVA_CANVAS, 5), (STABLE_CORE, 1)])
def test_reading_holds_at_most_two_and_a_half_times_the_reply_in_memory(model, images, tmp_path):
    reply = tmp_path / "reply"
    encoded = [b64(PNG + os.urandom(600_000)) for _ in range(images)]
    reply.write_bytes(json.dumps({"images": encoded}).encode())
    del encoded
    size = reply.stat().st_size
    tracemalloc.start()
    try:
        pictures = CATALOGUE.image(model).read(NAME, parsed(NAME, reply.read_bytes()), images)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(pictures.images) == images
    assert peak < 2.5 * size


@pytest.mark.parametrize(
    "entry", [PNG_TEXT + "\n", PNG_TEXT[:8] + "\r\n" + PNG_TEXT[8:], f"data:image/png;base64,{PNG_TEXT}"]
)
@pytest.mark.parametrize("model", LIMITS)
def test_an_image_with_line_breaks_or_a_data_head_is_an_image(model, entry):
    assert CATALOGUE.image(model).read(NAME, {"images": [entry]}).images == (PNG,)


@pytest.mark.parametrize("other", [None, "", "no base64!", 7, {"image": PNG_TEXT}])
@pytest.mark.parametrize("model", LIMITS)
def test_an_image_is_kept_whatever_stands_beside_it_and_the_rest_is_told_as_held_back(model, other):
    pictures = CATALOGUE.image(model).read(NAME, {"images": [other, PNG_TEXT]}, 2)
    assert (pictures.images, pictures.blocked) == ((PNG,), 1)
    assert pictures.words


def test_an_image_beside_an_unknown_finish_reason_is_kept():
    reply = {"images": [PNG_TEXT], "finish_reasons": ["SUCCESS"], "seeds": [1]}
    assert CATALOGUE.image("stability.stable-image-core-v1:1").read(NAME, reply).images == (PNG,)
