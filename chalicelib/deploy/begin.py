"""How a run begins: config.json is read, and who is asking is looked up. Everything after knows the stage."""

from pathlib import Path
from typing import TYPE_CHECKING

import boto3
from botocore.exceptions import BotoCoreError, ClientError, NoRegionError

from chalicelib.deploy.cloud.clients import connect, who
from chalicelib.deploy.config_keys import ignored_keys
from chalicelib.deploy.console import Console
from chalicelib.deploy.documents import read_config
from chalicelib.deploy.errors import CannotDeploy
from chalicelib.deploy.explain import explain
from chalicelib.deploy.own_keys import notifying
from chalicelib.deploy.resolve import resolve
from chalicelib.deploy.runs import Run
from chalicelib.deploy.stage import HANDLERS, Caller
from chalicelib.settings import Settings

if TYPE_CHECKING:
    import botocore.session

NO_ACCOUNT = "000000000000"  # stands for the number that nobody could look up


def begin(
    project: Path,
    stage: str,
    session: "botocore.session.Session",
    version: tuple[int, int],
    console: Console,
    *,
    notify: str | None = None,
    without_account: bool = False,
) -> Run:
    """Read the stage and see whose account this is. Raises CannotDeploy, and what botocore raises.

    `without_account`: where AWS cannot be asked who this is, go on with a number that is none.
    """
    config = notifying(read_config(project), stage, notify)
    ignored = ignored_keys(config, HANDLERS, [name.upper() for name in Settings.model_fields])
    if ignored:
        raise CannotDeploy("; ".join(ignored) + ".", "Correct or remove it, then run this again.")
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
    return Run(project, resolve(config, stage, caller), config, session, connect(aws), version, console, unknown)
