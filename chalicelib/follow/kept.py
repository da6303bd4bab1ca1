"""`runs.jsonl` in the directory that `run` copies to: which prompt ended how, so that another run need not do it again.

A line a job, written when it ends: a run that is killed has told of all that ended before.
"""

import json
import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from chalicelib.prompts.files import PromptFile

NAME = "runs.jsonl"


class Kept:
    """`models` is who drew and judged: a stand-in's acceptance says nothing of real models."""

    def __init__(self, directory: Path, models: str) -> None:
        self._directory = directory
        self._models = models

    def note(self, file: PromptFile, job: str, status: str, folder: str) -> None:
        """A job has ended; `folder` is where it lies, as seen from the directory. Raises OSError."""
        line = {"sha256": file.sha256, "job": job, "status": status, "models": self._models, "folder": folder}
        with (self._directory / NAME).open("ab+") as kept:
            kept.write(b"" if _ends_a_line(kept) else b"\n")  # what was cut off must not take this one with it
            kept.write(json.dumps(line).encode() + b"\n")

    def without_accepted(self, files: Sequence[PromptFile]) -> list[PromptFile]:
        """The files whose prompts have no accepted job here; of the same prompt twice, as many as are missing."""
        accepted = self._accepted()
        left: list[PromptFile] = []
        for file in files:
            if accepted[file.sha256]:
                accepted[file.sha256] -= 1
            else:
                left.append(file)
        return left

    def _accepted(self) -> Counter[str]:
        found = {}
        for line in self._lines():
            try:
                one = json.loads(line)
                there = (self._directory / one["folder"] / "result.json").exists()
                if one["status"] == "SUCCESS" and one["models"] == self._models and there:
                    found[one["folder"]] = one["sha256"]
            except (ValueError, KeyError, TypeError, OSError):  # cut off in the middle, or not ours
                continue
        return Counter(found.values())

    def _lines(self) -> list[str]:
        try:
            return (self._directory / NAME).read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            return []


def _ends_a_line(file: BinaryIO) -> bool:
    """Whether what is written next begins a line of its own."""
    if not file.seek(0, os.SEEK_END):
        return True
    file.seek(-1, os.SEEK_END)
    return file.read(1) == b"\n"
