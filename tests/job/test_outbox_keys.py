"""Keys of the outbox, made and read again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.job.outbox_keys import JobPlace, OutboxKey, read_key


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("mine/cats/000-000.json", OutboxKey("record", "cats", "mine/cats", "000-000.json")),
        ("mine/cats/000-1000-3.png", OutboxKey("image", "cats", "mine/cats", "000-1000-3.png")),
        ("mine/cats/report.html", OutboxKey("report", "cats", "mine/cats", "report.html")),
        (
            "mine/rejected/c-000-000.json",
            OutboxKey("rejected", "c-000-000", "mine/rejected/c-000-000", "c-000-000.json"),
        ),
        ("a/dead-letters/c-001-000.json", OutboxKey("dead-letters", "c", "a/dead-letters/c", "c-001-000.json")),
        ("mine/cats/notes.txt", None),
        ("mine/cats/result.txt", None),
        ("cats", None),
        ("mine/", None),
    ],
)
def test_what_lies_under_a_key(key: str, expected: OutboxKey | None) -> None:
    assert read_key(key) == expected


NAMES = st.from_regex(r"[a-z][a-z0-9_.-]{0,12}", fullmatch=True).filter(
    lambda name: name not in ("rejected", "dead-letters")
)


@given(NAMES, NAMES, st.integers(0, 999), st.integers(0, 999), st.integers(0, 4))
def test_every_key_that_is_made_is_read_again(prefix: str, job: str, revision: int, attempt: int, number: int) -> None:
    place = JobPlace("bucket", prefix, job)
    made = {
        "record": place.record(revision, attempt),
        "image": place.image(revision, attempt, number),
        "result": place.result,
        "report": place.report,
        "rejected": place.rejected,
        "dead-letters": place.dead_letter(revision, attempt),
    }
    for kind, there in made.items():
        read = read_key(there.key)
        assert read is not None
        assert (read.kind, read.job) == (kind, job)
