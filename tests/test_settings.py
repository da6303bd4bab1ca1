"""The stage's settings: read once, and every mistake names its key."""

import pytest

from chalicelib.errors import SettingsError
from chalicelib.settings import Settings
from tests.job.stage import ENVIRONMENT, stage


def test_the_four_names_are_enough():
    settings = Settings.from_environment(ENVIRONMENT)
    assert (settings.max_attempts, settings.max_cost_usd, settings.max_deferrals, settings.max_wait_seconds) == (
        100,
        5,
        20,
        21600,
    )
    assert settings.image_models == ("amazon.nova-canvas-v1:0", "us-west-2/stability.stable-image-core-v1:1")
    assert settings.vision_models == ("amazon.nova-pro-v1:0",)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("INBOX_BUCKET", "", "INBOX_BUCKET: is missing"),
        ("OUTBOX_BUCKET", "Not A Bucket", "OUTBOX_BUCKET: is 'Not A Bucket'"),
        ("QUEUE_NAME", "queue.fifo", "QUEUE_NAME: is 'queue.fifo'"),
        ("OUTBOX_BUCKET", "pictures--x-s3", "OUTBOX_BUCKET: is 'pictures--x-s3': ends with '--x-s3'"),
        ("INBOX_BUCKET", "10.0.0.1", "INBOX_BUCKET: is '10.0.0.1': has the form of an IP address"),
        ("OUTPUT_BUCKETS", "good-one,Not A Bucket", "OUTPUT_BUCKETS: is 'Not A Bucket'"),
        ("OUTPUT_BUCKETS", "*,pictures-s3alias", "OUTPUT_BUCKETS: is 'pictures-s3alias': ends with '-s3alias'"),
        ("QUEUE_NAME", "retake-dead-letters", "QUEUE_NAME: is 'retake-dead-letters', and so is DEAD_LETTER_QUEUE_NAME"),
        ("MAX_ATTEMPTS", "many", "MAX_ATTEMPTS: is 'many'"),
        ("MAX_ATTEMPTS", "0", "MAX_ATTEMPTS"),
        ("MAX_COST_USD", "nan", "MAX_COST_USD"),
        ("MAX_COST_USD", "-1", "MAX_COST_USD"),
        ("MAX_DEFERRALS", "1.5", "MAX_DEFERRALS"),
        ("IMAGE_MODELS", " , ", "IMAGE_MODELS"),
        ("IMAGE_MODELS", "amazon.nova-canvas-v7:0", "amazon.nova-canvas-v1:0"),
        ("IMAGE_MODELS", "amazon.nova-canvas-v7:0", "IMAGE_MODELS: 'amazon.nova-canvas-v7:0'"),
        ("IMAGE_MODELS", "a=b", "IMAGE_MODELS: 'b' is no known"),
        ("VISION_MODELS", "amazon.nova-canvas-v1:0", "VISION_MODELS: 'amazon.nova-canvas-v1:0'"),
        ("VISION_MODELS", "bad entry!", "VISION_MODELS: model entry 'bad entry!'"),
        ("ALLOWED_IMAGE_MODELS", "nobody.knows-v1:0", "ALLOWED_IMAGE_MODELS: 'nobody.knows-v1:0'"),
        ("ALLOWED_VISION_MODELS", "amazon.nova-canvas-v1:0", "ALLOWED_VISION_MODELS: 'amazon.nova-canvas-v1:0'"),
        ("ALLOWED_VISION_MODELS", "new=", "ALLOWED_VISION_MODELS: 'new=' adds no model"),
    ],
)
def test_a_wrong_setting_is_named_with_where_to_change_it(name: str, value: str, words: str):
    with pytest.raises(SettingsError) as wrong:
        stage(**{name: value})
    assert words in str(wrong.value)
    assert str(wrong.value).startswith(f"{name}: ")
    assert ".chalice/config.json" in str(wrong.value)


@pytest.mark.parametrize(
    ("allowed", "entry", "is_allowed"),
    [
        ("", "stability.stable-image-core-v1:1", True),
        ("", "us-west-2/stability.stable-image-core-v1:1", True),
        ("", "eu-west-1/stability.stable-image-core-v1:1", False),
        ("stability.sd3-5-large-v1:0", "stability.sd3-5-large-v1:0", True),
        ("stability.sd3-5-large-v1:0", "stability.stable-image-ultra-v1:1", False),
        ("stability.sd3-5-large-v1:0", "amazon.nova-canvas-v1:0", True),  # of the default chain
    ],
)
def test_a_prompt_file_may_name_what_the_stage_allows(allowed: str, entry: str, is_allowed: bool):
    assert stage(ALLOWED_IMAGE_MODELS=allowed).allows_image_model(entry) is is_allowed


@pytest.mark.parametrize(
    ("buckets", "bucket", "is_allowed"),
    [
        ("", "retake-outbox", True),
        ("", "other", False),
        ("other,third", "third", True),
        ("other", "retake-outbox", True),
        ("*", "any", True),
    ],
)
def test_results_go_to_allowed_buckets_only(buckets: str, bucket: str, is_allowed: bool):
    assert stage(OUTPUT_BUCKETS=buckets).allows_bucket(bucket) is is_allowed


def test_a_new_id_of_a_known_family_is_added_by_the_stage_alone():
    settings = stage(IMAGE_MODELS="us-west-2/stability.stable-image-core-v9:0=stability.stable-image-core-v1:1")
    assert settings.catalogue.image("stability.stable-image-core-v9:0").prompt_limit == 10_000
    assert str(settings.reference(settings.image_models[0])) == "us-west-2/stability.stable-image-core-v9:0"
