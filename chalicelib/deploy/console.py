"""Where a run prints, and how it asks before it does what cannot be undone or costs money. Handed in."""

from collections.abc import Callable
from dataclasses import dataclass

from chalice.utils import UI


@dataclass(frozen=True)
class Console:
    """`ask` shows a question and gives back the line that was typed; None where there is no terminal.

    `yes` answers every question in advance, for scripts.
    """

    say: Callable[[str], None]
    ask: Callable[[str], str] | None = None
    yes: bool = False

    def agrees(self, question: str) -> bool | None:
        """Whether the user agrees; None where nobody can be asked."""
        if self.yes:
            self.say(f"{question} yes (--yes)")
            return True
        if self.ask is None:
            return None
        return self.ask(f"{question} [y/N] ").strip().lower() in ("y", "yes")

    def indented(self) -> UI:
        """Chalice's own progress, indented below ours."""
        return _Indented(self.say)


class _Indented(UI):
    def __init__(self, say: Callable[[str], None]) -> None:
        super().__init__()
        self._say = say

    def write(self, msg: str) -> None:
        self._say(f"    {msg.rstrip()}")
