"""Bodies out: within each family's documented limits whatever is ordered, and a note for all that was changed."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.models.catalogue import Catalogue
from tests.models.documented import (
    LIMITS,
    NOVA_CANVAS,
    SD35_LARGE,
    STABLE_CORE,
    STABLE_ULTRA,
    TITAN_V2,
    breaches,
)
from tests.models.orders import order

CATALOGUE = Catalogue.standard()
SIDES = st.integers(20, 256).map(lambda n: n * 16)
TEXTS = st.text(alphabet='ab .,、。no people<"', min_size=1, max_size=40).map(lambda text: "x" + text * 300)


@st.composite
def orders(draw, images_per_call):
    """Everything that a prompt file may ask for."""
    width = draw(SIDES)
    height = draw(SIDES.filter(lambda side: side * 4 >= width and side <= width * 4 and side * width <= 2048 * 2048))
    return order(
        images_per_call,
        prompt=draw(TEXTS)[:10_000],
        negative_prompt=draw(st.none() | st.just("") | TEXTS),
        width=width,
        height=height,
        cfg_scale=draw(st.floats(1.1, 10)),
        number_of_images=draw(st.integers(1, 5)),
    )


def test_every_image_model_has_a_table_of_limits():
    assert set(LIMITS) == set(CATALOGUE.image_ids)


@pytest.mark.parametrize("model", LIMITS)
@given(data=st.data())
def test_every_body_is_within_the_documented_limits(model, data):
    known = CATALOGUE.image(model)
    wanted = data.draw(orders(known.images_per_call))
    drawing = known.draw(wanted)
    assert [breaches(model, dict(body)) for body in drawing.bodies] == [[]] * len(drawing.bodies)
    assert len(drawing.bodies) == len(drawing.seeds)
    assert sum(drawing.images_per_call for _ in drawing.bodies) == wanted.number_of_images
    assert json.loads(json.dumps(drawing.bodies)) == list(drawing.bodies)


@pytest.mark.parametrize(
    ("model", "width", "height", "expected"),
    [
        (NOVA_CANVAS, 512, 512, 0.04),
        (NOVA_CANVAS, 1024, 1024, 0.04),
        (NOVA_CANVAS, 1280, 720, 0.04),
        (NOVA_CANVAS, 1040, 1024, 0.06),
        (NOVA_CANVAS, 2048, 2048, 0.06),
        (TITAN_V2, 512, 512, 0.008),
        (TITAN_V2, 768, 768, 0.008),
        (TITAN_V2, 1024, 1024, 0.01),
        (STABLE_CORE, 1024, 1024, 0.04),
        (STABLE_CORE, 2048, 2048, 0.04),
        (STABLE_ULTRA, 1024, 1024, 0.14),
        (SD35_LARGE, 1024, 1024, 0.08),
    ],
)
def test_the_price_of_one_image(model, width, height, expected):
    assert CATALOGUE.image(model).price(width, height) == expected


@pytest.mark.parametrize(
    ("model", "count", "calls", "expected"),
    [(NOVA_CANVAS, 5, 1, 0.20), (TITAN_V2, 2, 1, 0.02), (STABLE_CORE, 3, 3, 0.12), (STABLE_ULTRA, 1, 1, 0.14)],
)
def test_several_images_are_one_call_or_one_call_each(model, count, calls, expected):
    known = CATALOGUE.image(model)
    drawing = known.draw(order(known.images_per_call, number_of_images=count))
    assert len(drawing.bodies) == calls
    assert drawing.price_usd == pytest.approx(expected)


def test_canvas_is_asked_for_exactly_what_was_ordered():
    wanted = order(negative_prompt="text, blur", width=1280, height=720, cfg_scale=10.0, number_of_images=2)
    drawing = CATALOGUE.image(NOVA_CANVAS).draw(wanted)
    assert drawing.bodies == (
        {
            "taskType": "TEXT_IMAGE",
            "textToImageParams": {"text": "A lake at dawn", "negativeText": "text, blur"},
            "imageGenerationConfig": {
                "width": 1280,
                "height": 720,
                "quality": "standard",
                "cfgScale": 10.0,
                "seed": 7,
                "numberOfImages": 2,
            },
        },
    )
    assert drawing.notes == ()


def test_core_is_asked_in_its_own_terms_and_the_notes_say_what_became_of_the_rest():
    drawing = CATALOGUE.image(STABLE_CORE).draw(order(1, width=1280, height=720, number_of_images=2))
    assert [body["seed"] for body in drawing.bodies] == [7, 8]
    assert drawing.bodies[0] == {
        "prompt": "A lake at dawn",
        "mode": "text-to-image",
        "aspect_ratio": "16:9",
        "seed": 7,
        "output_format": "png",
    }
    assert drawing.notes == (
        "cfg_scale 8 left out: stability.stable-image-core-v1:1 has no such setting",
        "1280 × 720 sent as aspect ratio 16:9: stability.stable-image-core-v1:1 draws about one megapixel",
        "2 images in 2 calls: stability.stable-image-core-v1:1 draws one a call",
    )


@pytest.mark.parametrize(
    ("width", "height", "expected"),
    [
        (1024, 1024, "1:1"),
        (1280, 720, "16:9"),
        (1920, 1088, "16:9"),
        (2048, 512, "21:9"),
        (512, 2048, "9:21"),
        (1024, 768, "5:4"),
        (768, 1024, "4:5"),
        (1200, 800, "3:2"),
        (800, 1200, "2:3"),
        (1024, 960, "1:1"),
    ],
)
def test_a_size_becomes_the_nearest_aspect_ratio(width, height, expected):
    drawing = CATALOGUE.image(STABLE_CORE).draw(order(1, width=width, height=height))
    assert drawing.bodies[0]["aspect_ratio"] == expected


@pytest.mark.parametrize(
    ("width", "height", "expected", "notes"),
    [
        (1024, 1024, (1024, 1024), 0),
        (512, 512, (512, 512), 0),
        (2048, 2048, (1024, 1024), 1),
        (1280, 720, (1152, 640), 1),
        (640, 2560, (640, 1408), 1),
    ],
)
def test_titan_draws_the_nearest_of_its_fixed_sizes(width, height, expected, notes):
    drawing = CATALOGUE.image(TITAN_V2).draw(order(width=width, height=height))
    configuration = drawing.bodies[0]["imageGenerationConfig"]
    assert (configuration["width"], configuration["height"]) == expected
    assert len(drawing.notes) == notes


def test_a_long_prompt_is_cut_at_its_last_clause_and_a_note_says_so():
    prompt = "A lake, " * 200
    drawing = CATALOGUE.image(NOVA_CANVAS).draw(order(prompt=prompt, negative_prompt="blur, " * 1 + "x" * 2_000))
    assert len(drawing.prompt) <= 1024
    assert drawing.prompt.endswith("A lake")
    assert drawing.negative_prompt.startswith("blur, xxx")
    assert drawing.notes == (
        "prompt of 1,600 characters cut to 1,022, after the last clause that fits: amazon.nova-canvas-v1:0 takes 1,024",
        "negative_prompt of 2,006 characters cut to 1,024, hard, as it has no boundary: amazon.nova-canvas-v1:0 takes "
        "1,024",
    )


@pytest.mark.parametrize(("model", "kept"), [(NOVA_CANVAS, 1024), (TITAN_V2, 512), (STABLE_CORE, 10_000)])
def test_a_prompt_without_any_boundary_is_cut_hard_and_a_note_says_so(model, kept):
    known = CATALOGUE.image(model)
    drawing = known.draw(order(known.images_per_call, prompt="光" * 10_001))
    assert drawing.prompt == "光" * kept
    assert "hard, as it has no boundary" in drawing.notes[-1]


def test_an_empty_negative_prompt_is_left_out():
    for model in LIMITS:
        known = CATALOGUE.image(model)
        drawing = known.draw(order(known.images_per_call, negative_prompt=" , "))
        assert drawing.negative_prompt is None
        assert "negative" not in json.dumps(drawing.bodies)


def test_an_order_with_too_few_seeds_is_a_slip_of_the_caller():
    with pytest.raises(ValueError, match="3 images need as many seeds"):
        CATALOGUE.image(STABLE_CORE).draw(order(5, number_of_images=3))
