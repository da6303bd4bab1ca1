"""The prompt file: what is accepted, and how each kind of bad input is refused."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.errors import Refused
from chalicelib.job.request import Request, parse_request, read_request
from tests.job.stage import stage

LANDSCAPE = """{"prompt": "A serene landscape with mountains and a lake",
 "max_retry_attempts": 5, "max_prompt_revisions": 3,
 "output_s3_bucket_name": "your-output-bucket-name", "output_s3_key_prefix": "generated-images-nova",
 "nova_pro_validate_temperature": 1.0, "nova_pro_validate_top_p": 0.9, "nova_pro_validate_top_k": 50,
 "nova_pro_validate_max_tokens": 5120, "nova_pro_revise_temperature": 1.0, "nova_pro_revise_top_p": 0.9,
 "nova_pro_revise_top_k": 50, "nova_pro_revise_max_tokens": 5120, "nova_canvas_cfg_scale": 10.0,
 "nova_canvas_width": 1024, "nova_canvas_height": 1024, "nova_canvas_number_of_images": 1, "nova_canvas_seed": 0}"""
AURORA = (
    "自然の中から見た夜景で、空にはオーロラと月と流星群があり、地上には海が広がって流氷が流れ、"
    "地平線から太陽が出ている無人の写真。"
)


def test_the_articles_landscape_is_accepted_verbatim_where_its_bucket_is_allowed():
    request = read_request(LANDSCAPE.encode(), stage(OUTPUT_BUCKETS="your-output-bucket-name"))
    assert request.prompt == "A serene landscape with mountains and a lake"
    assert request.output_s3_key_prefix == "generated-images-nova"
    assert request.nova_canvas_cfg_scale == 10.0
    assert request.validate_sampling.temperature == 1.0


def test_the_articles_aurora_is_accepted_with_five_by_five():
    event = {"prompt": AURORA, "max_retry_attempts": 5, "max_prompt_revisions": 5}
    request = read_request(json.dumps(event, ensure_ascii=False).encode(), stage())
    assert (request.prompt, request.max_retry_attempts, request.max_prompt_revisions) == (AURORA, 5, 5)


def test_a_prompt_alone_takes_every_default():
    request = read_request(b'{"prompt": "a cat"}', stage())
    defaults = request.model_dump(exclude={"prompt"})
    assert defaults == {
        "max_retry_attempts": 5,
        "max_prompt_revisions": 3,
        "output_s3_bucket_name": None,
        "output_s3_key_prefix": "generated-images",
        "nova_pro_validate_temperature": 0.7,
        "nova_pro_validate_top_p": 0.9,
        "nova_pro_validate_top_k": 50,
        "nova_pro_validate_max_tokens": 5120,
        "nova_pro_revise_temperature": 0.7,
        "nova_pro_revise_top_p": 0.9,
        "nova_pro_revise_top_k": 50,
        "nova_pro_revise_max_tokens": 5120,
        "nova_canvas_cfg_scale": 8,
        "nova_canvas_width": 1024,
        "nova_canvas_height": 1024,
        "nova_canvas_number_of_images": 1,
        "nova_canvas_seed": 0,
        "negative_prompt": None,
        "requirements": None,
        "image_models": None,
        "vision_models": None,
        "acceptance": None,
        "accept_grade": None,
        "image_strategy": "fallback",
        "give_up_after": None,
        "max_cost_usd": None,
    }


def with_field(**fields: object) -> bytes:
    return json.dumps({"prompt": "a cat", **fields}).encode()


REFUSED = [
    ("not JSON", b"a serene landscape", None, "not JSON"),
    ("not UTF-8", '{"prompt": "é"}'.encode("latin-1"), None, "not UTF-8: byte 12"),
    ("nothing", b"", None, "nothing came"),
    ("blanks", b" \n", None, "nothing came"),
    ("an array of numbers", b"[1, 2]", None, "a JSON array came"),
    ("a batch", b'[{"prompt": "a"}]', None, "where one is needed"),
    ("a string", b'"a cat"', None, "a JSON string came"),
    ("a number", b"1", None, "a JSON number came"),
    ("true", b"true", None, "a JSON boolean came"),
    ("null", b"null", None, "a JSON null came"),
    ("200 KiB", with_field(negative_prompt="x" * 200 * 1024), None, "at most 65,536"),
    ("nested deeply", b'{"prompt":' + b"[" * 100_000, None, "at most 65,536"),
    ("nested", b'{"prompt":' + b"[" * 60_000, None, "nested more than 16 deep"),
    ("NaN", b'{"prompt": "a", "max_cost_usd": NaN}', "max_cost_usd", "NaN came"),
    ("what is allowed for NaN", b'{"prompt": "a", "max_cost_usd": NaN}', "max_cost_usd", "allowed: a number above 0"),
    ("Infinity", b'{"prompt": "a", "max_cost_usd": -Infinity}', "max_cost_usd", "max_cost_usd: -Infinity came"),
    ("beyond float", b'{"prompt": "a", "nova_canvas_cfg_scale": 1e999}', "nova_canvas_cfg_scale", "1e999 came"),
    ("a huge number", b'{"prompt": "a", "nova_canvas_seed": ' + b"9" * 5000 + b"}", "nova_canvas_seed", "5,000 char"),
    ("33 digits", b'{"prompt": "a", "nova_canvas_seed": ' + b"9" * 33 + b"}", "nova_canvas_seed", "2147483646"),
    ("a long fraction", b'{"prompt": "a", "max_cost_usd": 0.' + b"6" * 1100 + b"}", "max_cost_usd", "1,102 characters"),
    ("NaN in a list", b'{"prompt": "a", "requirements": ["x", NaN]}', "requirements", "allowed: a list of 1 to 32"),
    ("NaN deep down", b'{"prompt": "a", "requirements": [{"max_cost_usd": NaN}]}', "requirements", "NaN came"),
    ("NaN under no field's name", b'{"prompt": "a", "zebra": NaN}', "zebra", "zebra: NaN came"),
    ("NaN alone", b"NaN", None, "NaN came"),
    ("a duplicate key", b'{"prompt": "a", "prompt": "b"}', "prompt", "given twice"),
    ("half a character", b'{"prompt": "\\ud800"}', "prompt", "half a character"),
    ("half a character in a list", b'{"prompt": "a", "requirements": ["\\udc00"]}', "requirements", "half a character"),
    ("half a character for a name", b'{"prompt": "a", "n\\ud800": 1}', "n", "half a character"),
    ("a misspelt field", b'{"promt": "a cat"}', "promt", "did you mean 'prompt'?"),
    ("capitals", b'{"PROMPT": "a cat"}', "PROMPT", "did you mean 'prompt'?"),
    ("humps", with_field(maxRetryAttempts=3), "maxRetryAttempts", "did you mean 'max_retry_attempts'?"),
    ("an unknown field", with_field(zebra=1), "zebra", "is no field"),
    ("no prompt", b"{}", "prompt", "missing"),
    ("an empty prompt", b'{"prompt": ""}', "prompt", "1 to 10,000 characters"),
    ("a blank prompt", b'{"prompt": "  "}', "prompt", "is blank"),
    ("a long prompt", json.dumps({"prompt": "x" * 10_001}).encode(), "prompt", "1 to 10,000 characters"),
    ("a control character", b'{"prompt": "a\\u0000b"}', "prompt", "U+0000"),
    ("a prompt that is no text", b'{"prompt": 5}', "prompt", "5 came"),
    ("true for a number", with_field(max_retry_attempts=True), "max_retry_attempts", "true came"),
    ("zero attempts", with_field(max_retry_attempts=0), "max_retry_attempts", "1 or more"),
    ("1e9 attempts", b'{"prompt": "a", "max_retry_attempts": 1e9}', "max_retry_attempts", "a whole number, 1 or more"),
    ("too many attempts", with_field(max_retry_attempts=34), "max_retry_attempts", "at most 100 attempts"),
    ("text for a number", with_field(max_prompt_revisions="3"), "max_prompt_revisions", "whole number"),
    ("temperature 1.1", with_field(nova_pro_validate_temperature=1.1), "nova_pro_validate_temperature", "0 to 1"),
    ("top_p 0", with_field(nova_pro_revise_top_p=0), "nova_pro_revise_top_p", "above 0, at most 1"),
    ("top_k 501", with_field(nova_pro_revise_top_k=501), "nova_pro_revise_top_k", "0 to 500"),
    ("10,001 tokens", with_field(nova_pro_validate_max_tokens=10_001), "nova_pro_validate_max_tokens", "1 to 10000"),
    ("cfg 1.0", with_field(nova_canvas_cfg_scale=1.0), "nova_canvas_cfg_scale", "1.1 to 10"),
    ("width 1000", with_field(nova_canvas_width=1000), "nova_canvas_width", "multiple of 16"),
    ("width 304", with_field(nova_canvas_width=304), "nova_canvas_width", "320 to 4096"),
    ("5:1", with_field(nova_canvas_width=1600, nova_canvas_height=320), "nova_canvas_width", "1:4 to 4:1"),
    ("4096 x 2048", with_field(nova_canvas_width=4096, nova_canvas_height=2048), "nova_canvas_width", "in area"),
    ("6 images", with_field(nova_canvas_number_of_images=6), "nova_canvas_number_of_images", "1 to 5"),
    ("seed -1", with_field(nova_canvas_seed=-1), "nova_canvas_seed", "0 to 2147483646"),
    ("a foreign bucket", with_field(output_s3_bucket_name="somebody-elses"), "output_s3_bucket_name", "retake-outbox"),
    ("no bucket name", with_field(output_s3_bucket_name="A B"), "output_s3_bucket_name", "a bucket name"),
    ("..", with_field(output_s3_key_prefix="a/../b"), "output_s3_key_prefix", "'..' part"),
    ("a leading slash", with_field(output_s3_key_prefix="/a"), "output_s3_key_prefix", "leading slash"),
    ("an empty prefix", with_field(output_s3_key_prefix=""), "output_s3_key_prefix", "empty"),
    ("a control character", with_field(output_s3_key_prefix="a\nb"), "output_s3_key_prefix", "control character"),
    (
        "a late control character",
        with_field(output_s3_key_prefix="a\x85b"),
        "output_s3_key_prefix",
        "control character",
    ),
    ("below the inbox", with_field(output_s3_key_prefix="inbox/results"), "output_s3_key_prefix", "below inbox/"),
    ("the inbox", with_field(output_s3_key_prefix="inbox"), "output_s3_key_prefix", "below inbox/"),
    ("a long prefix", with_field(output_s3_key_prefix="é" * 301), "output_s3_key_prefix", "602 bytes"),
    ("no requirements", with_field(requirements=[]), "requirements", "1 to 32 texts"),
    ("a number required", with_field(requirements=["a", 1]), "requirements", "1 to 32 texts"),
    (
        "an unknown model",
        with_field(image_models=["amazon.nova-canvas-v9:0"]),
        "image_models",
        "amazon.nova-canvas-v1:0",
    ),
    (
        "another region by ARN",
        with_field(image_models=["arn:aws:bedrock:eu-west-1::foundation-model/amazon.nova-canvas-v1:0"]),
        "image_models",
        "ALLOWED_IMAGE_MODELS",
    ),
    (
        "a model declared",
        with_field(image_models=["amazon.nova-canvas-v1:0=amazon.nova-canvas-v1:0"]),
        "image_models",
        "only the stage's settings",
    ),
    (
        "another region",
        with_field(vision_models=["eu-west-1/amazon.nova-pro-v1:0"]),
        "vision_models",
        "ALLOWED_VISION_MODELS",
    ),
    ("above the stage's cap", with_field(max_cost_usd=6), "max_cost_usd", "at most 5 "),
    ("no money", with_field(max_cost_usd=0), "max_cost_usd", "above 0"),
]


@pytest.mark.parametrize(("data", "field", "words"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_bad_input_is_refused_by_field_with_what_is_allowed(data: bytes, field: str | None, words: str):
    with pytest.raises(Refused) as refused:
        read_request(data, stage())
    assert refused.value.field == field
    assert words in refused.value.error


def test_a_byte_order_mark_is_no_reason_to_refuse():
    assert read_request(b'\xef\xbb\xbf{"prompt": "a cat"}', stage()).prompt == "a cat"


@given(
    st.binary(max_size=400)
    | st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["prompt", *Request.model_fields]), inner),
        max_leaves=5,
    ).map(lambda value: json.dumps(value).encode())
)
def test_whatever_comes_is_a_request_or_refused(data: bytes):
    try:
        prompt = read_request(data, stage()).prompt
    except Refused:
        return  # the only thing that may be raised
    assert 1 <= len(prompt) <= 10_000


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("positive_prompt", "prompt"),
        ("seed", "nova_canvas_seed"),
        ("width", "nova_canvas_width"),
        ("Height", "nova_canvas_height"),
        ("promt", "prompt"),
    ],
)
def test_a_field_of_another_tool_is_answered_with_ours(written: str, meant: str):
    with pytest.raises(Refused, match=f"did you mean '{meant}'"):
        parse_request(json.dumps({"prompt": "a lake", written: "1"}).encode())


@pytest.mark.parametrize(
    "fields",
    [{"requirements": "a"}, {"requirements": []}, {"image_models": [1]}, {"max_retry_attempts": True}, {"prompt": 7}],
)
def test_no_message_speaks_of_what_it_is_read_by(fields: dict[str, object]):
    with pytest.raises(Refused) as refused:
        parse_request(json.dumps({"prompt": "a lake", **fields}).encode())
    assert not {"tuple", "item", "items", "Input", "pydantic"} & set(refused.value.error.replace(";", " ").split())
