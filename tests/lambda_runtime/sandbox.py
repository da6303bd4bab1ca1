"""A function's process: the unpacked package, Lambda's runtime packages, the standard library, and nothing else."""

import importlib.util
import os
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.lambda_runtime.api import RuntimeApi

MEMORY_MB = 512
CONFINED = Path(__file__).parent / "confined.py"
# Lambda's Python runtime brings its interface client and boto3; the package brings the latter in the versions tested.
INTERFACE_CLIENT = ("awslambdaric", "runtime_client", "simplejson", "snapshot_restore_py")
BOTO3 = ("boto3", "botocore", "dateutil", "jmespath", "s3transfer", "six", "urllib3")


class Failed(Exception):
    """The function raised; the payload is what it posted."""


class TimedOut(Exception):
    """The function was killed at its timeout, as Lambda does."""


def lay_out_runtime(folder: Path, names: tuple[str, ...] = INTERFACE_CLIENT) -> Path:
    """/var/runtime: links to installed packages."""
    for name in names:
        found = importlib.util.find_spec(name)
        assert found, f"{name} is not installed"
        origin = Path(str(found.origin))
        place = origin.parent if origin.name == "__init__.py" else origin
        (folder / place.name).symlink_to(place)
    return folder


class Sandbox:
    """One execution environment of a function; `invoke` as often as wanted, each time with the function's timeout."""

    def __init__(
        self, task: Path, runtime: Path, handler: str, arn: str, environment: Mapping[str, str], timeout: float
    ) -> None:
        self._task, self._runtime, self._handler, self._arn = task, runtime, handler, arn
        self._environment, self._timeout = environment, timeout
        self._api = RuntimeApi()

    def __enter__(self) -> Self:
        self._api.__enter__()
        self._log = tempfile.TemporaryFile("w+")
        python = getattr(sys, "_base_executable", sys.executable)
        command = [python, str(CONFINED), str(MEMORY_MB), python, "-S", "-m", "awslambdaric", f"app.{self._handler}"]
        self._process = subprocess.Popen(
            command, cwd=self._task, env=self._variables(), stdout=self._log, stderr=subprocess.STDOUT
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()
        self._log.close()
        self._api.__exit__(kind, value, trace)

    def invoke(self, event: Any) -> Any:
        """What the handler returns. Raises Failed, TimedOut."""
        ended = self._api.ask(event, self._arn, self._timeout)
        if ended is None:
            self._process.kill()
            raise TimedOut(self.log())
        if ended.error is not None:
            raise Failed(ended.error, self.log())
        return ended.payload

    def log(self) -> str:
        """All that the function has printed so far."""
        self._log.flush()
        return os.pread(self._log.fileno(), 10_000_000, 0).decode()

    def peak_memory_mb(self) -> float:
        """The most that was resident at a time (Linux only)."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        (peak,) = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")]
        return int(peak) / 1024

    def _variables(self) -> dict[str, str]:
        """As Lambda sets them; nothing of this machine's but the way to the interpreter's own library."""
        return {
            "PATH": "/usr/bin:/bin",
            "LANG": "en_US.UTF-8",
            "TZ": ":UTC",
            "PYTHONPATH": str(self._runtime),
            "LD_LIBRARY_PATH": sysconfig.get_config_var("LIBDIR") or "",
            "LAMBDA_TASK_ROOT": str(self._task),
            "LAMBDA_RUNTIME_DIR": str(self._runtime),
            "AWS_LAMBDA_RUNTIME_API": self._api.address,
            "AWS_LAMBDA_FUNCTION_NAME": self._arn.rpartition(":")[2],
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(MEMORY_MB),
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_EXECUTION_ENV": f"AWS_Lambda_python{sys.version_info.major}.{sys.version_info.minor}",
            "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
            "_HANDLER": f"app.{self._handler}",
            **self._environment,
        }
