"""From a clone to a running deployment and back, at a local AWS: CloudFormation, IAM, Lambda, S3 and SQS by moto."""

import json
import shutil
from pathlib import Path
from typing import Any

import boto3

from chalicelib.deploy.stage import HANDLERS
from tests.deploy import projects
from tests.deploy.stages import stage

STAGE = stage()
INBOX, OUTBOX = STAGE.buckets


def client(service: str, address: str) -> Any:
    return boto3.client(
        service, "us-east-1", endpoint_url=address, aws_access_key_id="testing", aws_secret_access_key="testing"
    )


def test_from_a_clone_to_a_deployment_and_back(bare_project: Path, address: str):
    project = bare_project
    a_dry_run_changes_nothing(project, address)
    doctor_says_that_all_is_missing(project, address)
    a_run_that_fails_half_way_says_so(project, address)
    the_next_run_takes_up_where_it_left_off(project, address)
    a_lost_record_and_a_lost_destination_are_made_good(project, address)
    alarms_are_mailed_once_there_is_an_address(project, address)
    down_asks_before_it_removes_anything(project, address)
    down_leaves_only_the_bucket_that_holds_something(project, address)
    up_adopts_that_bucket(project, address)


def a_dry_run_changes_nothing(project: Path, address: str) -> None:
    dry = projects.run(project, address, "up", "--stage", "dev", "--dry-run")
    assert dry.returncode == 0, dry.stderr
    assert "1. create the stack retake-dev\n" in dry.stdout
    assert "Nothing was changed" in dry.stdout
    assert what_is_left(address) == {}


def doctor_says_that_all_is_missing(project: Path, address: str) -> None:
    doctor = projects.run_cold(project, address, "doctor", "--stage", "dev")
    assert doctor.returncode == 1
    assert "FAIL stack retake-dev is missing -> python -m chalicelib up --stage dev\n" in doctor.stdout


def a_run_that_fails_half_way_says_so(project: Path, address: str) -> None:
    half = projects.run(project, address, "up", "--stage", "dev", MAY_NOT="lambda.CreateEventSourceMapping")
    assert half.returncode == 1
    assert half.stderr.startswith("These credentials may not do CreateEventSourceMapping: User: arn:aws:iam::")
    assert "it takes up where this left off" in half.stderr
    assert set(what_is_left(address)) >= {"stacks", "buckets", "queues", "functions", "roles"}


def the_next_run_takes_up_where_it_left_off(project: Path, address: str) -> None:
    up = projects.run_cold(project, address, "up", "--stage", "dev")
    assert up.returncode == 0, up.stdout + up.stderr
    assert "create the stack" not in up.stdout
    assert "FAIL" not in up.stdout
    upload, inject, read = up.stdout.splitlines()[-3:]
    queue = f"{address}/123456789012/retake-dev"
    assert upload == f"aws s3 cp prompt.json s3://{INBOX}/inbox/"
    assert inject == f"aws sqs send-message --queue-url {queue} --message-body file://prompt.json"
    assert read == f"aws s3 ls --recursive s3://{OUTBOX}/generated-images/"
    zipped = only_package(project)
    for handler in HANDLERS:
        code = client("lambda", address).get_function(FunctionName=STAGE.function(handler))["Configuration"]
        assert code["CodeSize"] == zipped.stat().st_size


def a_lost_record_and_a_lost_destination_are_made_good(project: Path, address: str) -> None:
    shutil.rmtree(project / ".chalice" / "build" / "dev")  # and with it the record that Chalice keeps of a deployment
    client("lambda", address).delete_function_event_invoke_config(FunctionName="retake-dev-on_prompt")
    again = projects.run(project, address, "up", "--stage", "dev")
    assert again.returncode == 0, again.stdout + again.stderr
    assert "1/2 build the package and deploy" in again.stdout
    assert "2/2 send what retake-dev-on_prompt fails at to retake-dev-dead-letters" in again.stdout
    assert "Subscribing" not in again.stdout, "the mappings were found again"
    assert len(what_is_left(address)["mappings"]) == 2


def alarms_are_mailed_once_there_is_an_address(project: Path, address: str) -> None:
    without = projects.run(project, address, "up", "--stage", "dev", "--dry-run")
    assert "Alarms go nowhere: `up --stage dev --notify ADDRESS` has them mailed.\n" in without.stdout
    wrong = projects.run(project, address, "up", "--stage", "dev", "--notify", "operations")
    assert (wrong.returncode, wrong.stdout) == (1, "")
    assert wrong.stderr.startswith("--notify is 'operations', which is no e-mail address.\nGive one as in --notify")
    told = projects.run(project, address, "up", "--stage", "dev", "--notify", "operations@example.com")
    assert told.returncode == 0, told.stdout + told.stderr
    assert "1. update the stack retake-dev\n" in told.stdout
    assert "alarms go to operations@example.com" in told.stdout  # moto confirms at once
    kept = json.loads((project / ".chalice" / "config.json").read_text(encoding="utf-8"))
    assert kept["stages"]["dev"]["notify"] == "operations@example.com"
    assert "notify" not in kept["stages"]["prod"]
    again = projects.run(project, address, "up", "--stage", "dev", "--dry-run")
    assert "1. build the package" in again.stdout, "the address is part of the stage now"


