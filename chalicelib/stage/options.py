"""What the commands of this package have in common on the command line. Imports nothing but click."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

Act = TypeVar("Act", bound=Callable[..., Any])


def examples(*commands: str) -> str:
    """What stands below a command's options."""
    title = "Examples:" if len(commands) > 1 else "Example:"
    return "\n".join(("\b", title, *(f"  python -m chalicelib {command}" for command in commands)))


stage_option = click.option(
    "--stage", required=True, metavar="STAGE", help="A stage of .chalice/config.json, or local: what `local` keeps up."
)
prefix_option = click.option("--prefix", metavar="PREFIX", help="Only below this output prefix.")
bucket_option = click.option("--bucket", metavar="BUCKET", help="The output bucket.  [default: the stage's outbox]")
json_option = click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
out_option = click.option(
    *("-o", "--out"),
    type=click.Path(path_type=Path),
    default=Path("outbox"),
    show_default=True,
    metavar="DIR",
    help="Where to copy to.",
)


def where_options(act: Act) -> Act:
    """Which outbox is looked at."""
    return stage_option(prefix_option(bucket_option(act)))
