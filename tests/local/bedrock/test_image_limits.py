"""What image models take and refuse, limit by limit (AWS and Stability documentation, 2026-11)."""

from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from chalicelib.local.bedrock.server import StandIn
from tests.local.bedrock.calling import (
    CANVAS,
    CORE,
    SD35,
    TITAN,
    ULTRA,
    amazon_body,
    images,
    invoke,
    refusal,
)

TAKEN = ""  # in the last column: the call is taken


@pytest.mark.parametrize(
    ("model", "body", "expected"),
    [
        (CANVAS, amazon_body("x" * 1024), TAKEN),
        (CANVAS, amazon_body("x" * 1025), "#/textToImageParams/text: expected maxLength: 1024, actual: 1025"),
        (CANVAS, amazon_body(""), "#/textToImageParams/text: String should have at least 1 character"),
        (CANVAS, amazon_body(negative="x" * 1024), TAKEN),
        (CANVAS, amazon_body(negative="x" * 1025), "#/textToImageParams/negativeText: expected maxLength: 1024"),
        (CANVAS, amazon_body(negative=""), "#/textToImageParams/negativeText: String should have at least 1 character"),
        (TITAN, amazon_body("x" * 512), TAKEN),
        (TITAN, amazon_body("x" * 513), "#/textToImageParams/text: expected maxLength: 512, actual: 513"),
        (CANVAS, amazon_body(width=304), "#/imageGenerationConfig/width: Input should be greater than or equal to"),
        (CANVAS, amazon_body(width=4112), "#/imageGenerationConfig/width: Input should be less than or equal to"),
        (CANVAS, amazon_body(width=328), "#/imageGenerationConfig/width: Input should be a multiple of 16"),
        (CANVAS, amazon_body(width=1280), TAKEN),
        (CANVAS, amazon_body(width=1296), "aspect ratio must be between 1:4 and 4:1"),
        (CANVAS, amazon_body(width=2048, height=2064), "at most 4194304 pixels"),
        (CANVAS, amazon_body(width=512.0), "#/imageGenerationConfig/width: Input should be a valid integer"),
        (CANVAS, amazon_body(width=True), "#/imageGenerationConfig/width: Input should be a valid integer"),
        (CANVAS, amazon_body(cfgScale=1.1), TAKEN),
        (CANVAS, amazon_body(cfgScale=10), TAKEN),
        (
            CANVAS,
            amazon_body(cfgScale=1.0),
            "#/imageGenerationConfig/cfgScale: Input should be greater than",
        ),
        (CANVAS, amazon_body(cfgScale=10.1), "#/imageGenerationConfig/cfgScale: Input should be less than"),
        (CANVAS, amazon_body(seed=0), TAKEN),
        (CANVAS, amazon_body(seed=2147483646), TAKEN),
        (CANVAS, amazon_body(seed=2147483647), "#/imageGenerationConfig/seed: Input should be less than or equal to"),
        (CANVAS, amazon_body(seed=-1), "#/imageGenerationConfig/seed: Input should be greater than or equal to"),
        (CANVAS, amazon_body(numberOfImages=5), TAKEN),
        (
            CANVAS,
            amazon_body(numberOfImages=0),
            "#/imageGenerationConfig/numberOfImages: Input should be greater than",
        ),
        (
            CANVAS,
            amazon_body(numberOfImages=6),
            "#/imageGenerationConfig/numberOfImages: Input should be less than",
        ),
        (CANVAS, amazon_body(quality="premium"), TAKEN),
        (CANVAS, amazon_body(quality="best"), "#/imageGenerationConfig/quality: Input should be"),
        (CANVAS, amazon_body(steps=30), "#/imageGenerationConfig/steps: Extra inputs are not permitted"),
        (CANVAS, amazon_body() | {"prompt": "x"}, "#/prompt: Extra inputs are not permitted"),
        (CANVAS, amazon_body() | {"taskType": "INPAINTING"}, "#/taskType: Input should be"),
        (CANVAS, {"taskType": "TEXT_IMAGE"}, "#/textToImageParams: Field required"),
        (CANVAS, [1], "#/: Input should be a valid dictionary"),
        (CANVAS, b'{"x": NaN}', "not valid JSON"),
        (CANVAS, b"\xff", "not valid JSON"),
    ],
)
def test_amazon_bodies(east: Any, model: str, body: Any, expected: str) -> None:
    assert _outcome(east, model, body, expected) == expected


