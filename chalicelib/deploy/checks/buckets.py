"""What a deployment promises of its buckets, and the keys of those that results may go to. Pure.

An adopted bucket keeps what it had where the template was not applied to it since, so it is looked at, not trusted.
"""

from collections.abc import Iterator, Mapping

from chalicelib.deploy.checks.line import Check, Mark
from chalicelib.deploy.found import VERSIONS, BucketProperties
from chalicelib.deploy.own_keys import OUTPUT_KEYS
from chalicelib.deploy.stage import Stage

PLAIN = "AES256"


def check_properties(stage: Stage, seen: Mapping[str, BucketProperties]) -> list[Check]:
    """A line for each bucket of the stage, and one for each output bucket whose key the functions may not use."""
    up = f"set it as .chalice/stack.yaml has it, or empty and delete the bucket and run `up --stage {stage.name}`"
    lines = []
    for name in (name for name in stage.buckets if name in seen):
        # Without versions a prompt file that is uploaded twice in a row counts once, and the README says otherwise.
        needs_versions = name == stage.settings.inbox_bucket
        lacks = [one for one in seen[name].lacks if needs_versions or one != VERSIONS]
        if lacks:
            mark = Mark.FAIL if VERSIONS in lacks else Mark.NOTE
            lines.append(Check(mark, f"bucket {name} has no {', '.join(lacks)}", up))
        else:
            lines.append(
                Check(Mark.OK, f"bucket {name} is private, encrypted, over TLS only, and forgets old versions")
            )
    return [*lines, *(check for name in seen for check in _key(stage, name, seen[name].encryption))]


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
