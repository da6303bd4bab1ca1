"""The calls on buckets that moto answers otherwise. See stubs.py."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from chalicelib.deploy.cloud import buckets
from chalicelib.deploy.found import Bucket, Notification
from tests.deploy.stubs import ACCOUNT, Stub


@pytest.mark.parametrize(
    ("error", "found"),
    [("404", Bucket.ABSENT), ("403", Bucket.TAKEN)],
)
def test_a_bucket_name_is_free_or_taken(stub: Stub, error: str, found: Bucket):
    client, answers = stub("s3")
    expected = {"Bucket": "b", "ExpectedBucketOwner": ACCOUNT}
    answers.add_client_error("head_bucket", error, http_status_code=int(error), expected_params=expected)
    assert buckets.look(client, "b", ACCOUNT) is found


@pytest.mark.parametrize(
    ("held", "found"),
    [
        ({}, Bucket.EMPTY),
        ({"Versions": [{"Key": "k"}]}, Bucket.HOLDS),
        ({"DeleteMarkers": [{"Key": "k"}]}, Bucket.HOLDS),
    ],
)
def test_a_bucket_of_ours_is_empty_or_holds_something(stub: Stub, held: dict[str, Any], found: Bucket):
    client, answers = stub("s3")
    answers.add_response("head_bucket", {}, {"Bucket": "b", "ExpectedBucketOwner": ACCOUNT})
    answers.add_response("list_object_versions", held, {"Bucket": "b", "MaxKeys": 1, "ExpectedBucketOwner": ACCOUNT})
    assert buckets.look(client, "b", ACCOUNT) is found


def test_only_our_function_is_taken_out_of_the_notifications(stub: Stub):
    client, answers = stub("s3")
    mine, other = (
        {"LambdaFunctionArn": f"arn:aws:lambda:us-east-1:1:function:{name}", "Events": ["s3:*"]} for name in "ab"
    )
    there = {"LambdaFunctionConfigurations": [mine, other], "QueueConfigurations": [{"QueueArn": "q", "Events": []}]}
    answers.add_response("get_bucket_notification_configuration", there)
    left = {**there, "LambdaFunctionConfigurations": [other]}
    expected = {"Bucket": "b", "ExpectedBucketOwner": ACCOUNT, "NotificationConfiguration": left}
    answers.add_response("put_bucket_notification_configuration", {}, expected)
    buckets.stop_notifying(client, "b", mine["LambdaFunctionArn"], ACCOUNT)


def test_the_functions_that_a_bucket_invokes_are_seen(stub: Stub):
    client, answers = stub("s3")
    there = {"LambdaFunctionConfigurations": [{"LambdaFunctionArn": "arn", "Events": ["s3:*"]}]}
    answers.add_response("get_bucket_notification_configuration", there)
    assert buckets.notifications(client, ["b"], ACCOUNT) == (Notification("b", "arn"),)


@pytest.mark.parametrize("code", ["BucketNotEmpty", "NoSuchBucket"])
def test_a_bucket_that_filled_meanwhile_stays_and_one_that_is_gone_is_no_trouble(stub: Stub, code: str):
    client, answers = stub("s3")
    answers.add_client_error("delete_bucket", code)
    buckets.delete_if_empty(client, "b", ACCOUNT)
    answers.add_client_error("delete_bucket", "AccessDenied")
    with pytest.raises(ClientError, match="AccessDenied"):
        buckets.delete_if_empty(client, "b", ACCOUNT)
