"""How much memory a way needs: the most that was resident (VmHWM) in a process that runs one job, models at once.

`python -m tests.bench.memory WAY ATTEMPTS IMAGES` prints MB. The process first loads what that way deploys, clients
included, then the bench; what the bench itself added (the stand-in, the AWS in memory, the SDK's local runner) is taken
off again. Linux only.
"""

import gc
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

from tests.bench.model import LARGE, Job, StandIn
from tests.bench.outside import Outside
from tests.bench.pictures import encoded

LEAST, STEP = 128, 64  # MB: Lambda's least, and the steps in which we would set it
CLIENTS = {"loop": ("s3", "bedrock-runtime"), "durable": ("s3", "bedrock-runtime", "lambda")}
ACCESS = {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "AWS_DEFAULT_REGION": "us-east-1"}


def peak_mb(name: str, job: Job) -> float:
    """Measured in a process of its own."""
    command = [sys.executable, "-m", "tests.bench.memory", name, str(job.attempts), str(job.images)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env={**os.environ, **ACCESS})
    return float(done.stdout.split()[-1])


def configured_mb(peak: float) -> int:
    """The memory a function with this peak is given."""
    return max(LEAST, -(-int(peak + 1) // STEP) * STEP)


def _deployed(name: str) -> list[object]:
    """What the way's package loads at its cold start, clients included; kept by who asks."""
    if name == "retake":
        from tests.job.stage import ENVIRONMENT

        os.environ.update(ENVIRONMENT)
        app, wiring = import_module("app"), import_module("chalicelib.wiring")
        services = wiring.services(app.settings)
        return [services, services.models._client_for("us-east-1", 60.0)]
    if name == "durable":
        import_module("aws_durable_execution_sdk_python")
    session = import_module("boto3").Session()
    return [session.client(service) for service in CLIENTS[name]]


def _status(field: str) -> float:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    (kilobytes,) = [line.split()[1] for line in lines if line.startswith(f"{field}:")]
    return int(kilobytes) / 1024


def main(name: str, job: Job) -> None:
    kept = _deployed(name)
    gc.collect()
    before = _status("VmRSS")
    run = import_module(f"tests.bench.{name}").run
    encoded("warm", LARGE)
    gc.collect()
    bench = _status("VmRSS") - before
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the highest mark begins anew here
    assert run(StandIn(job, Outside(), 0.0, LARGE), False).accepted, "no picture was accepted"
    kept.clear()
    print(f"{_status('VmHWM') - bench:.1f}")


if __name__ == "__main__":
    main(sys.argv[1], Job(int(sys.argv[2]), int(sys.argv[3])))
