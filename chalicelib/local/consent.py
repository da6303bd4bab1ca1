"""The question before money is spent: asked at a terminal, answered by `--yes`, and a no where nobody is there."""

import sys

import click

from chalicelib.local.account import CannotBegin


def ask_to_pay(*, yes: bool, nothing: str) -> None:
    """Return once it is agreed to. Raises CannotBegin; `nothing` says what was not done, as `nothing was started`."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise CannotBegin(f"nobody is there to be asked whether to pay that: {nothing}; --yes answers it")
    if not click.confirm("Begin?", err=True):
        raise CannotBegin(f"{nothing}, nothing was paid")
