"""Values of a prompt file that have forms of their own: buckets, prefixes, numbers, blanks."""

import json
from decimal import Decimal

import pytest

from chalicelib.errors import Refused
from chalicelib.job.request import parse_request, read_request
from tests.job.stage import stage
from tests.job.test_request import with_field

# AWS documentation, "General purpose bucket naming rules", 2026-11.
KEPT_BY_S3 = [
    ("a..b", "'..'"),
    ("a.-b", "'.-'"),
    ("a-.b", "'-.'"),
    ("192.168.5.4", "IP address"),
    ("xn--pictures", "'xn--'"),
    ("sthree-pictures", "'sthree-'"),
    ("amzn-s3-demo-pictures", "'amzn-s3-demo-'"),
    ("pictures-s3alias", "'-s3alias'"),
    ("pictures--ol-s3", "'--ol-s3'"),
    ("pictures.mrap", "'.mrap'"),
    ("pictures--x-s3", "'--x-s3'"),
    ("pictures--table-s3", "'--table-s3'"),
    ("Pictures", "3 to 63"),
    ("pictures\n", "3 to 63"),
    ("-pictures", "at both ends"),
]


@pytest.mark.parametrize(("bucket", "why"), KEPT_BY_S3)
def test_a_bucket_that_s3_keeps_is_refused_even_where_any_bucket_is_allowed(bucket: str, why: str):
    with pytest.raises(Refused) as refused:
        read_request(with_field(output_s3_bucket_name=bucket), stage(OUTPUT_BUCKETS="*"))
    assert refused.value.field == "output_s3_bucket_name"
    assert why in refused.value.error


@pytest.mark.parametrize("bucket", ["abc", "my.pictures-2026", "1.2.3", "s3alias", "x" * 63])
def test_any_other_bucket_is_accepted_where_any_bucket_is_allowed(bucket: str):
    request = read_request(with_field(output_s3_bucket_name=bucket), stage(OUTPUT_BUCKETS="*"))
    assert request.output_s3_bucket_name == bucket


@pytest.mark.parametrize(
    "digits", [str(Decimal.from_float(0.7)), format(Decimal.from_float(5e-324), "f")], ids=["0.7", "the longest of all"]
)
def test_a_number_may_be_written_with_all_its_digits(digits: str):
    assert len(digits) > 50
    body = f'{{"prompt": "a cat", "nova_pro_validate_temperature": {digits}}}'
    assert read_request(body.encode(), stage()).nova_pro_validate_temperature == float(digits)


def test_a_trailing_slash_of_the_prefix_is_dropped():
    assert read_request(with_field(output_s3_key_prefix="a/b/"), stage()).output_s3_key_prefix == "a/b"


def test_whole_numbers_serve_where_numbers_are_asked():
    assert read_request(with_field(nova_canvas_cfg_scale=8, max_cost_usd=1), stage()).max_cost_usd == 1


@pytest.mark.parametrize("blank", ["", "  ", None])
def test_a_blank_negative_prompt_is_none(blank: str | None):
    request = parse_request(json.dumps({"prompt": "a lake", "negative_prompt": blank}).encode())
    assert request.negative_prompt is None
    assert parse_request(request.body().encode()) == request