def down_asks_before_it_removes_anything(project: Path, address: str) -> None:
    before = what_is_left(address)
    silent = projects.run(project, address, "down", "--stage", "dev")
    assert silent.returncode == 1
    assert silent.stderr == (
        "`down` removes stage dev, and there is no terminal to ask at.\n"
        "Run `python -m chalicelib down --stage dev --yes` to remove it without being asked.\n"
    )
    dry = projects.run(project, address, "down", "--stage", "dev", "--dry-run")
    assert (dry.returncode, "delete the stack retake-dev" in dry.stdout) == (0, True)
    assert dry.stdout.endswith("Nothing was changed (--dry-run).\n")
    assert what_is_left(address) == before


def down_leaves_only_the_bucket_that_holds_something(project: Path, address: str) -> None:
    client("s3", address).put_object(Bucket=OUTBOX, Key="generated-images/a/result.json", Body=b"{}")
    down = projects.run_cold(project, address, "down", "--stage", "dev", "--yes")
    assert down.returncode == 0, down.stdout + down.stderr
    assert f"Kept: s3://{OUTBOX} holds objects" in down.stdout
    assert what_is_left(address) == {"buckets": [OUTBOX]}
    nothing = projects.run(project, address, "down", "--stage", "dev", "--yes")
    assert (nothing.returncode, "nothing to do" in nothing.stdout) == (0, True)


def up_adopts_that_bucket(project: Path, address: str) -> None:
    adopted = projects.run(project, address, "up", "--stage", "dev")
    assert adopted.returncode == 0, adopted.stdout + adopted.stderr
    assert f"create the stack retake-dev, adopting what was kept: {OUTBOX}" in adopted.stdout
    kept = client("s3", address).list_objects_v2(Bucket=OUTBOX)["Contents"]
    assert [one["Key"] for one in kept] == ["generated-images/a/result.json"]


def only_package(project: Path) -> Path:
    (package,) = (project / ".chalice" / "build" / "dev" / ".chalice" / "deployments").glob("*.zip")
    return package


def what_is_left(address: str) -> dict[str, list[str]]:
    """Everything of a stage that is still there, by kind."""
    queues = client("sqs", address).list_queues().get("QueueUrls", [])
    left = {
        "buckets": [bucket["Name"] for bucket in client("s3", address).list_buckets()["Buckets"]],
        "queues": queues,
        "functions": [one["FunctionName"] for one in client("lambda", address).list_functions()["Functions"]],
        "mappings": [
            one["UUID"] for one in client("lambda", address).list_event_source_mappings()["EventSourceMappings"]
        ],
        "roles": [one["RoleName"] for one in client("iam", address).list_roles()["Roles"]],
        "stacks": [one["StackName"] for one in client("cloudformation", address).describe_stacks()["Stacks"]],
        "logs": [one["logGroupName"] for one in client("logs", address).describe_log_groups()["logGroups"]],
        "topics": [one["TopicArn"] for one in client("sns", address).list_topics()["Topics"]],
    }
    return {kind: names for kind, names in left.items() if names}


def change_config(project: Path, **changes: Any) -> None:
    path = project / ".chalice" / "config.json"
    path.write_text(json.dumps({**json.loads(path.read_text(encoding="utf-8")), **changes}), encoding="utf-8")


def test_what_stands_in_the_way_is_a_sentence_and_the_next_thing_to_do(project: Path, address: str):
    change_config(project, lambda_timout=60)
    slip = projects.run(project, address, "up", "--stage", "dev")
    assert (slip.returncode, slip.stdout) == (1, "")
    assert slip.stderr == (
        "lambda_timout in .chalice/config.json would be ignored; did you mean lambda_timeout?.\n"
        "Correct or remove it, then run this again.\n"
    )
    shutil.copy(projects.ROOT / ".chalice" / "config.json", project / ".chalice" / "config.json")

    nobody = projects.run(project, address, "doctor", "--stage", "dev", AWS_ACCESS_KEY_ID="", AWS_SECRET_ACCESS_KEY="")
    assert nobody.returncode == 1
    assert nobody.stderr.startswith("There are no AWS credentials.\nRun `aws configure`")

    nowhere = projects.run(project, address, "up", "--stage", "dev", AWS_DEFAULT_REGION="")
    assert nowhere.returncode == 1
    assert nowhere.stderr.startswith("No AWS region is set.\nRun `export AWS_DEFAULT_REGION=us-east-1`")

    create_in_another_account(address, OUTBOX)
    taken = projects.run(project, address, "up", "--stage", "dev")
    assert (taken.returncode, taken.stdout) == (1, "")
    assert taken.stderr.startswith(f"The bucket name {OUTBOX} is taken: it is in another account")
    assert "Change OUTBOX_BUCKET of stage dev in .chalice/config.json" in taken.stderr
    assert what_is_left(address) == {}


def create_in_another_account(address: str, bucket: str) -> None:
    theirs = client("s3", address)

    def from_elsewhere(request: Any, **_: Any) -> None:
        request.headers["x-moto-account-id"] = "999999999999"

    theirs.meta.events.register("before-send.s3", from_elsewhere)
    theirs.create_bucket(Bucket=bucket)
