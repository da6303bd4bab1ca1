"""Starting a warm process, in the words of `subprocess`."""

import atexit
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from functools import cache
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from tests.warm.server import Order

ROOT = Path(__file__).parent.parent.parent
# What the commands import of other projects.
PACKAGES = (
    *("boto3", "botocore.session", "chalice.cli.factory", "chalice.deploy.deployer", "click", "yaml", "pydantic"),
    *("PIL.Image", "PIL.ImageDraw", "PIL.ImageFont", "PIL.PngImagePlugin", "PIL.JpegImagePlugin", "jinja2"),
    *("moto.moto_server.werkzeug_app", "moto.s3.responses", "moto.sqs.responses", "rich.live", "rich.progress"),
)
# What they import of this one.
OURS = (
    *("chalicelib.local.start", "chalicelib.local.serve", "chalicelib.local.calibrating", "chalicelib.handlers"),
    *("chalicelib.calibration.calibrate", "chalicelib.stage.redrive", "chalicelib.stage.commands"),
)


class Process:
    """As `subprocess.Popen`, in what tests need of it; `stdout` is the end that is read."""

    def __init__(self, told: socket.socket, stdout: IO[str] | None = None) -> None:
        self._told = told
        self.pid = int(told.recv(64))
        self.stdout = stdout
        self.returncode: int | None = None

    def poll(self) -> int | None:
        with suppress(subprocess.TimeoutExpired):
            self.wait(0)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """The exit code, minus the signal's number for one that was killed. Raises TimeoutExpired."""
        if self.returncode is None:
            self._told.settimeout(timeout)
            try:
                self.returncode = int(self._told.recv(64))
            except (BlockingIOError, TimeoutError):
                raise subprocess.TimeoutExpired(str(self.pid), timeout or 0) from None
            self._told.close()
        return self.returncode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def let_go(self) -> None:
        """As if this process were gone: then that one is killed."""
        self._told.close()

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


def start(
    command: Sequence[str],
    *,
    cwd: Path,
    env: Mapping[str, str],
    stdin: int | None = None,
    modules: tuple[str, ...] = PACKAGES + OURS,
) -> Process:
    """A process whose output can be read; `command` is without the interpreter, `stdin` a descriptor, if any."""
    reading, writing = os.pipe()
    with open(os.devnull, "r+b", buffering=0) as nothing, open(writing, "w") as stdout:
        given = nothing.fileno() if stdin is None else stdin
        told = _ordered(command, cwd, env, modules, given, stdout.fileno(), nothing.fileno())
    return Process(told, open(reading, encoding="utf-8"))


def run(
    command: Sequence[str],
    *,
    cwd: Path,
    env: Mapping[str, str],
    input: str = "",
    stdin: int | None = None,
    timeout: float = 120,
    modules: tuple[str, ...] = PACKAGES + OURS,
) -> "subprocess.CompletedProcess[str]":
    """What a command comes to; `stdin` is a descriptor to read from in place of `input`. Raises TimeoutExpired."""
    with _text_file() as given, _text_file() as stdout, _text_file() as stderr:
        given.write(input)
        given.seek(0)
        streams = (given.fileno() if stdin is None else stdin, stdout.fileno(), stderr.fileno())
        process = Process(_ordered(command, cwd, env, modules, *streams))
        try:
            code = process.wait(timeout)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise
        stdout.seek(0)
        stderr.seek(0)
        return subprocess.CompletedProcess(list(command), code, stdout.read(), stderr.read())


def _text_file() -> IO[str]:
    return TemporaryFile("w+", encoding="utf-8")


def _ordered(
    command: Sequence[str], cwd: Path, env: Mapping[str, str], modules: tuple[str, ...], *streams: int
) -> socket.socket:
    """Where the process tells of itself."""
    ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with its:
        order = Order(tuple(map(str, command)), str(cwd), dict(env))
        socket.send_fds(_server(modules), [json.dumps(asdict(order)).encode()], [its.fileno(), *streams])
    return ours


@cache
def _server(modules: tuple[str, ...]) -> socket.socket:
    """One for each list of modules, as long as this process lives."""
    ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    own = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    with its:
        command = [sys.executable, "-m", "tests.warm.server", str(its.fileno()), *modules]
        server = subprocess.Popen(command, cwd=ROOT, env=own, stdin=subprocess.DEVNULL, pass_fds=[its.fileno()])
    atexit.register(_ended, server, ours)
    return ours


def _ended(server: "subprocess.Popen[bytes]", orders: socket.socket) -> None:
    orders.close()
    server.wait()
