"""The pipeline's own surroundings over a user's S3 and nothing else: what `cancel` does needs the outbox alone."""

import random
from collections.abc import Callable
from datetime import datetime
from typing import NoReturn

from chalicelib.attempt.resolve import resolve
from chalicelib.attempt.services import Services
from chalicelib.aws.store import S3Store
from chalicelib.ports import Json, WireMessage
from chalicelib.stage.where import Where


def services_of(where: Where, now: Callable[[], datetime]) -> Services:
    """The pipeline's own surroundings over the user's S3; whatever else it has is not there."""
    nobody = _Nobody()
    return Services(
        settings=where.settings,
        store=S3Store(where.s3),
        work=nobody,
        dead_letters=nobody,
        models=nobody,
        clock=now,
        chance=random.SystemRandom(),
        journal=_unread,
        resolve=resolve,
        side_by_side=lambda call, things: [call(thing) for thing in things],
    )


class _Nobody:
    """The queues and models of who sends nothing and asks nobody."""

    def send(self, message: WireMessage, delay_seconds: int = 0) -> NoReturn:
        raise AssertionError("a cancel sends no message")

    def invoke(self, region: str, model_id: str, body: bytes, timeout: float) -> NoReturn:
        raise AssertionError("a cancel asks no model")

    def converse(self, region: str, model_id: str, request: Json, timeout: float) -> NoReturn:
        raise AssertionError("a cancel asks no model")


def _unread(line: Json) -> None:
    """The lines are an operator's, who reads those of the functions."""
