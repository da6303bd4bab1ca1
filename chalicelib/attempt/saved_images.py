"""The attempt's images in hand and in the outbox: saved once, never over another, and found again after a crash.

Their metadata says which generation, seed and model made them, because no record is written between image and verdict.
Must not pay or judge.
"""

import hashlib
from contextlib import suppress
from dataclasses import dataclass

from chalicelib.attempt.image_plan import Plan
from chalicelib.attempt.services import Attempt
from chalicelib.errors import AlreadyExists, Changed, LostRace, Unavailable
from chalicelib.job.verdict import ImageRecord
from chalicelib.picture import NotAnImage
from chalicelib.ports import Stored

ROUNDS = 3  # of a create that ends in 409s or without an answer, beyond the tries of the SDK


@dataclass(frozen=True)
class SavedImage:
    """One image in hand: its record and its bytes."""

    record: ImageRecord
    data: bytes


def save(attempt: Attempt, chosen: Plan, images: tuple[bytes, ...], drawn_seeds: tuple[int, ...]) -> list[SavedImage]:
    """Number 0 goes first, so that a set cut short is never taken for nothing and paid for again."""
    began = attempt.services.clock()
    generation = str(attempt.record.generations)
    fresh = [
        Stored(data, "", began, {"generation": generation, "seed": str(seed), "model": str(chosen.reference)})
        for data, seed in zip(images, drawn_seeds, strict=True)
    ]
    for number, made in enumerate(fresh):
        if _kept(attempt, number, made).body != made.body:
            attempt.remark("an image of another generation was already saved; that one is checked")
            return find_saved_images(attempt)
    attempt.took("save", began)
    return [_saved_image(attempt, number, made) for number, made in enumerate(fresh)]


def _kept(attempt: Attempt, number: int, made: Stored) -> Stored:
    """What lies under the image's name afterwards: ours or another's. What was paid for is not given up lightly."""
    place = attempt.image_place(number)
    for _ in range(ROUNDS):
        with suppress(Unavailable):
            try:
                attempt.services.store.create(place, made.body, "image/png", made.metadata)
                return made
            except (AlreadyExists, Changed):
                if stored := attempt.services.store.read(place):
                    return stored
    raise LostRace(f"{place.key} could neither be written nor read, {ROUNDS} times over")


def find_saved_images(attempt: Attempt, *, looked_at: bool = True) -> list[SavedImage]:
    """The images that are in the outbox already, number 0 first; verdicts the record holds are kept.

    `looked_at` False leaves them undecoded: what ends a job does no optional work.
    """
    saved_images: list[SavedImage] = []
    for number in range(attempt.message.request.nova_canvas_number_of_images):
        stored = attempt.services.store.read(attempt.image_place(number))
        if stored is None:
            break
        saved_images.append(_saved_image(attempt, number, stored, looked_at=looked_at))
    return saved_images


def _saved_image(attempt: Attempt, number: int, stored: Stored, *, looked_at: bool = True) -> SavedImage:
    """With its thumbnail; a picture that nobody can decode is rejected here, before a judge is paid for it."""
    known = attempt.record.images
    if number < len(known):
        return SavedImage(known[number], stored.body)
    seed = stored.metadata.get("seed", "")
    record = ImageRecord(
        key=attempt.image_place(number).key,
        sha256=hashlib.sha256(stored.body).hexdigest(),
        seed=int(seed) if seed.isdecimal() else None,
        generation=int(stored.metadata.get("generation", "1")),
        image_model=stored.metadata.get("model", attempt.record.image_model or "unknown"),
    )
    if looked_at:
        try:
            record = record.with_changes(thumbnail=attempt.services.thumbnail(stored.body))
        except NotAnImage as error:
            record = record.with_changes(accepted=False, reason=str(error))
    return SavedImage(record, stored.body)
