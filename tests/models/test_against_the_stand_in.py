"""Every model through the local stand-in over real HTTP: our bodies are taken, its replies are read.

The stand-in checks limits by its own tables, so a body that strays from a model's documentation is refused here.
"""

import json
from collections.abc import Iterator
from functools import cache

import pytest
from botocore.session import get_session

from chalicelib.aws.bedrock import BedrockCaller, paid_call_config
from chalicelib.errors import Blocked, ModelGone
from chalicelib.job.rewriting import faults
from chalicelib.local.bedrock.behaviour import Behaviour
from chalicelib.local.bedrock.server import StandIn
from chalicelib.models.answers import parsed
from chalicelib.models.catalogue import Catalogue
from chalicelib.models.looks import both_question, checklist_question, grade_question, second_grade_question
from chalicelib.models.questions import requirements_question
from chalicelib.models.replies import read_both, read_checklist, read_grade, read_requirements, read_revision
from chalicelib.models.rewriting_question import rewrite_question
from chalicelib.models.types import RewriteBrief, Sampling, TriedPrompt
from chalicelib.picture import image_format, thumbnail
from tests.models.orders import order

CATALOGUE = Catalogue.standard()
USERS = Sampling(temperature=1.0, top_p=0.9, top_k=50, max_tokens=5_120)  # as the article's job file has it
PANEL = ("amazon.nova-pro-v1:0", "us.anthropic.claude-haiku-5-5")
# By profile where a bare id is not answered.
EVERY_VISION = tuple(
    identifier if identifier in ("amazon.nova-pro-v1:0", "amazon.nova-lite-v1:0") else f"us.{identifier}"
    for identifier in CATALOGUE.vision_ids
)
PROMPT = "A serene landscape with mountains and a lake, no people"


@pytest.fixture(scope="module")
def stand_in() -> Iterator[StandIn]:
    with StandIn(Behaviour(ended=())) as running:
        yield running


@pytest.fixture(scope="module")
def bedrock(stand_in: StandIn) -> BedrockCaller:
    session = get_session()
    session.set_credentials("AKIDEXAMPLE", "secret")

    @cache
    def client_for(region: str, timeout: float):
        return session.create_client(
            "bedrock-runtime", region_name=region, endpoint_url=stand_in.url, config=paid_call_config(timeout)
        )

    return BedrockCaller(client_for, "us-east-1")


def draw(bedrock: BedrockCaller, entry: str, **wanted) -> list[bytes]:
    """All images of an order, by the model of an entry."""
    reference = CATALOGUE.reference(entry, "us-east-1")
    model = CATALOGUE.image(reference.id)
    drawing = model.draw(order(model.images_per_call, **{"prompt": PROMPT, **wanted}))
    images: list[bytes] = []
    for body in drawing.bodies:
        reply = parsed(str(reference), bedrock.invoke(*_at(reference), json.dumps(body).encode(), 30))
        images += model.read(str(reference), reply, drawing.images_per_call).images
    return images


def ask(bedrock: BedrockCaller, entry: str, question, image=None) -> str:
    reference = CATALOGUE.reference(entry, "us-east-1")
    model = CATALOGUE.vision(reference.id)
    request, _ = model.ask(question, USERS, image)
    answered = model.read(str(reference), bedrock.converse(*_at(reference), request, 30))
    assert 0 < answered.cost_usd <= model.worst_price(USERS.max_tokens, question, image is not None)
    return answered.text


def _at(reference) -> tuple[str, str]:
    return reference.region, reference.id


@pytest.fixture(scope="module")
def drawn(bedrock: BedrockCaller) -> dict[str, bytes]:
    """One image by each model."""
    return {identifier: draw(bedrock, identifier)[0] for identifier in CATALOGUE.image_ids}


@pytest.mark.parametrize("verifier", PANEL)
@pytest.mark.parametrize("painter", CATALOGUE.image_ids)
def test_each_image_model_draws_and_each_verifier_looks_at_it(bedrock, drawn, painter, verifier):
    assert image_format(drawn[painter]) == "png"
    requirements = ("A lake is visible.", "A bicycle is visible.")
    seen = read_checklist(ask(bedrock, verifier, checklist_question(requirements), drawn[painter]), 2)
    assert seen.met[1] is False


