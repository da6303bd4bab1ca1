"""Vision models: a Converse request that each one takes, its reply read, its cost counted."""

import json
from io import BytesIO

import pytest
from botocore.validate import ParamValidator
from PIL import Image

from chalicelib.errors import Unusable
from chalicelib.models.catalogue import Catalogue
from chalicelib.models.questions import Question, requirements_question
from chalicelib.models.rewriting_question import rewrite_question
from chalicelib.models.types import Answered, RewriteBrief, Sampling, TriedPrompt
from tests.fakes.sessions import core_session
from tests.models.orders import PNG, SAMPLING

CATALOGUE = Catalogue.standard()
NAME = "us-east-1/some-model"
TRIED = (TriedPrompt("A pond", 0.5, None, ((1, 1),), ()),)
BRIEF = RewriteBrief("A lake", "boats", ("A lake.",), TRIED, "a pond", ("no lake",), "A caption.", 1024)
PRO, LITE, TWO_LITE = "amazon.nova-pro-v1:0", "amazon.nova-lite-v1:0", "amazon.nova-2-lite-v1:0"
HAIKU_4, SONNET_4 = "anthropic.claude-haiku-4-5-20251001-v1:0", "anthropic.claude-sonnet-4-6"
HAIKU_5, SONNET_5, OPUS_5 = "anthropic.claude-haiku-5-5", "anthropic.claude-sonnet-5-5", "anthropic.claude-opus-5-5"


def reply(content, stop="end_turn", **usage):
    return {
        "output": {"message": {"role": "assistant", "content": content}},
        "stopReason": stop,
        "usage": {"inputTokens": 1_000, "outputTokens": 100, "totalTokens": 1_100, **usage},
    }


@pytest.mark.parametrize(
    ("model", "configuration", "extra", "notes"),
    [
        (PRO, {"maxTokens": 4000, "temperature": 0.7, "topP": 0.9}, {"inferenceConfig": {"topK": 50}}, 0),
        (LITE, {"maxTokens": 4000, "temperature": 0.7, "topP": 0.9}, {"inferenceConfig": {"topK": 50}}, 0),
        (TWO_LITE, {"maxTokens": 4000, "temperature": 0.7, "topP": 0.9}, {"inferenceConfig": {"topK": 50}}, 0),
        (HAIKU_4, {"maxTokens": 4000, "temperature": 0.7}, {"top_k": 50}, 1),
        (SONNET_4, {"maxTokens": 4000, "temperature": 0.7}, {"top_k": 50}, 1),
        (HAIKU_5, {"maxTokens": 4000}, None, 1),
        (SONNET_5, {"maxTokens": 4000}, None, 1),
        (OPUS_5, {"maxTokens": 4000}, None, 1),
    ],
)
def test_only_the_sampling_that_a_model_takes_is_sent(model, configuration, extra, notes, verify):
    request, told = CATALOGUE.vision(model).ask(verify, SAMPLING, PNG)
    assert request["inferenceConfig"] == configuration
    assert request.get("additionalModelRequestFields") == extra
    assert len(told) == notes


@pytest.mark.parametrize(
    ("model", "sampling", "expected"),
    [
        (PRO, Sampling(1.0, 0.9, 50, 5120), ["max_tokens 5120 clamped to 5000: the most amazon.nova-pro-v1:0 writes"]),
        (PRO, Sampling(0.0, 1.0, 500, 10), ["top_k 500 clamped to 128: the highest of amazon.nova-pro-v1:0"]),
        (TWO_LITE, Sampling(0.0, 1.0, 0, 10_000), []),
        (HAIKU_4, Sampling(0.5, 0.9, 500, 10_000), [f"top_p 0.9 left out: {HAIKU_4} refuses it beside temperature"]),
        (OPUS_5, Sampling(0.5, 0.9, 5, 10_000), [f"temperature, top_p and top_k left out: {OPUS_5} refuses them"]),
    ],
)
def test_what_is_clamped_or_left_out_is_noted(model, sampling, expected, verify):
    assert list(CATALOGUE.vision(model).ask(verify, sampling, None)[1]) == expected


