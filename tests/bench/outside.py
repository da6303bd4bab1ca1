"""Where a way's calls to the outside pass: counted, and where its process can be killed.

A kill is a BaseException, so that no way can catch it as one of its errors. It strikes once, just before or just after
one call: whatever a process can have done when it dies lies between two calls.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, TypeVar

Made = TypeVar("Made")


class Killed(BaseException):
    """The process is gone."""


@dataclass
class Outside:
    """The calls of one job; `kill_at` is the number of the call at which its process dies, `after` it or before it."""

    kill_at: int | None = None
    after: bool = False
    counts: Counter[str] = field(default_factory=Counter)
    _lock: Any = field(default_factory=Lock)

    def __call__(self, kind: str, perform: Callable[[], Made]) -> Made:
        with self._lock:
            strikes = self.counts.total() == self.kill_at
            self.counts[kind] += 1
        if strikes and not self.after:
            raise Killed
        answer = perform()
        if strikes:
            raise Killed
        return answer


class Bucket:
    """S3 for the two loops; `keep` False forgets what was put, so that the bench's own memory is not measured."""

    def __init__(self, outside: Outside, keep: bool = True) -> None:
        self.outside = outside
        self.keep = keep
        self.objects: dict[str, bytes] = {}

    def put(self, key: str, body: bytes) -> None:
        self.outside("put", lambda: self.objects.update({key: body if self.keep else b""}))

    def get(self, key: str) -> bytes:
        return self.outside("get", lambda: self.objects[key])
