"""Keys of .chalice/config.json that are ours and that Chalice passes over: checked, and kept there."""

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from chalicelib.deploy.errors import CannotDeploy

NOTIFY, OUTPUT_KEYS = "notify", "output_kms_keys"
KEYS = frozenset({NOTIFY, OUTPUT_KEYS})
ADDRESS = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;.]+")
# An alias is no resource that a policy may name (KMS developer guide, "Key ARN" and "Alias ARN", 2026-11).
KEY_ARN = re.compile(r"arn:aws[a-z-]*:kms:(?P<region>[a-z0-9-]+):\d{12}:key/[A-Za-z0-9-]+")


def check_address(address: object, where: str) -> None:
    """Raises CannotDeploy for one that no mail can be sent to."""
    if not isinstance(address, str) or not ADDRESS.fullmatch(address):
        raise CannotDeploy(
            f"{where} is {address!r}, which is no e-mail address.", "Give one as in --notify operations@example.com."
        )


def check_keys(keys: Iterable[object], stage: str) -> None:
    """Raises CannotDeploy for one that is no key's ARN."""
    for key in keys:
        if not isinstance(key, str) or not KEY_ARN.fullmatch(key):
            raise CannotDeploy(
                f"{OUTPUT_KEYS} of stage {stage} has {key!r}, which is no KMS key's ARN.",
                "Name each key as arn:aws:kms:REGION:ACCOUNT:key/ID in .chalice/config.json (`aws kms describe-key "
                "--key-id alias/NAME` shows it), then run this again.",
            )


def services_of(keys: tuple[str, ...]) -> list[str]:
    """S3 as KMS names it in `kms:ViaService`, for each region that has one of these keys."""
    regions = {found["region"] for key in keys if (found := KEY_ARN.fullmatch(key))}
    return [f"s3.{region}.amazonaws.com" for region in sorted(regions)]


def notifying(config: Mapping[str, Any], stage: str, address: str | None) -> Mapping[str, Any]:
    """The same config.json with the stage's alarms sent to `address`; as it is for None or an unknown stage."""
    if address is None or stage not in config.get("stages", {}):
        return config
    check_address(address, "--notify")
    stages = {**config["stages"], stage: {**config["stages"][stage], NOTIFY: address}}
    return {**config, "stages": stages}


def keep_if_changed(project: Path, config: Mapping[str, Any]) -> None:
    """Write config.json where it is another than the one that is kept, in the form in which it is kept."""
    path = project / ".chalice" / "config.json"
    if json.loads(path.read_text(encoding="utf-8")) != config:
        path.write_text(json.dumps(config, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
