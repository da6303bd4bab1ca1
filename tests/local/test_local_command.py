"""`python -m chalicelib local`: whoever has the exports it prints uses it as AWS."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from tests.local.pumping import eventually
from tests.local.test_run import ROOT, command, ended
from tests.warm import start as warm
from tests.warm.start import Process


class Local:
    """The running command, its exports, and what it has printed."""

    def __init__(self, process: "subprocess.Popen[str] | Process") -> None:
        self.process = process
        assert self.process.stdout is not None
        self.lines: list[str] = []
        self._reader = threading.Thread(target=lambda: self.lines.extend(iter(self.process.stdout or ())), daemon=True)
        self._reader.start()
        assert eventually(lambda: any("Ctrl-C" in line for line in self.lines), 30)
        exports = (re.fullmatch(r"export (\w+)=(\S+)\n", line) for line in self.lines)
        self.exports = {export[1]: export[2] for export in exports if export}
        self._clients: dict[str, Any] = {}
        self._asked: dict[str, str] = {}

    def client(self, service: str) -> Any:
        if service not in self._clients:
            self._clients[service] = boto3.client(
                service,  # type: ignore[call-overload]
                endpoint_url=self.exports["AWS_ENDPOINT_URL"],
                region_name=self.exports["AWS_DEFAULT_REGION"],
                aws_access_key_id=self.exports["AWS_ACCESS_KEY_ID"],
                aws_secret_access_key=self.exports["AWS_SECRET_ACCESS_KEY"],
            )
        return self._clients[service]

    def results(self, prompt: str) -> list[Any]:
        """Every `result.json` whose job was asked for this, by way of its first record."""
        s3, bucket = self.client("s3"), self.exports["OUTBOX_BUCKET"]
        listed = s3.list_objects_v2(Bucket=bucket).get("Contents", [])
        asked = self._asked  # a job's prompt never changes
        for key in (one["Key"] for one in listed):
            folder, _, name = key.rpartition("/")
            if re.fullmatch(r"\d{3}-\d{3}\.json", name) and folder not in asked:
                asked[folder] = json.load(s3.get_object(Bucket=bucket, Key=key)["Body"])["initial_prompt"]
        ended = [key.rpartition("/")[0] for key in (one["Key"] for one in listed) if key.endswith("/result.json")]
        found = [folder for folder in ended if asked.get(folder) == prompt]
        return [json.load(s3.get_object(Bucket=bucket, Key=f"{folder}/result.json")["Body"]) for folder in found]

    def close(self) -> None:
        for client in self._clients.values():
            client.close()
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self._reader.join()
        if self.process.stdout is not None:
            self.process.stdout.close()


PROXY = {"HTTP_PROXY": "http://127.0.0.1:9", "http_proxy": "http://127.0.0.1:9", "no_proxy": "example.org"}


@pytest.fixture(scope="module")
def local() -> Iterator[Local]:
    """In a network whose proxy does not know this machine."""
    arguments, environment = [sys.executable, *command("local", "--port", "0")], {**os.environ, **PROXY}
    running = Local(subprocess.Popen(arguments, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True))
    yield running
    running.close()


def ask(local: Local, prompt: str, **attributes: tuple[str, str]) -> None:
    shaped = {name: {"DataType": kind, "StringValue": value} for name, (kind, value) in attributes.items()}
    body = json.dumps({"prompt": prompt, "max_retry_attempts": 5})
    local.client("sqs").send_message(QueueUrl=local.exports["QUEUE_URL"], MessageBody=body, MessageAttributes=shaped)


def test_an_upload_gives_its_result_under_the_outbox_prefix(local: Local) -> None:
    body = json.dumps({"prompt": "The moon"}).encode()
    key = "inbox/la lune + é 100%.json"
    local.client("s3").put_object(Bucket=local.exports["INBOX_BUCKET"], Key=key, Body=body)
    assert eventually(lambda: bool(local.results("The moon")), 30)
    assert re.fullmatch(r"la-lune-100-\d{8}T\d{6}Z-[0-9a-f]{8}", local.results("The moon")[0]["job"])
    image = f"s3://{local.exports['OUTBOX_BUCKET']}/{local.results('The moon')[0]['image']}"
    assert eventually(lambda: any(" SUCCESS after " in line and f" → {image}\n" in line for line in local.lines))


def test_an_injected_bare_body_gives_its_result(local: Local) -> None:
    ask(local, "The sun")
    assert eventually(lambda: bool(local.results("The sun")), 30)
    assert local.results("The sun")[0]["job"].startswith("message-")


def test_an_injected_revision_starts_there_under_the_name_it_is_given(local: Local) -> None:
    ask(local, "The sea", revision=("Number", "1"), job=("String", "resumed"))
    assert eventually(lambda: bool(local.results("The sea")), 30)
    result = local.results("The sea")[0]
    assert result["job"] == "resumed"
    assert result["attempts"][0]["revision"] == 1


def test_what_happens_to_jobs_is_printed_under_their_whole_names(local: Local) -> None:
    ask(local, "A lake", attempt=("String", "٣"), job=("String", "told"))
    assert eventually(lambda: any(re.match(r"stand-in  told +refused: attempt", line) for line in local.lines), 30)
    assert eventually(lambda: any("/rejected/told.json" in line for line in local.lines))


def test_a_letter_is_sent_again_from_the_printed_exports(local: Local) -> None:
    attributes = {"job": {"DataType": "String", "StringValue": "dead"}}
    local.client("sqs").send_message(
        QueueUrl=local.exports["DEAD_LETTER_QUEUE_URL"],
        MessageBody=json.dumps({"prompt": "The moon over a lake"}),
        MessageAttributes=attributes,
    )
    assert eventually(lambda: len(local.results("The moon over a lake")) == 1, 30)
    own = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    redrive = subprocess.run(
        [sys.executable, *command("redrive", "dead", "--stage", "local")],
        cwd=ROOT,
        env=own | PROXY | local.exports,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    sent = re.fullmatch(r"sent again as (dead\.again-[0-9a-f]{8}0); its results: (s3://\S+)\n", redrive.stdout)
    assert sent, redrive.stderr
    assert sent[2] == f"s3://{local.exports['OUTBOX_BUCKET']}/generated-images/{sent[1]}/"
    assert eventually(lambda: len(local.results("The moon over a lake")) == 2, 30)
    ends = {result["job"]: result["status"] for result in local.results("The moon over a lake")}
    assert ends == {"dead": "FAIL", sent[1]: "SUCCESS"}


def test_foreign_objects_in_the_outbox_do_no_harm(local: Local) -> None:
    bucket = local.exports["OUTBOX_BUCKET"]
    local.client("s3").put_object(Bucket=bucket, Key="old/job/result.json", Body=b"[]")
    assert eventually(lambda: any("old/job/result.json is none of ours" in line for line in local.lines))
    local.client("s3").delete_object(Bucket=bucket, Key="old/job/result.json")


def test_who_asks_while_it_starts_waits_until_the_buckets_are_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    running = warm.start(command("local", "--port", str(port)), cwd=ROOT, env=os.environ)
    try:
        assert eventually(lambda: _answers(port), 30)
        s3 = boto3.client(
            "s3",
            endpoint_url=f"http://127.0.0.1:{port}",
            region_name="us-east-1",
            aws_access_key_id="local",
            aws_secret_access_key="local",
        )
        assert {one["Name"] for one in s3.list_buckets()["Buckets"]} == {"retake-inbox", "retake-outbox"}
        assert s3.get_bucket_versioning(Bucket="retake-inbox")["Status"] == "Enabled"
    finally:
        running.send_signal(signal.SIGTERM)
        assert running.wait(30) in (0, 130, -signal.SIGTERM)
        if running.stdout is not None:
            running.stdout.close()


def _answers(port: int) -> bool:
    """Whether anybody takes a connection; asked as often as can be, to be there first."""
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except ConnectionRefusedError:
        return False
    return True


def test_a_large_file_in_parts_makes_one_job(local: Local) -> None:
    place = {"Bucket": local.exports["INBOX_BUCKET"], "Key": "inbox/parts.json"}
    s3 = local.client("s3")
    whole = place | {"UploadId": s3.create_multipart_upload(**place)["UploadId"]}
    tag = s3.upload_part(**whole, PartNumber=1, Body=b'{"prompt": "The moon in parts"}')["ETag"]
    s3.complete_multipart_upload(**whole, MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": tag}]})
    ask(local, "The moon afterwards")
    assert eventually(lambda: bool(local.results("The moon afterwards") and local.results("The moon in parts")), 30)
    assert len(local.results("The moon in parts")) == 1


def test_a_table_of_five_makes_a_job_of_each_row_and_a_bad_row_is_refused_alone(local: Local) -> None:
    """Over HTTP through the whole local AWS: the notification, the sending as a group, and a worker's own reading."""
    table = "prompt,max_retry_attempts\n" + "".join(f"The moon of row {number},5\n" for number in range(1, 6))
    place = {"Bucket": local.exports["INBOX_BUCKET"], "Key": "inbox/moons.csv"}
    local.client("s3").put_object(**place, Body=f"{table}The moon of row 6,many\n".encode())
    prompts = [f"The moon of row {number}" for number in range(1, 6)]
    assert eventually(lambda: all(local.results(prompt) for prompt in prompts), 60)
    jobs = [result["job"] for prompt in prompts for result in local.results(prompt)]
    assert [re.sub(r"\d{8}T\d{6}Z-[0-9a-f]{8}", "", job) for job in jobs] == [f"moons-r{n:04}-" for n in range(1, 6)]
    listed = local.client("s3").list_objects_v2(
        Bucket=local.exports["OUTBOX_BUCKET"], Prefix="generated-images/rejected/moons-"
    )
    (refused,) = [entry["Key"] for entry in listed["Contents"]]
    assert refused.startswith("generated-images/rejected/moons-r0006-")