@pytest.mark.parametrize(
    ("model", "forced"),
    [
        (PRO, False),
        (LITE, False),
        (TWO_LITE, False),
        (HAIKU_4, True),
        (SONNET_4, True),
        (HAIKU_5, False),
        (SONNET_5, False),
        (OPUS_5, False),
    ],
)
def test_a_tool_is_forced_only_where_it_goes_with_the_users_sampling(model, forced, verify):
    request, _ = CATALOGUE.vision(model).ask(verify, SAMPLING, None)
    assert ("toolConfig" in request) is forced
    assert "outputConfig" not in request
    if forced:
        tool = request["toolConfig"]["tools"][0]["toolSpec"]
        assert request["toolConfig"]["toolChoice"] == {"tool": {"name": tool["name"]}}
        assert set(tool["inputSchema"]["json"]) == {"type", "properties", "required"}


@pytest.mark.parametrize("model", CATALOGUE.vision_ids)
@pytest.mark.parametrize(
    "question",
    [requirements_question("A lake"), rewrite_question(BRIEF)],
)
def test_every_request_is_one_that_botocore_knows(model, question):
    shape = core_session().get_service_model("bedrock-runtime").operation_model("Converse").input_shape
    request, _ = CATALOGUE.vision(model).ask(question, SAMPLING, PNG)
    report = ParamValidator().validate({**request, "modelId": model}, shape)
    assert report.generate_report() == ""
    assert request["messages"][0]["content"][0]["image"] == {"format": "png", "source": {"bytes": PNG}}
    assert request["system"] == [{"text": question.system}]


def test_an_image_within_the_limits_is_sent_as_it_is(verify):
    request, notes = CATALOGUE.vision(PRO).ask(verify, SAMPLING, PNG)
    assert request["messages"][0]["content"][0]["image"]["source"]["bytes"] is PNG
    assert notes == ()


def test_an_image_beyond_the_limits_is_re_encoded_for_the_check_and_a_note_says_so(verify):
    buffer = BytesIO()
    Image.effect_noise((2048, 2048), 80).save(buffer, "PNG")
    large = buffer.getvalue()
    assert len(large) > 3_750_000
    request, notes = CATALOGUE.vision(PRO).ask(verify, SAMPLING, large)
    sent = request["messages"][0]["content"][0]["image"]
    assert sent["format"] == "jpeg"
    assert len(sent["source"]["bytes"]) <= 3_750_000
    assert "the saved image is untouched" in notes[0]


@pytest.mark.parametrize(
    ("content", "stop", "expected"),
    [
        ([{"text": '{"result": "YES"}'}], "end_turn", '{"result": "YES"}'),
        ([{"text": "a"}, {"text": "b"}], "stop_sequence", "a\nb"),
        ([{"reasoningContent": {"reasoningText": {"text": "hm"}}}, {"text": " {} "}], "end_turn", "{}"),
        (
            [{"text": "<thinking>so</thinking>"}, {"toolUse": {"name": "answer", "input": {"result": "海"}}}],
            "tool_use",
            '{"result": "海"}',
        ),
        ([{"toolUse": {"name": "answer", "input": '{"grade": 9}'}}], "tool_use", '{"grade": 9}'),
        (
            [{"toolUse": {"name": "answer", "input": {"grade": 9}}}, {"toolUse": {"name": "answer", "input": {}}}],
            "tool_use",
            '{"grade": 9}\n{}',
        ),
        ([{"text": '{"reason": "a sign says blocked by our content filters"}'}], "end_turn", None),
    ],
)
def test_the_text_or_the_tools_input_is_read(content, stop, expected):
    answered = CATALOGUE.vision(PRO).read(NAME, reply(content, stop))
    assert answered.text == (expected or content[0]["text"])


def test_the_cost_is_counted_from_the_usage():
    answered = CATALOGUE.vision(PRO).read(NAME, reply([{"text": "{}"}], cacheReadInputTokens=500))
    assert answered == Answered("{}", 1_500, 100, pytest.approx((1_500 * 0.80 + 100 * 3.20) / 1e6))


