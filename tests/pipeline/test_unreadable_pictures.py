"""A picture nobody can look at is a rejected attempt: no judge is paid for it, and it ends no job."""

import base64
import struct
import zlib
from typing import Any

import pytest

from chalicelib.errors import RequestInvalid
from chalicelib.picture import thumbnail
from tests.fakes.pictures import png
from tests.pipeline.bench import YES, Bench, Models, canvas

CAT = {"prompt": "a cat", "max_retry_attempts": 2, "max_prompt_revisions": 1}
WHOLE = base64.b64decode(png("whole"))


def header(side: int) -> bytes:
    """A PNG whose header says that it is so many pixels across and high."""
    chunk = b"IHDR" + struct.pack(">II", side, side) + WHOLE[24:29]
    return WHOLE[:12] + chunk + struct.pack(">I", zlib.crc32(chunk)) + WHOLE[33:]


UNREADABLE = {"cut short": WHOLE[:60], "a bomb": header(60_000), "a head alone": WHOLE[:8] + bytes(500)}


def drawn_first(picture: bytes) -> Bench:
    replies = [{"images": [base64.b64encode(picture).decode()], "error": None}, canvas()]
    return Bench(Models(on_invoke=lambda model, body: replies.pop(0)))


@pytest.mark.parametrize("kind", UNREADABLE)
def test_it_is_rejected_without_a_judge_and_the_next_attempt_is_made(kind: str) -> None:
    bench = drawn_first(UNREADABLE[kind])
    bench.upload(CAT)
    bench.settle()
    assert (bench.result["status"], len(bench.models.invoked), len(bench.models.conversed)) == ("SUCCESS", 2, 2)
    first = bench.document("000-000.json")
    assert (first["outcome"], first["images"][0]["verdicts"], first["images"][0]["thumbnail"]) == ("rejected", [], None)
    assert "decoded" in first["reason"] or "pixels" in first["reason"]


def test_a_judge_that_twice_cannot_process_the_picture_rejects_it() -> None:
    model = "us-east-1/amazon.nova-pro-v1:0"
    answers: list[Any] = [RequestInvalid(model, "ValidationException: Could not process image")] * 2 + [YES, YES]
    bench = Bench(Models(on_converse=lambda *_: answers.pop(0)))
    bench.upload(CAT)
    bench.settle()
    assert (bench.result["status"], len(bench.models.invoked)) == ("SUCCESS", 2)
    assert "Could not process image" in bench.document("000-000.json")["reason"]


def test_a_judge_that_cannot_process_it_once_is_asked_again() -> None:
    answers: list[Any] = [RequestInvalid("m", "Could not process image"), YES, YES]
    bench = Bench(Models(on_converse=lambda *_: answers.pop(0)))
    bench.upload(CAT)
    bench.settle()
    assert (bench.result["status"], len(bench.models.invoked)) == ("SUCCESS", 1)


def test_what_ends_a_job_looks_at_no_picture() -> None:
    class Looking(Bench):
        looked = 0

        def services(self) -> Any:
            from dataclasses import replace

            def look(image: bytes) -> str:
                self.looked += 1
                return thumbnail(image)

            return replace(super().services(), thumbnail=look)

    bench = Looking(Models(on_converse=lambda *_: ArithmeticError("killed each time")))
    bench.inject(CAT, job=("String", "cats"))
    bench.settle()
    assert bench.result["status"] == "FAIL"
    looked_by_attempts = bench.looked
    assert bench.document("/cats/000-000.json")["why"] == "dead"
    assert bench.document("/cats/000-000.json")["images"][0]["thumbnail"] is None
    assert looked_by_attempts > 0
