"""What the user sees on a terminal: below, a bar for all jobs and a line for each that is under way; above, the ends.

Readable at 80 columns: what is longer is cut below, and wrapped above.
"""

import contextlib
import textwrap
from collections.abc import Callable
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from chalicelib.follow.job_events import AttemptSeen, JobEnded, JobEvent, JobRefused
from chalicelib.follow.reporting import ERROR_CHARACTERS, STYLES, Lines
from chalicelib.follow.tally import Tally, pictures
from chalicelib.follow.words import clock_time, shortened
from chalicelib.job.record import Status
from chalicelib.text.wording import counted

SHOWN = 8  # jobs under way that have a line
NAME_WIDTH = 22
BAR_WIDTH = 24


class Terminal(Lines):
    """Attempts are told above only if `each_attempt`; `now` is a clock in seconds."""

    def __init__(
        self,
        console: Console,
        told_job: Callable[[str], str],
        models: str,
        now: Callable[[], float],
        *,
        each_attempt: bool,
    ) -> None:
        super().__init__(console, told_job, models)
        self._now = now
        self._each_attempt = each_attempt

    @contextlib.contextmanager
    def live(self, tally: Tally) -> Any:
        began = self._now()
        # standard output is the product's journal meanwhile, which is no progress
        with Live(
            get_renderable=lambda: self._below(tally, self._now() - began),
            console=self.console,
            transient=True,
            redirect_stdout=False,
        ):
            yield

    def say(self, text: str, style: str = "") -> None:
        """Broken between words; a path stays whole, so that it can be copied."""
        lines = textwrap.fill(text, self.console.width, break_long_words=False, break_on_hyphens=False)
        super().say(lines, style)

    def warn(self, text: str) -> None:
        self.say(text, "bold red")

    def event(self, event: JobEvent, where: str = "") -> None:
        match event:
            case JobEnded(_, result):
                words = f"{counted(pictures(event), 'image')}, ${result.cost_usd:.3f}"
                style = STYLES.get(result.status, "bold red")
                self._end("accepted" if result.accepted else result.status, style, result.job, words)
                if result.error:
                    self._wrapped(shortened(result.error, ERROR_CHARACTERS), style.removeprefix("bold "))
                super().say(f"  {where}", "dim")
            case JobRefused(_, job, error):
                self._end("refused", "bold red", job, "")
                self._wrapped(shortened(error, ERROR_CHARACTERS), "red")
                super().say(f"  {where}", "dim")
            case AttemptSeen(record) if not self._each_attempt:
                for note in self.news(record) if record.status is Status.OUTCOME else ():
                    self._wrapped(note, "dim")
            case _:
                super().event(event, where)

    def _end(self, status: str, style: str, job: str, words: str) -> None:
        line = Text(f"{self.models}  ", "dim").append(f"{status:<9}", style)
        self.console.print(line.append(f" {self._named(job)}  {words}".rstrip(), ""), soft_wrap=True)

    def _wrapped(self, text: str, style: str) -> None:
        grid = Table.grid()
        grid.add_row("  ", Text(text, style))
        self.console.print(grid)

    def _named(self, job: str) -> str:
        name = self.told_job(job)
        return f"{name if len(name) <= NAME_WIDTH else name[: NAME_WIDTH - 1] + '…':<{NAME_WIDTH}}"

    def _below(self, tally: Tally, seconds: float) -> RenderableType:
        lines: list[RenderableType] = [self._bar(tally, seconds)]
        for job, words in list(tally.under_way.items())[:SHOWN]:
            lines.append(Text(f"  {self._named(job)}  {words}", no_wrap=True, overflow="ellipsis"))
        if (more := len(tally.under_way) - SHOWN) > 0:
            lines.append(Text(f"  and {more} more under way", "dim"))
        return Group(*lines)

    def _bar(self, tally: Tally, seconds: float) -> Table:
        done = len(tally.ends)
        left = f", {clock_time(seconds / done * (tally.total - done))} left" if 0 < done < tally.total else ""
        words = f"{done}/{tally.total}  ${tally.cost_usd:.3f}  {clock_time(seconds)}{left}"
        grid = Table.grid(padding=(0, 2, 0, 0))
        grid.add_row(self.models, ProgressBar(max(1, tally.total), done, BAR_WIDTH), Text(words, no_wrap=True))
        return grid
