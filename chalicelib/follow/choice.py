"""Who shows jobs while they run: bars on a terminal, lines elsewhere, JSON or the end alone where that is asked for."""

from collections.abc import Callable
from dataclasses import dataclass

from rich.console import Console

from chalicelib.follow.json_lines import JsonLines
from chalicelib.follow.reporting import Lines, Quiet, Reporter
from chalicelib.follow.terminal import Terminal


@dataclass(frozen=True)
class Wishes:
    """`each_attempt` is told above the bars, too."""

    as_json: bool
    quiet: bool
    each_attempt: bool


def reporter_for(
    console: Console, told_job: Callable[[str], str], models: str, now: Callable[[], float], wishes: Wishes
) -> Reporter:
    """See `Lines` for what these are."""
    if wishes.as_json:
        return JsonLines(console, models)
    if wishes.quiet:
        return Quiet(console, told_job, models)
    if console.is_terminal:
        return Terminal(console, told_job, models, now, each_attempt=wishes.each_attempt)
    return Lines(console, told_job, models)
