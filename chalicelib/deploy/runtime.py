"""Which of Lambda's Python runtimes a package is for: the one of the Python that builds it. Pure.

Chalice deploys with the version it runs on and, for one that Lambda does not offer, with the nearest (chalice 1.34,
config.py); packages built for another version would then fail at import, in the cloud.
"""

from chalicelib.deploy.errors import CannotDeploy

OLDEST = (3, 11)
NEWEST = (3, 14)  # https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html, 2026-11
# Minor version of glibc 2 on the runtime's Amazon Linux: 2 up to Python 3.11, 2023 from 3.12 on (the same page).
GLIBC = {"python3.11": 26}
NEWER_GLIBC = 34
MACHINES = {"x86_64": "x86_64", "arm64": "aarch64"}


def runtime_for(version: tuple[int, int]) -> str:
    """Lambda's name of a Python version (major, minor). Raises CannotDeploy for one it does not run."""
    if OLDEST <= version <= NEWEST:
        return f"python{version[0]}.{version[1]}"
    offered = f"{OLDEST[0]}.{OLDEST[1]} to {NEWEST[0]}.{NEWEST[1]}"
    raise CannotDeploy(
        f"This is Python {version[0]}.{version[1]}; a deployment runs on the Python it is made with: {offered}.",
        f"Make the virtual environment with `python{NEWEST[0]}.{NEWEST[1] - 1} -m venv .venv`, then run this again.",
    )


def wheel_platforms(runtime: str, architecture: str) -> list[str]:
    """The wheels' platform tags that the runtime can load, newest first (PEP 600)."""
    machine = MACHINES[architecture]
    newest = GLIBC.get(runtime, NEWER_GLIBC)
    return [f"manylinux_2_{minor}_{machine}" for minor in range(newest, 16, -1)] + [f"manylinux2014_{machine}"]
