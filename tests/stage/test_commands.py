"""The commands as a user meets them, against `local` while it runs the jobs."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.local.pumping import eventually
from tests.local.test_local_command import Local
from tests.local.test_run import ROOT, command
from tests.stage.outboxes import record
from tests.warm import start

NOBODYS = {
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_MAX_ATTEMPTS": "1",
}
Done = subprocess.CompletedProcess[str]


def environment(given: dict[str, str]) -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return own | NOBODYS | given


def ran(given: dict[str, str], *arguments: "str | Path", pipe: str = "") -> Done:
    return start.run(command(*arguments), cwd=ROOT, env=environment(given), input=pipe)


def ran_cold(given: dict[str, str], *arguments: "str | Path") -> Done:
    """In an interpreter of its own, started as a user starts it."""
    return subprocess.run(
        [sys.executable, *command(*arguments)],
        cwd=ROOT,
        env=environment(given),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.fixture(scope="module")
def local() -> Iterator[Local]:
    running = Local(start.start(command("local", "--port", "0"), cwd=ROOT, env=os.environ))
    yield running
    running.close()


def test_prompts_are_sent_followed_listed_fetched_and_shown(local: Local, tmp_path: Path):
    rows = 'prompt,output_s3_key_prefix\n"The moon over a lake",mine\nThe sun,\n'
    (tmp_path / "two.csv").write_text(rows)
    (tmp_path / "bad.json").write_text('{"prompt": "A lake", "max_retry_attempts": true}')
    sent = ran_cold(local.exports, "send", tmp_path / "two.csv", tmp_path / "bad.json", "--stage", "local")
    moon, sun, bad = sent.stdout.splitlines()
    assert sent.returncode == 3
    assert "bad.json: refused: max_retry_attempts: true came" in sent.stderr
    assert all(re.fullmatch(r"(two-1|two-2|bad)-\d{8}T\d{6}Z-[0-9a-f]{8}", name) for name in (moon, sun, bad))

    followed = ran(local.exports, "watch", moon, sun, "--stage", "local")
    assert (followed.returncode, followed.stderr) == (0, "")
    assert re.search(rf"→ s3://retake-outbox/mine/{moon}/\d{{3}}-\d{{3}}\.png", followed.stdout)
    assert followed.stdout.splitlines()[-2].split()[:4] == ["2", "2", "0", "0"]

    listed = ran_cold(local.exports, "list", "--stage", "local", "--json")
    ends = {line["job"]: line["status"] for line in map(json.loads, listed.stdout.splitlines())}
    assert ends == {moon: "SUCCESS", sun: "SUCCESS", bad: "refused"}

    got = ran_cold(local.exports, "get", "two-1", "--stage", "local", "-o", tmp_path / "out")
    assert got.stdout == f"{tmp_path}/out/mine/{moon}\n"
    assert json.loads((tmp_path / "out" / "mine" / moon / "result.json").read_text())["status"] == "SUCCESS"

    page = ran_cold(local.exports, "gallery", "--stage", "local", "--since", "1h", "-o", tmp_path / "out")
    assert page.stdout.splitlines()[-1] == f"all jobs to look at: {tmp_path}/out/gallery.html"
    html = (tmp_path / "out" / "gallery.html").read_text()
    links = re.findall(r'href="\./([^"]+)"', html)
    assert len(links) == 3
    assert all((tmp_path / "out" / link).exists() for link in links)


def test_an_injected_message_is_watched_by_its_id(local: Local):
    message = local.client("sqs").send_message(
        QueueUrl=local.exports["QUEUE_URL"], MessageBody=json.dumps({"prompt": "The sea"})
    )
    followed = ran(local.exports, "watch", message["MessageId"], "--stage", "local", "-q")
    assert followed.returncode == 0
    assert "1         1       0        0" in followed.stdout


def test_ctrl_c_ends_what_follows_everything(local: Local):
    process = subprocess.Popen(
        [sys.executable, *command("watch", "--stage", "local")],
        cwd=ROOT,
        env=environment(local.exports),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    lines: list[str] = []
    reader = threading.Thread(target=lambda: lines.extend(iter(process.stdout or ())))
    reader.start()
    assert eventually(lambda: bool(lines), 30)
    sent = ran(local.exports, "send", "-", "--stage", "local", pipe="The moon\n")
    assert eventually(lambda: any(f"{sent.stdout.strip()}" in line and "SUCCESS" in line for line in lines), 30)
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 0
    reader.join()
    process.stdout.close()
    assert lines[0] == "following s3://retake-outbox/; Ctrl-C ends\n"
    assert lines[-1] == "to copy one here: python -m chalicelib get JOB --stage local\n"


def test_a_job_under_way_is_cancelled_and_ends_with_the_best_it_made(local: Local):
    """Nobody draws what is asked for here, so it would go on for a hundred attempts."""
    asked = {"prompt": "The moon", "requirements": ["a page of sheet music"], "max_retry_attempts": 50}
    body = json.dumps({**asked, "max_prompt_revisions": 2, "max_cost_usd": 5})
    sent = ran(local.exports, "send", "-", "--stage", "local", pipe=body)
    (job,) = sent.stdout.split()
    done = ran(local.exports, "cancel", job, "--stage", "local", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    last = json.loads(done.stdout.splitlines()[-1])
    assert (last["event"], last["job"], last["status"]) == ("job", job, "CANCELLED")
    assert re.fullmatch(rf"s3://retake-outbox/generated-images/{job}/\d{{3}}-\d{{3}}\.png", last["path"])
    result = local.results("The moon")
    (cancelled,) = [one for one in result if one["job"] == job]
    assert cancelled["best"]["lacking"] == ["a page of sheet music"]
    assert [line["outcome"] for line in cancelled["attempts"]][-1] == "cancelled"
    listed = local.client("s3").list_objects_v2(Bucket="retake-outbox", Prefix=f"generated-images/{job}/")
    again = ran(local.exports, "cancel", job, "--stage", "local")
    assert again.stdout.startswith(f"{job} had ended already\nstand-in  {job} ")
    pictures = [one["Key"] for one in listed["Contents"] if one["Key"].endswith(".png")]
    assert len(pictures) == cancelled["images_made"] < 100


def test_ctrl_c_leaves_the_rest_of_a_cancel_to_the_stage(local: Local):
    later = datetime.now(UTC) + timedelta(minutes=5)
    held = record("held-1", "generated-images/held-1", lease_end=later, request={"prompt": "A lake"}, images=())
    folder = "generated-images/held-1"
    local.client("s3").put_object(Bucket="retake-outbox", Key=f"{folder}/000-000.json", Body=held)
    process = subprocess.Popen(
        [sys.executable, *command("cancel", "held", "--stage", "local")],
        cwd=ROOT,
        env=environment(local.exports),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    first, second = process.stdout.readline(), process.stdout.readline()
    process.send_signal(signal.SIGINT)
    rest = process.stdout.read()
    assert process.wait(30) == 130
    process.stdout.close()
    assert first == "attempt 000-000 of held-1 is under way: the job ends with it, and no other is begun\n"
    assert re.fullmatch(r"waiting until \d\d:\d\d:\d\d UTC at most; Ctrl-C does no harm\n", second)
    assert rest.startswith("what is under way ends its job all the same; to see it: python -m chalicelib watch held-1")
    listed = local.client("s3").list_objects_v2(Bucket="retake-outbox", Prefix=f"{folder}/")["Contents"]
    assert [one["Key"].removeprefix(f"{folder}/") for one in listed] == ["000-000.json", "000-001.json", "001-000.json"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["cancel", "nothing"], "no job 'nothing' has begun in the outbox, so there is nothing to end: `python -m"),
        (["get", "nothing"], "no job 'nothing' in the outbox; `python -m chalicelib list --stage local` shows"),
        (["list", "--bucket", "nowhere"], "There is no bucket nowhere; `python -m chalicelib local` prints"),
        (["gallery", "--since", "soon"], "--since soon: a number of hours, days or weeks is needed"),
        (["send", "missing.json"], "missing.json: No such file or directory"),
    ],
)
def test_what_cannot_be_is_one_sentence_and_the_next_step(local: Local, arguments: list[str], said: str):
    done = ran(local.exports, *arguments, "--stage", "local")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(said)
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("arguments", [("list",), ("doctor",), ("up", "--dry-run")])
def test_a_deployment_is_not_looked_for_among_what_local_holds(local: Local, arguments: tuple[str, ...]):
    done = ran(local.exports, *arguments, "--stage", "dev")
    assert (done.returncode != 0, done.stdout) == (True, "")
    says, then = done.stderr.splitlines()
    assert says == f"{local.exports['AWS_ENDPOINT_URL']} is no AWS account: it does not say whose it is."
    assert then.startswith("Run this in a shell without the exports of `python -m chalicelib local`")


def test_without_the_exports_of_local_they_are_asked_for():
    done = ran({}, "list", "--stage", "local")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("AWS_ENDPOINT_URL is not set; paste the export lines")
