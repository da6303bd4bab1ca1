"""The package as the tests use it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from chalicelib.deploy.stage import Stage
from tests.lambda_runtime.sandbox import Sandbox


@dataclass(frozen=True)
class Package:
    """The zip, its content unpacked read-only, and Lambda's own packages beside it."""

    zipped: Path
    task: Path
    runtime: Path

    def sandbox(self, of: Stage, handler: str, environment: Mapping[str, str]) -> Sandbox:
        """A process of one function, with the stage's settings and the function's own timeout."""
        settings = {
            "AWS_REGION": of.caller.region,
            "AWS_DEFAULT_REGION": of.caller.region,
            **of.environment_of(handler),
        }
        timeout = of.value("lambda_timeout", handler)
        arn = of.function_arn(handler)
        return Sandbox(self.task, self.runtime, handler, arn, {**settings, **environment}, timeout)
