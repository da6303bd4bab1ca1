"""The stack: CloudFormation takes it, and every property that a deployment promises is in it."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from chalicelib.deploy.documents import template
from chalicelib.deploy.stage import HANDLERS, VISIBILITY_FOR_TIMEOUT, Caller
from tests.deploy.stages import ROOT, stage

STAGE = stage()
TEMPLATE = template(ROOT, STAGE)
RESOURCES: dict[str, Any] = TEMPLATE["Resources"]


def of_type(kind: str) -> dict[str, Any]:
    return {
        resource["Properties"].get("BucketName", name): resource
        for name, resource in RESOURCES.items()
        if resource["Type"] == kind
    }


BUCKETS = of_type("AWS::S3::Bucket")
QUEUES = {queue["Properties"]["QueueName"]: queue["Properties"] for queue in of_type("AWS::SQS::Queue").values()}
ALARMS = {name: alarm["Properties"] for name, alarm in of_type("AWS::CloudWatch::Alarm").items()}


@pytest.mark.parametrize("region", ["us-east-1", "us-west-2", "eu-central-1", "ap-northeast-1"])
def test_cfn_lint_has_nothing_to_say(region: str):
    import cfnlint  # takes a second, which whoever runs other tests need not wait for

    told = stage(caller=Caller("aws", "123456789012", region), notify="operations@example.com")
    text = json.dumps(template(ROOT, told))
    found = cfnlint.lint(text, config=cfnlint.ManualArgs(regions=[region], include_checks=["I"]))
    assert [str(match) for match in found] == []


def test_nothing_is_left_to_fill_in():
    assert re.findall(r"(?<!\$)\{[a-z_]+\}", json.dumps(TEMPLATE)) == []


def test_inbox_and_outbox_are_the_stages():
    assert set(BUCKETS) == {STAGE.settings.inbox_bucket, STAGE.settings.outbox_bucket}


def test_a_stage_with_one_bucket_gets_one():
    one = template(ROOT, stage(OUTBOX_BUCKET="retake-{stage}-inbox-{account}-{region}"))["Resources"]
    assert [name for name, resource in one.items() if resource["Type"].startswith("AWS::S3::")] == [
        "Inbox",
        "InboxPolicy",
    ]


@pytest.mark.parametrize("bucket", sorted(BUCKETS))
def test_a_bucket_is_private_encrypted_and_stays_when_the_stack_goes(bucket: str):
    properties = BUCKETS[bucket]["Properties"]
    assert set(properties["PublicAccessBlockConfiguration"].values()) == {True}
    assert len(properties["PublicAccessBlockConfiguration"]) == 4
    (encryption,) = properties["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert encryption == {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    assert properties["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    assert BUCKETS[bucket]["DeletionPolicy"] == "RetainExceptOnCreate"
    assert BUCKETS[bucket]["UpdateReplacePolicy"] == "Retain"


@pytest.mark.parametrize("bucket", sorted(BUCKETS))
def test_a_bucket_can_be_adopted_because_its_name_is_literal(bucket: str):
    assert isinstance(BUCKETS[bucket]["Properties"]["BucketName"], str)


@pytest.mark.parametrize("bucket", sorted(BUCKETS))
def test_old_versions_and_incomplete_uploads_go_after_a_while(bucket: str):
    rules = BUCKETS[bucket]["Properties"]["LifecycleConfiguration"]["Rules"]
    assert all(rule["Status"] == "Enabled" for rule in rules)
    assert {key for rule in rules for key in rule} >= {"NoncurrentVersionExpiration", "AbortIncompleteMultipartUpload"}
    assert not any("ExpirationInDays" in rule for rule in rules), "what is current never goes by itself"


@pytest.mark.parametrize("bucket", sorted(BUCKETS))
def test_a_bucket_is_reached_over_tls_only(bucket: str):
    statements = [
        statement
        for policy in of_type("AWS::S3::BucketPolicy").values()
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
        if f"arn:aws:s3:::{bucket}" in statement["Resource"]
    ]
    (statement,) = statements
    assert (statement["Effect"], statement["Principal"], statement["Action"]) == ("Deny", "*", "s3:*")
    assert statement["Resource"] == [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"]
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_the_inbox_keeps_versions():
    assert BUCKETS[STAGE.settings.inbox_bucket]["Properties"]["VersioningConfiguration"] == {"Status": "Enabled"}


def test_the_queues_are_the_stages_encrypted_and_hide_a_message_for_six_timeouts():
    assert set(QUEUES) == {STAGE.settings.queue_name, STAGE.settings.dead_letter_queue_name}
    for queue in QUEUES.values():
        assert queue["SqsManagedSseEnabled"] is True
        assert queue["VisibilityTimeout"] == VISIBILITY_FOR_TIMEOUT * STAGE.value("lambda_timeout") == 1800


def test_visibility_follows_the_longest_of_the_functions_timeouts():
    longer = stage(lambda_functions={"on_attempt": {"iam_policy_file": "x", "lambda_timeout": 840}})
    assert template(ROOT, longer)["Resources"]["Queue"]["Properties"]["VisibilityTimeout"] == 6 * 840


def test_a_message_is_tried_five_times_within_four_days_then_kept_for_fourteen():
    queue, dead = QUEUES[STAGE.settings.queue_name], QUEUES[STAGE.settings.dead_letter_queue_name]
    assert queue["RedrivePolicy"] == {
        "deadLetterTargetArn": {"Fn::GetAtt": ["DeadLetterQueue", "Arn"]},
        "maxReceiveCount": 5,
    }
    days = 24 * 60 * 60
    assert (queue["MessageRetentionPeriod"], dead["MessageRetentionPeriod"]) == (4 * days, 14 * days)


def test_every_function_has_a_log_group_that_forgets():
    groups = {
        group["Properties"]["LogGroupName"]: group["Properties"] for group in of_type("AWS::Logs::LogGroup").values()
    }
    assert set(groups) == {f"/aws/lambda/{STAGE.function(handler)}" for handler in HANDLERS}
    assert {group["RetentionInDays"] for group in groups.values()} == {30}


METRICS = {
    "DeadLetterHandled": ("AWS/Lambda", "Invocations", {"FunctionName": "retake-dev-on_dead_letter"}, 0),
    "QueueIsStuck": ("AWS/SQS", "ApproximateAgeOfOldestMessage", {"QueueName": "retake-dev"}, 3600),
    "LoopWasStopped": ("AWS/Lambda", "RecursiveInvocationsDropped", {"FunctionName": "retake-dev-on_attempt"}, 0),
    "EventsDropped": ("AWS/Lambda", "AsyncEventsDropped", {"FunctionName": "retake-dev-on_prompt"}, 0),
    "DestinationFails": ("AWS/Lambda", "DestinationDeliveryFailures", {"FunctionName": "retake-dev-on_prompt"}, 0),
    "DeadLetterWaits": ("AWS/SQS", "ApproximateAgeOfOldestMessage", {"QueueName": "retake-dev-dead-letters"}, 3600),
    "DailySpend": ("Retake", "CostUSD", {"Stage": "dev"}, 10 * STAGE.settings.max_cost_usd),
}


@pytest.mark.parametrize(("alarm", "watched"), METRICS.items())
def test_an_alarm_watches(alarm: str, watched: tuple[str, str, dict[str, str], float]):
    properties = ALARMS[alarm]
    dimensions = {one["Name"]: one["Value"] for one in properties["Dimensions"]}
    assert (properties["Namespace"], properties["MetricName"], dimensions, properties["Threshold"]) == watched
    assert properties["ComparisonOperator"] == "GreaterThanThreshold"


def test_spend_is_summed_over_a_day():
    assert (ALARMS["DailySpend"]["Period"], ALARMS["DailySpend"]["Statistic"]) == (86_400, "Sum")


@pytest.mark.parametrize(("alarm", "name"), [("FunctionsFail", "Errors"), ("FunctionsThrottled", "Throttles")])
def test_an_alarm_watches_all_functions(alarm: str, name: str):
    metrics = [one["MetricStat"]["Metric"] for one in ALARMS[alarm]["Metrics"] if "MetricStat" in one]
    assert {metric["MetricName"] for metric in metrics} == {name}
    assert {metric["Dimensions"][0]["Value"] for metric in metrics} == {STAGE.function(handler) for handler in HANDLERS}


def test_a_dead_model_chain_wakes_somebody():
    """When every job of an hour ends in FAIL, the share is 100; without a job there is no data, and no alarm."""
    alarm = ALARMS["JobsFail"]
    share, *counted = alarm["Metrics"]
    assert (share["Expression"], alarm["Threshold"]) == ("100 * failed / jobs", 50)
    watched = {one["Id"]: one["MetricStat"]["Metric"] for one in counted}
    assert {name: metric["MetricName"] for name, metric in watched.items()} == {"failed": "FailedJobs", "jobs": "Jobs"}
    assert all(metric["Dimensions"] == [{"Name": "Stage", "Value": "dev"}] for metric in watched.values())
    assert not any(one["ReturnData"] for one in counted)


@pytest.mark.parametrize("topic", ["Alarms", "Results"])
def test_mail_is_sent_where_the_stage_names_an_address_and_only_there(topic: str):
    assert of_type("AWS::SNS::Subscription") == {}
    told = template(ROOT, stage(notify="operations@example.com"))["Resources"][f"{topic}ByMail"]["Properties"]
    assert told == {"TopicArn": {"Ref": topic}, "Protocol": "email", "Endpoint": "operations@example.com"}


def test_the_alarms_are_where_doctor_looks_for_subscribers():
    assert STAGE.alarms_arn.rpartition(":")[2] == RESOURCES["Alarms"]["Properties"]["TopicName"]


def test_every_result_is_told_to_a_topic_that_takes_it_from_this_outbox_alone():
    """S3 asks whether it may publish before it takes a notification: the policy comes first."""
    outbox = RESOURCES["Outbox"]
    (told,) = outbox["Properties"]["NotificationConfiguration"]["TopicConfigurations"]
    assert (told["Event"], told["Topic"]) == ("s3:ObjectCreated:Put", {"Ref": "Results"})
    assert told["Filter"]["S3Key"]["Rules"] == [{"Name": "suffix", "Value": "/result.json"}]
    assert outbox["DependsOn"] == "ResultsPolicy"
    (statement,) = RESOURCES["ResultsPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    assert (statement["Action"], statement["Principal"]) == ("sns:Publish", {"Service": "s3.amazonaws.com"})
    assert statement["Condition"] == {
        "ArnEquals": {"aws:SourceArn": f"arn:aws:s3:::{STAGE.settings.outbox_bucket}"},
        "StringEquals": {"aws:SourceAccount": "123456789012"},
    }


def test_a_stage_with_one_bucket_announces_no_results():
    one = template(ROOT, stage(OUTBOX_BUCKET="retake-{stage}-inbox-{account}-{region}", notify="a@example.com"))
    assert [name for name in one["Resources"] if name.startswith("Results")] == []


def test_every_alarm_tells_the_topic_and_is_silent_without_data():
    assert set(ALARMS) == {*METRICS, "FunctionsFail", "FunctionsThrottled", "JobsFail"}
    for alarm in ALARMS.values():
        assert alarm["AlarmActions"] == [{"Ref": "Alarms"}]
        assert alarm["TreatMissingData"] == "notBreaching"
        assert alarm["AlarmName"].startswith("retake-dev ")


def test_the_spend_metric_is_the_one_the_functions_write():
    journal = (ROOT / "chalicelib" / "attempt" / "metrics.py").read_text(encoding="utf-8")
    for word in ("Retake", "CostUSD", "Stage"):
        assert f'"{word}"' in journal


def test_the_dashboard_shows_every_function_both_queues_and_what_was_spent():
    (dashboard,) = of_type("AWS::CloudWatch::Dashboard").values()
    shown = json.loads(dashboard["Properties"]["DashboardBody"])
    words = json.dumps(shown)
    for name in (*(STAGE.function(handler) for handler in HANDLERS), *QUEUES, "CostUSD", "FailedJobs", "Jobs"):
        assert f'"{name}"' in words
    assert {widget["properties"]["region"] for widget in shown["widgets"]} == {"us-east-1"}


def test_the_template_lies_where_chalice_keeps_its_things():
    assert (Path(ROOT) / ".chalice" / "stack.yaml").is_file()