@pytest.mark.parametrize("model", [CORE, ULTRA, SD35])
@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, TAKEN),
        ({"prompt": "x" * 10_000}, TAKEN),
        ({"prompt": "x" * 10_001}, "#/prompt: expected maxLength: 10000, actual: 10001"),
        ({"prompt": ""}, "#/prompt: String should have at least 1 character"),
        ({"negative_prompt": "x" * 10_001}, "#/negative_prompt: expected maxLength: 10000"),
        ({"aspect_ratio": "4:3"}, "#/aspect_ratio: Input should be"),
        ({"seed": 4294967294}, TAKEN),
        ({"seed": 4294967295}, "#/seed: Input should be less than or equal to"),
        ({"output_format": "webp"}, "#/output_format: Input should be"),
        ({"mode": "image-to-image"}, "#/mode: Input should be"),
        ({"cfg_scale": 8}, "#/cfg_scale: Extra inputs are not permitted"),
        ({"width": 1024}, "#/width: Extra inputs are not permitted"),
    ],
)
def test_stability_bodies(west: Any, model: str, change: dict[str, Any], expected: str) -> None:
    assert _outcome(west, model, {"prompt": "x"} | change, expected) == expected


def _outcome(caller: Any, model: str, body: Any, expected: str) -> str:
    """What the last column is compared with: nothing for a call that was taken, else the expected part of its words."""
    if expected == TAKEN:
        return TAKEN if images(invoke(caller, model, body)) else "no image"
    name, status, message = refusal(invoke, caller, model, body)
    assert (name, status) == ("ValidationException", 400)
    return expected if expected in message else message


@pytest.mark.parametrize(
    ("size", "count", "expected"),
    [((320, 320), 1, (320, 320)), ((640, 320), 2, (640, 320)), ((336, 1008), 5, (336, 1008))],
)
def test_canvas_keeps_to_width_height_and_number(
    east: Any, size: tuple[int, int], count: int, expected: tuple[int, int]
) -> None:
    reply = invoke(east, CANVAS, amazon_body(width=size[0], height=size[1], numberOfImages=count))
    drawn = images(reply)
    assert reply["error"] is None
    assert len(set(drawn)) == count
    assert {Image.open(BytesIO(image)).size for image in drawn} == {expected}


@pytest.mark.parametrize(
    ("ratio", "expected"),
    [("1:1", 1.0), ("16:9", 16 / 9), ("21:9", 21 / 9), ("2:3", 2 / 3), ("9:21", 9 / 21), ("5:4", 5 / 4)],
)
def test_stability_gives_about_a_megapixel_in_the_ratio(west: Any, ratio: str, expected: float) -> None:
    reply = invoke(west, CORE, {"prompt": "A lake", "aspect_ratio": ratio, "seed": 7})
    width, height = Image.open(BytesIO(images(reply)[0])).size
    assert reply["seeds"] == [7]
    assert reply["finish_reasons"] == [None]
    assert width / height == pytest.approx(expected, rel=0.05)
    assert width * height == pytest.approx(1024 * 1024, rel=0.1)
    assert (width % 64, height % 64) == (0, 0)


def test_stability_tells_the_seed_it_chose_for_itself(west: Any) -> None:
    seeds = [invoke(west, CORE, {"prompt": "x", "seed": 0})["seeds"][0] for _ in range(2)]
    assert seeds[0] != seeds[1]
    assert all(1 <= seed <= 4294967294 for seed in seeds)


def test_every_picture_says_that_it_is_a_stand_ins(stand_in: StandIn, east: Any) -> None:
    picture = Image.open(BytesIO(images(invoke(east, CANVAS, amazon_body()))[0]))
    assert picture.info["Software"] == "Retake stand-in"


def test_the_same_order_gives_the_same_bytes_and_another_seed_others(east: Any) -> None:
    first, again, other = (
        images(invoke(east, CANVAS, amazon_body("A lake and mountains", seed=seed)))[0] for seed in (5, 5, 6)
    )
    assert first == again
    assert first != other
