"""Being told when a job ends: the README's lines as they stand, over real HTTP, with the notification of stack.yaml.

The AWS CLI is not run: its arguments are handed to boto3 under the names that the CLI makes of them. The local AWS
checks neither the topic's policy nor the queue's; cfn-lint and test_template.py look at the first.
"""

import json
import re
import shlex
from typing import Any
from urllib.parse import unquote_plus

import boto3

from chalicelib.deploy.documents import template
from tests.deploy.stages import ROOT, stage

README = (ROOT / "README.md").read_text(encoding="utf-8")
SECTION = README.partition("### Told when a job ends\n")[2].partition("\n### ")[0]
LINES = [line for line in SECTION.splitlines() if line.startswith("aws ")]
STAGE = stage()


def session() -> boto3.Session:
    return boto3.Session(aws_access_key_id="x", aws_secret_access_key="x", region_name="us-east-1")


def run(line: str, address: str) -> Any:
    """The call that the AWS CLI makes of a command line."""
    _, service, action, *words = shlex.split(line)
    given = {
        re.sub(r"(?:^|-)(\w)", lambda found: found[1].upper(), name.removeprefix("--")): value
        for name, value in zip(words[::2], words[1::2], strict=True)
    }
    if endpoint := given.pop("NotificationEndpoint", None):  # `--endpoint-url` would hide it, so the CLI calls it so
        given["Endpoint"] = endpoint
    if "Attributes" in given:
        given["Attributes"] = json.loads(given["Attributes"])
    client: Any = session().client(service, endpoint_url=address)  # type: ignore[call-overload]  # by its name
    return getattr(client, action.replace("-", "_"))(**given)


def notification() -> dict[str, Any]:
    """What stack.yaml asks of the outbox, in the words of the S3 API."""
    told = template(ROOT, STAGE)["Resources"]["Outbox"]["Properties"]["NotificationConfiguration"]
    (one,) = told["TopicConfigurations"]
    rules = [{"Name": rule["Name"], "Value": rule["Value"]} for rule in one["Filter"]["S3Key"]["Rules"]]
    topic = "arn:aws:sns:us-east-1:123456789012:retake-dev-results"
    return {
        "TopicConfigurations": [
            {"TopicArn": topic, "Events": [one["Event"]], "Filter": {"Key": {"FilterRules": rules}}},
        ]
    }


def test_a_queue_hears_of_every_result_and_of_nothing_else(address: str):
    s3, sns, sqs = (session().client(name, endpoint_url=address) for name in ("s3", "sns", "sqs"))
    outbox = STAGE.settings.outbox_bucket
    sns.create_topic(Name=template(ROOT, STAGE)["Resources"]["Results"]["Properties"]["TopicName"])
    queue = sqs.create_queue(QueueName="finished")["QueueUrl"]
    s3.create_bucket(Bucket=outbox)
    s3.put_bucket_notification_configuration(Bucket=outbox, NotificationConfiguration=notification())
    for line in LINES:
        run(line, address)
    for name in ("000-000.json", "000-000.png", "report.html", "result.json"):
        s3.put_object(Bucket=outbox, Key=f"generated-images/a-job/{name}", Body=b"{}")
    heard = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10)["Messages"]
    events = [json.loads(json.loads(message["Body"])["Message"]) for message in heard]
    keys = [unquote_plus(record["s3"]["object"]["key"]) for event in events for record in event.get("Records", ())]
    assert keys == ["generated-images/a-job/result.json"]
    subscribed = sns.list_subscriptions()["Subscriptions"]
    assert sorted(one["Protocol"] for one in subscribed) == ["email", "sqs"]


def test_the_topic_is_the_stacks():
    arns = {words[words.index("--topic-arn") + 1] for line in LINES if "--topic-arn" in (words := shlex.split(line))}
    topic = template(ROOT, STAGE)["Resources"]["Results"]["Properties"]["TopicName"]
    assert arns == {f"arn:aws:sns:us-east-1:123456789012:{topic}"}