@pytest.mark.parametrize(
    ("content", "stop", "words"),
    [
        ([{"text": '{"result": "Y'}], "max_tokens", "stopped because of max_tokens"),
        ([{"text": "{}"}], "guardrail_intervened", "stopped because of guardrail_intervened"),
        ([{"text": "{}"}], "content_filtered", "stopped because of content_filtered"),
        ([{"text": "{}"}], "malformed_tool_use", "stopped because of malformed_tool_use"),
        ([{"text": "{}"}], "malformed_model_output", "stopped because of malformed_model_output"),
        ([{"text": "{}"}], "model_context_window_exceeded", "stopped because of model_context_window_exceeded"),
        ([{"text": "{}"}], None, "stopped because of None"),
        ([{"text": "- The generated text has been blocked by our content filters."}], "end_turn", "content filters"),
        ([], "end_turn", "without text"),
        ([{"text": ""}], "end_turn", "without text"),
        (None, "end_turn", "without text"),
        ("text", "end_turn", "without text"),
        ([None, 7], "end_turn", "without text"),
    ],
)
def test_an_unusable_reply_says_why_and_what_it_cost(content, stop, words):
    with pytest.raises(Unusable, match=words) as raised:
        CATALOGUE.vision(PRO).read(NAME, reply(content, stop))
    assert raised.value.model == NAME
    assert raised.value.cost_usd == pytest.approx((1_000 * 0.80 + 100 * 3.20) / 1e6)


@pytest.mark.parametrize("body", [{}, {"output": None}, {"output": {"message": []}, "stopReason": "end_turn"}])
def test_a_reply_that_hides_its_usage_is_taken_at_its_worst(body):
    with pytest.raises(Unusable) as raised:
        CATALOGUE.vision(PRO).read(NAME, body)
    assert raised.value.cost_usd == CATALOGUE.vision(PRO).worst_price(5_000)


@pytest.mark.parametrize("model", CATALOGUE.vision_ids)
def test_the_worst_price_is_never_passed_by_a_call(model, verify):
    known = CATALOGUE.vision(model)
    worst = known.worst_price(4_000, verify, image=True)
    text = len((verify.system + verify.text + json.dumps(verify.schema)).encode())
    usage = {"inputTokens": text + 1_000 + known.image_tokens, "outputTokens": 4_000}
    answered = known.read(NAME, reply([{"text": "{}"}], **usage))
    assert answered.cost_usd <= worst + 1e-12
    assert known.worst_price(4_000, verify, image=False) < worst < known.worst_price(4_000)


def test_a_model_never_writes_more_than_it_can():
    known = CATALOGUE.vision(PRO)
    assert known.worst_price(10_000) == known.worst_price(5_000)


def test_haiku_5_5_costs_five_times_as_much_beyond_100_000_tokens():
    known = CATALOGUE.vision(f"global.{HAIKU_5}")
    short = known.read(NAME, reply([{"text": "{}"}], inputTokens=100_000)).cost_usd
    long = known.read(NAME, reply([{"text": "{}"}], inputTokens=100_001)).cost_usd
    assert short == pytest.approx((100_000 * 0.10 + 100 * 0.50) / 1e6)
    assert long == pytest.approx(5 * short, rel=1e-4)


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        (PRO, (0.80, 3.20)),
        (LITE, (0.06, 0.24)),
        (TWO_LITE, (0.33, 2.75)),
        (HAIKU_4, (1.00, 5.00)),
        (SONNET_4, (3.00, 15.00)),
        (HAIKU_5, (0.10, 0.50)),
        (SONNET_5, (2.00, 10.00)),
        (OPUS_5, (4.00, 20.00)),
    ],
)
def test_prices_per_million_tokens(model, expected):
    known = CATALOGUE.visions[model]
    assert (known.price_in, known.price_out) == expected


def test_the_schemas_top_level_is_one_that_nova_takes(verify):
    questions: list[Question] = [verify, requirements_question("x"), rewrite_question(BRIEF)]
    assert all(set(question.schema) == {"type", "properties", "required"} for question in questions)
