"""What the local AWS is called and how a process reaches it: the stage's names, and the environment of its processes.

The product learns of this machine's AWS only here, through boto3's own variables. Pure; must not read os.environ.
"""

import os
from collections.abc import Mapping
from typing import NamedTuple

from chalicelib.settings import Settings

ACCOUNT = "123456789012"
REGION = "us-east-1"
PREFIX = "inbox/"
EVENTS_QUEUE = "local-s3-events"
VARIABLES = ("INBOX_BUCKET", "OUTBOX_BUCKET", "QUEUE_NAME", "DEAD_LETTER_QUEUE_NAME")  # as Names has them, in order
HANDLERS_KEY = "handlers"  # by which their requests are told from those of whoever has the exports


class Names(NamedTuple):
    """Buckets and queues of the stage, as app.py reads them from its settings."""

    inbox: str = "retake-inbox"
    outbox: str = "retake-outbox"
    queue: str = "retake-attempts"
    dead_letter_queue: str = "retake-dead-letters"
    region: str = REGION

    @classmethod
    def from_environment(cls, environment: Mapping[str, str], region: str = REGION) -> "Names":
        """What is set and not empty; the rest keeps its default."""
        named = zip(cls._fields, map(environment.get, VARIABLES), strict=False)
        return cls(**{name: value for name, value in named if value}, region=region)

    def environment(self) -> dict[str, str]:
        return dict(zip(VARIABLES, self, strict=False))


def local_environment(
    environment: Mapping[str, str], names: Names, engine_url: str, models: Mapping[str, str]
) -> dict[str, str]:
    """The whole environment of a process that runs the product here.

    Every AWS variable of the user's own is left out, profiles and files too; `models` are those that reach the models.
    There is no AWS_ENDPOINT_URL: it would be Bedrock's, too, and that of whoever renews the user's credentials.
    """
    kept = {name: value for name, value in environment.items() if not name.startswith("AWS_")}
    local = {
        "AWS_ACCESS_KEY_ID": HANDLERS_KEY,
        "AWS_SECRET_ACCESS_KEY": "dummy",
        "AWS_REGION": names.region,
        "AWS_DEFAULT_REGION": names.region,
        "AWS_ENDPOINT_URL_S3": engine_url,
        "AWS_ENDPOINT_URL_SQS": engine_url,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "OUTPUT_BUCKETS": "*",
    }
    # A proxy of the user's network must not be asked for 127.0.0.1; both spellings are in use.
    others = environment.get("NO_PROXY") or environment.get("no_proxy")
    direct = dict.fromkeys(("NO_PROXY", "no_proxy"), f"127.0.0.1,{others}" if others else "127.0.0.1")
    return {**kept, **names.environment(), **local, **models, **direct}


def local_settings(environment: Mapping[str, str], region: str) -> Settings:
    """The stage's, as the product will read them here. Raises SettingsError."""
    names = Names.from_environment(environment, region)
    return Settings.from_environment(local_environment(environment, names, "", {}))