@pytest.mark.parametrize("name", ["a\x01b", "桜", "\x7f"])
def test_whatever_a_file_is_called_it_has_its_result(local: Local, name: str) -> None:
    prompt = f"The moon of {name.encode().hex()}"
    key = f"inbox/{name}.json"
    local.client("s3").put_object(Bucket=local.exports["INBOX_BUCKET"], Key=key, Body=json.dumps({"prompt": prompt}))
    assert eventually(lambda: bool(local.results(prompt)), 30)


def test_the_whole_local_aws_is_on_the_printed_port(local: Local) -> None:
    port = local.exports["AWS_ENDPOINT_URL"].rsplit(":", 1)[1]
    assert local.exports["AWS_ENDPOINT_URL"] == f"http://127.0.0.1:{port}"
    assert local.exports["QUEUE_URL"].startswith(local.exports["AWS_ENDPOINT_URL"])
    assert local.exports["AWS_ENDPOINT_URL_BEDROCK_RUNTIME"].startswith("http://127.0.0.1:")
    assert local.exports["NO_PROXY"] == local.exports["no_proxy"] == "127.0.0.1,example.org"


def test_ctrl_c_ends_it_cleanly(local: Local) -> None:
    local.process.send_signal(signal.SIGINT)
    assert local.process.wait(30) == 0
    assert eventually(lambda: local.lines[-1] == "stopped\n")


def test_a_taken_port_is_said_plainly() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        run = ended("local", "--port", str(port))
    assert run.returncode == 2
    assert run.stderr == f"port {port}: Address already in use; name another with --port, or 0 for any that is free\n"
