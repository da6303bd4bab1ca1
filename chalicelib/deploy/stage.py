"""One stage of one account and region: every name and number of a deployment, worked out from .chalice/config.json.

Pure: the file's content and who is asking come in as arguments. Nothing here may call AWS.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.deploy import own_keys
from chalicelib.settings import Settings

HANDLERS = ("on_prompt", "on_attempt", "on_dead_letter")
VISIBILITY_FOR_TIMEOUT = 6  # AWS Lambda developer guide, "Using Lambda with Amazon SQS", 2026-11
JOBS_A_DAY = 10  # the daily spend that raises the alarm, in jobs at their cap


@dataclass(frozen=True)
class Caller:
    """Whose credentials these are, and where they point."""

    partition: str
    account: str
    region: str


@dataclass(frozen=True)
class Stage:
    """A stage as it must be; `config` is .chalice/config.json with every {name} filled in, this stage's part only."""

    name: str
    caller: Caller
    config: Mapping[str, Any]
    environment: Mapping[str, str]
    settings: Settings

    @property
    def app(self) -> str:
        return str(self.config["app_name"])

    @property
    def stack(self) -> str:
        return f"{self.app}-{self.name}"

    @property
    def buckets(self) -> tuple[str, ...]:
        """The stack's buckets: inbox and outbox, which may be one."""
        return tuple(dict.fromkeys((self.settings.inbox_bucket, self.settings.outbox_bucket)))

    def function(self, handler: str) -> str:
        """Chalice's name for a handler's function; its role has the same."""
        return f"{self.stack}-{handler}"

    def value(self, key: str, handler: str = "") -> Any:
        """A value of config.json as Chalice looks it up: the function's own, the stage's, the file's."""
        stage = self.config["stages"][self.name]
        places = (
            stage.get("lambda_functions", {}).get(handler, {}),
            stage,
            self.config.get("lambda_functions", {}).get(handler, {}),
            self.config,
        )
        return next((place[key] for place in places if place.get(key) is not None), DEFAULTS.get(key))

    def environment_of(self, handler: str) -> dict[str, str]:
        """A function's variables as Chalice merges them."""
        own = self.config["stages"][self.name].get("lambda_functions", {}).get(handler, {})
        return {**self.environment, **own.get("environment_variables", {})}

    @property
    def notify(self) -> str | None:
        """The address that alarms are mailed to."""
        address = self.value(own_keys.NOTIFY)
        return address if address is None else str(address)

    @property
    def output_keys(self) -> tuple[str, ...]:
        """The KMS keys with which buckets that results go to are encrypted, by ARN."""
        keys = self.value(own_keys.OUTPUT_KEYS) or []
        return tuple(keys if isinstance(keys, list) else [keys])

    def queue_arn(self, queue: str) -> str:
        return self._arn("sqs", queue)

    @property
    def alarms_arn(self) -> str:
        """The topic that the alarms of .chalice/stack.yaml tell."""
        return self._arn("sns", f"{self.stack}-alarms")

    def function_arn(self, handler: str) -> str:
        return self._arn("lambda", f"function:{self.function(handler)}")

    def _arn(self, service: str, name: str) -> str:
        return f"arn:{self.caller.partition}:{service}:{self.caller.region}:{self.caller.account}:{name}"

    def names(self) -> dict[str, Any]:
        """What the documents of .chalice/ may ask for, the models' ARNs apart."""
        settings = self.settings
        outputs = sorted({settings.outbox_bucket, *settings.output_buckets})
        buckets = [f"arn:{self.caller.partition}:s3:::{bucket}" for bucket in (["*"] if "*" in outputs else outputs)]
        return {
            **caller_names(self.name, self.caller),
            **{handler: self.function(handler) for handler in HANDLERS},
            "app": self.app,
            "partition": self.caller.partition,
            "inbox": settings.inbox_bucket,
            "outbox": settings.outbox_bucket,
            "queue": settings.queue_name,
            "dead_letter_queue": settings.dead_letter_queue_name,
            "output_buckets": buckets,
            "output_objects": [f"{bucket}/*" for bucket in buckets],
            "output_keys": list(self.output_keys),
            "output_key_services": own_keys.services_of(self.output_keys),
            "notify": self.notify or "",
            "visibility_timeout": VISIBILITY_FOR_TIMEOUT * max(self.value("lambda_timeout", name) for name in HANDLERS),
            "log_retention_in_days": self.value("log_retention_in_days"),
            "daily_spend": JOBS_A_DAY * settings.max_cost_usd,
        }


def source_of(stage: Stage, handler: str) -> str | None:
    """The queue a handler is fed from; None for on_prompt, which S3 invokes."""
    queues = {"on_attempt": stage.settings.queue_name, "on_dead_letter": stage.settings.dead_letter_queue_name}
    return stage.queue_arn(queues[handler]) if handler in queues else None


DEFAULTS = {
    "lambda_timeout": 60,
    "lambda_memory_size": 128,
    "lambda_architecture": "x86_64",
    "log_retention_in_days": 30,
}


def caller_names(stage: str, caller: Caller) -> dict[str, Any]:
    """What .chalice/config.json may ask for."""
    return {"stage": stage, "account": caller.account, "region": caller.region}
