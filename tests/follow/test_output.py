"""What becomes of what is shown once standard output takes nothing more."""

import os
from pathlib import Path

import pytest

from chalicelib.follow.interrupts import interrupts
from chalicelib.follow.output import Output


def test_a_full_disk_is_told_once_and_everything_after_is_dropped(capfd: pytest.CaptureFixture[str]) -> None:
    told: list[str] = []
    with Path("/dev/full").open("w", encoding="utf-8") as full, interrupts(lambda: told.append("end")):
        output = Output(full)
        output.write("one\n")
        assert told == []
        for _ in range(2):
            output.flush()
            output.write("two\n")
    assert (told, capfd.readouterr().err) == (["end"], "standard output: No space left on device\n")


def test_a_reader_that_has_gone_is_no_news(capfd: pytest.CaptureFixture[str]) -> None:
    told: list[str] = []
    reading, writing = os.pipe()
    with os.fdopen(writing, "w", buffering=1, encoding="utf-8") as pipe, interrupts(lambda: told.append("end")):
        output = Output(pipe)
        output.write("one\n")
        assert os.read(reading, 99) == b"one\n"
        os.close(reading)
        assert output.write("two\n") == 4
        assert (output.write("three\n"), output.isatty(), output.encoding) == (6, False, "utf-8")
    assert (told, capfd.readouterr().err) == (["end"], "")