@pytest.mark.parametrize("model", EVERY_VISION)
def test_each_vision_model_answers_every_kind_of_question(bedrock, drawn, model):
    requirements, _ = read_requirements(ask(bedrock, model, requirements_question(PROMPT)))
    assert 1 <= len(requirements) <= 12
    picture = drawn["stability.stable-image-core-v1:1"]
    seen = read_checklist(ask(bedrock, model, checklist_question(requirements), picture), len(requirements))
    for question in (grade_question(PROMPT, "text"), second_grade_question(PROMPT, None)):
        assert 0 <= read_grade(ask(bedrock, model, question, picture)).grade <= 10
    grade, both = read_both(ask(bedrock, model, both_question(PROMPT, None, requirements), picture), len(requirements))
    assert (len(both.met), len(seen.met)) == (len(requirements),) * 2
    assert 0 <= grade.grade <= 10
    guidance = CATALOGUE.image("amazon.nova-canvas-v1:0").guidance
    tried = (TriedPrompt(PROMPT, 0.5, None, ((1, 2),), ()),)
    brief = RewriteBrief(PROMPT, None, requirements, tried, "a hill", ("The lake is missing.",), guidance, 1024)
    revision = read_revision(ask(bedrock, model, rewrite_question(brief)), 1024)
    assert faults(revision, brief) == ()


@pytest.mark.parametrize("painter", CATALOGUE.image_ids)
@pytest.mark.parametrize(
    "wanted",
    [
        {"width": 320, "height": 1280, "cfg_scale": 1.1},
        {"width": 2048, "height": 2048, "number_of_images": 2},
        {"prompt": "光の海、" * 500, "negative_prompt": "blur, " * 1_000},
        {"prompt": "x" * 10_000},
    ],
)
def test_every_order_that_a_prompt_file_allows_is_taken_by_every_model(bedrock, painter, wanted):
    images = draw(bedrock, painter, **wanted)
    assert len(images) == wanted.get("number_of_images", 1)
    assert all(thumbnail(image) for image in images)


@pytest.mark.parametrize("painter", CATALOGUE.image_ids)
def test_a_filtered_prompt_is_an_outcome_for_every_family(bedrock, painter):
    with pytest.raises(Blocked) as blocked:
        draw(bedrock, painter, prompt="A lake of gore")
    assert blocked.value.what == "prompt"


@pytest.mark.parametrize("painter", CATALOGUE.image_ids)
def test_a_filtered_image_is_an_outcome_for_every_family(bedrock, painter):
    with pytest.raises(Blocked) as blocked:
        draw(bedrock, painter, prompt="A lake, nsfw-image")
    assert blocked.value.what == "image"


@pytest.mark.parametrize(
    "entry",
    ["eu-north-1/amazon.nova-canvas-v1:0", "us-east-1/stability.stable-image-core-v1:1"],
)
def test_a_model_that_is_not_in_the_region_is_gone(bedrock, entry):
    with pytest.raises(ModelGone, match=entry):
        draw(bedrock, entry)


def test_a_bare_id_that_only_a_profile_answers_is_gone_by_itself_and_answers_by_its_entry(bedrock):
    bare = "amazon.nova-2-lite-v1:0"
    request, _ = CATALOGUE.vision(bare).ask(requirements_question(PROMPT), Sampling(0.7, 0.9, 50, 100), None)
    with pytest.raises(ModelGone, match="on-demand throughput"):
        bedrock.converse("us-east-1", bare, request, 5)
    reference = CATALOGUE.reference(bare, "us-east-1")
    assert bedrock.converse(reference.region, reference.id, request, 5)["usage"]["inputTokens"] > 0


def test_an_ended_model_is_gone_and_its_words_are_kept():
    with StandIn() as today:
        session = get_session()
        session.set_credentials("AKIDEXAMPLE", "secret")
        bedrock = BedrockCaller(
            lambda region, timeout: session.create_client(
                "bedrock-runtime", region_name=region, endpoint_url=today.url, config=paid_call_config(timeout)
            ),
            "us-east-1",
        )
        with pytest.raises(ModelGone, match=r"us-east-1/amazon.nova-canvas-v1:0 answered: .*end of its life"):
            draw(bedrock, "amazon.nova-canvas-v1:0")
        assert draw(bedrock, "stability.stable-image-core-v1:1")
