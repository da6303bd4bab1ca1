"""How a run begins: config.json is read, and who is asking is looked up. Everything after knows the stage."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError, NoRegionError

from chalicelib.deploy.cloud.clients import who
from chalicelib.deploy.config_keys import ignored_keys
from chalicelib.deploy.documents import read_config
from chalicelib.deploy.errors import CannotDeploy
from chalicelib.deploy.explain import explain
from chalicelib.deploy.own_keys import notifying
from chalicelib.deploy.resolve import resolve
from chalicelib.deploy.stage import HANDLERS, Caller, Stage
from chalicelib.settings import Settings

if TYPE_CHECKING:
    import botocore.session

NO_ACCOUNT = "000000000000"  # stands for the number that nobody could look up


@dataclass(frozen=True)
class Beginning:
    """The stage, config.json as it will be kept, and why nobody could be asked about the account, if so."""

    stage: Stage
    config: Mapping[str, Any]
    aws: "boto3.Session"
    unknown: CannotDeploy | None = None


def begin(
    project: Path,
    stage: str,
    session: "botocore.session.Session",
    *,
    notify: str | None = None,
    without_account: bool = False,
) -> Beginning:
    """Read the stage and see whose account this is. Raises CannotDeploy, and what botocore raises.

    `without_account`: where AWS cannot be asked who this is, go on with a number that is none.
    """
    config = notifying(read_config(project), stage, notify)
    ignored = ignored_keys(config, HANDLERS, [name.upper() for name in Settings.model_fields])
    if ignored:
        raise CannotDeploy("; ".join(map(str, ignored)) + ".", "Correct or remove it, then run this again.")
    aws = boto3.Session(botocore_session=session)
    unknown = None
    try:
        caller = who(aws)
    except NoRegionError:
        raise
    except (BotoCoreError, ClientError) as error:
        if not without_account:
            raise
        unknown, caller = explain(error), Caller("aws", NO_ACCOUNT, str(aws.region_name))
    return Beginning(resolve(config, stage, caller), config, aws, unknown)
