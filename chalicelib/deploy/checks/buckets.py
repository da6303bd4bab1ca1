"""What a deployment promises of its buckets, and the keys of those that results may go to. Pure.

An adopted bucket keeps what it had where the template was not applied to it since, so it is looked at, not trusted.
"""

from collections.abc import Iterator, Mapping

from chalicelib.deploy.checks.line import Check, Mark
from chalicelib.deploy.found import BucketProperties
from chalicelib.deploy.own_keys import OUTPUT_KEYS
from chalicelib.deploy.stage import Stage

PLAIN = "AES256"


def check_properties(stage: Stage, seen: Mapping[str, BucketProperties]) -> list[Check]:
    """A line for each bucket of the stage, and one for each output bucket whose key the functions may not use."""
    up = f"set it as .chalice/stack.yaml has it, or empty and delete the bucket and run `up --stage {stage.name}`"
    lines = []
    for name in stage.buckets:
        if name in seen:
            lacking = list(_lacking(seen[name], inbox=name == stage.settings.inbox_bucket))
            lines.append(
                Check(
                    Mark.FAIL if "versions" in lacking else Mark.NOTE, f"bucket {name} has no {', '.join(lacking)}", up
                )
                if lacking
                else Check(Mark.OK, f"bucket {name} is private, encrypted, over TLS only, and forgets old versions")
            )
    return [*lines, *(check for name in seen for check in _key(stage, name, seen[name].encryption))]


def _lacking(bucket: BucketProperties, *, inbox: bool) -> Iterator[str]:
    """Without versions a prompt file that is uploaded twice in a row counts once, and the README says otherwise."""
    if inbox and not bucket.versions:
        yield "versions"
    if not bucket.encryption:
        yield "encryption"
    if not bucket.private:
        yield "block on public access"
    if not bucket.owner_only:
        yield "owner of all objects"
    if not bucket.expires:
        yield "end of old versions"
    if not bucket.tls_only:
        yield "refusal of plain HTTP"


def _key(stage: Stage, name: str, encryption: str) -> Iterator[Check]:
    if encryption in ("", PLAIN):
        return
    if encryption in stage.output_keys:
        yield Check(Mark.OK, f"bucket {name} is encrypted with {encryption}, which the functions may use")
        return
    yield Check(
        Mark.FAIL,
        f"bucket {name} is encrypted with {encryption}, which the functions may not use",
        f'add that key to "{OUTPUT_KEYS}" of stage {stage.name} in .chalice/config.json, then `up`',
    )
