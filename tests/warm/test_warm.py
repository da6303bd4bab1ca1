"""A warm process is one of its own: what it is given, what it leaves, and how it ends."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.warm import start

NONE: tuple[str, ...] = ()
TELLING = """
import json, os, sys
print(json.dumps([sys.argv, sys.path[:2], os.getcwd(), dict(os.environ), sys.stdin.read(), __name__]))
print("aside", file=sys.stderr)
"""


def script(folder: Path, text: str) -> list[str]:
    path = folder / "script.py"
    path.write_text(text)
    return [str(path)]


def test_it_has_its_own_arguments_path_directory_environment_and_input(tmp_path: Path) -> None:
    command = [*script(tmp_path, TELLING), "one", "two"]
    given = {"NAME": "value", "PYTHONPATH": "/elsewhere"}
    done = start.run(command, cwd=tmp_path, env=given, input="words", modules=NONE)
    assert (done.returncode, done.stderr) == (0, "aside\n")
    assert json.loads(done.stdout) == [
        command,
        [str(tmp_path), "/elsewhere"],
        str(tmp_path),
        given,
        "words",
        "__main__",
    ]


def test_it_tells_what_an_interpreter_of_its_own_tells(tmp_path: Path) -> None:
    (tmp_path / "told.py").write_text("import sys\nprint(sys.argv, sys.path, sys.modules['__main__'].__file__)")
    own = {"PATH": os.environ["PATH"]}
    warm = start.run(["-m", "told", "one"], cwd=tmp_path, env=own, modules=NONE)
    command = [sys.executable, "-m", "told", "one"]
    cold = subprocess.run(command, cwd=tmp_path, env=own, capture_output=True, text=True, check=True)
    assert (warm.stdout, warm.stderr) == (cold.stdout, cold.stderr)


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("raise SystemExit(3)", 3, ""),
        ("raise SystemExit('no')", 1, "no\n"),
        ("raise ValueError('never')", 1, "ValueError: never\n"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", -9, ""),
        ("import threading, time; threading.Thread(target=time.sleep, args=(0.1,)).start()", 0, ""),
        ("import atexit, sys; atexit.register(sys.stderr.write, 'late')", 0, "late"),
    ],
)
def test_it_ends_as_a_process_ends(tmp_path: Path, text: str, code: int, words: str) -> None:
    done = start.run(script(tmp_path, text), cwd=tmp_path, env={}, modules=NONE)
    assert (done.returncode, done.stdout) == (code, "")
    assert done.stderr.endswith(words)
    assert bool(done.stderr) == bool(words)


def test_what_one_changes_no_other_sees(tmp_path: Path) -> None:
    text = "import os, json\nprint(hasattr(json, 'mine'), os.environ.get('MINE'))\njson.mine = os.environ['MINE'] = '1'"
    command = script(tmp_path, text)
    printed = [start.run(command, cwd=tmp_path, env={}, modules=("json",)).stdout for _ in range(2)]
    assert printed == ["False None\n"] * 2


WAITING = """
import time
try:
    print("ready", flush=True)
    time.sleep(60)
except KeyboardInterrupt:
    print("ended")
"""


def test_it_can_be_read_while_it_runs_and_is_told_by_a_signal(tmp_path: Path) -> None:
    process = start.start(script(tmp_path, WAITING), cwd=tmp_path, env={}, modules=NONE)
    assert process.stdout is not None
    with process.stdout as printed:
        assert printed.readline() == "ready\n"
        assert process.poll() is None
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
        assert printed.read() == "ended\n"


def test_who_takes_too_long_is_killed(tmp_path: Path) -> None:
    with pytest.raises(subprocess.TimeoutExpired):
        start.run(script(tmp_path, WAITING), cwd=tmp_path, env={}, timeout=0.2, modules=NONE)


def test_it_does_not_outlive_whoever_started_it(tmp_path: Path) -> None:
    process = start.start(script(tmp_path, WAITING), cwd=tmp_path, env={}, modules=NONE)
    assert process.stdout is not None
    process.let_go()
    with process.stdout as printed:
        assert printed.read() in ("", "ready\n")  # until its last end is closed, so the process is gone
    until = time.monotonic() + 30
    while Path(f"/proc/{process.pid}").exists() and time.monotonic() < until:
        time.sleep(0.01)
    assert not Path(f"/proc/{process.pid}").exists()
