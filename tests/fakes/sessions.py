"""Sessions that share what botocore reads of each service: by itself each session reads it anew, 0.1 s for S3 alone.

Nothing else is shared: credentials, hooks and clients are each session's own.
"""

from typing import Any

import boto3
import botocore.session
from botocore.loaders import create_loader

from tests.fakes.world import REGION

_LOADER = create_loader()
NOBODYS = ("testing", "testing")


def core_session() -> botocore.session.Session:
    """botocore's own kind, with the credentials that the environment gives."""
    made = botocore.session.get_session()
    made.register_component("data_loader", _LOADER)
    return made


def session(region: str = REGION) -> boto3.Session:
    """boto3's kind; the keys are no keys."""
    core = core_session()
    core.set_credentials(*NOBODYS)
    return boto3.Session(botocore_session=core, region_name=region)


def client(service: str, url: str, region: str = REGION, **more: Any) -> Any:
    """A client of whatever listens at an address on this machine."""
    core = core_session()
    core.set_credentials(*NOBODYS)
    return core.create_client(service, region_name=region, endpoint_url=url, **more)
