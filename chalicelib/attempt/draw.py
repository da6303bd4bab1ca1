"""Drawing: the first usable image model of the chain is paid for the attempt's images, and they are saved at once.

Between the model's charge and the first saved image lies the one window in which money can be lost; nothing else is
done there. Must not judge.
"""

import hashlib
import json
from dataclasses import dataclass
from functools import partial

from chalicelib.attempt.world import Attempt
from chalicelib.errors import (
    AlreadyExists,
    Ambiguous,
    Blocked,
    Declined,
    JobFails,
    ModelError,
    ModelGone,
    RequestInvalid,
)
from chalicelib.models.answers import parsed
from chalicelib.models.images import ImageModel
from chalicelib.models.seeds import seeds
from chalicelib.models.types import Drawing, ImageOrder, ModelReference, Pictures
from chalicelib.picture import thumbnail
from chalicelib.ports import Stored
from chalicelib.record import ImageRecord

LEAST_SECONDS = 20.0
MOST_SECONDS = 300.0  # large images want up to 300 s (AWS documentation of Nova Canvas, 2025)


@dataclass(frozen=True)
class Plan:
    """Which model is asked for what."""

    reference: ModelReference
    model: ImageModel
    drawing: Drawing

    @property
    def price_per_call(self) -> float:
        return self.drawing.price_usd / len(self.drawing.bodies)


@dataclass(frozen=True)
class Sheet:
    """One image in hand: its record and its bytes."""

    record: ImageRecord
    data: bytes


def plan(attempt: Attempt, worst_check_usd: float) -> Plan:
    """Choose the model, count the generation and its price into the record. Raises JobFails."""
    request, world = attempt.message.request, attempt.world
    answers: list[str] = []
    for entry in request.image_models or world.settings.image_models:
        reference = world.settings.reference(entry)
        if str(reference) in world.gone:
            answers.append(f"{reference} answered: {world.gone[str(reference)]}")
            continue
        chosen = Plan(reference, world.settings.catalogue.image(reference.id), _order(attempt, reference))
        attempt.afford(chosen.drawing.price_usd + worst_check_usd, f"an image by {reference} and its check")
        _count(attempt, chosen, answers)
        return chosen
    raise JobFails("no image model is left: " + "; ".join(answers))


def _order(attempt: Attempt, reference: ModelReference) -> Drawing:
    request, record = attempt.message.request, attempt.record
    model = attempt.world.settings.catalogue.image(reference.id)
    count = request.nova_canvas_number_of_images
    order = ImageOrder(
        prompt=record.prompt,
        negative_prompt=record.negative_prompt,
        width=request.nova_canvas_width,
        height=request.nova_canvas_height,
        cfg_scale=request.nova_canvas_cfg_scale,
        number_of_images=count,
        seeds=seeds(
            request.nova_canvas_seed,
            attempt.position.number,
            count,
            model.images_per_call,
            model.highest_seed,
            attempt.world.chance.randint,
        ),
    )
    return model.draw(order)


def _count(attempt: Attempt, chosen: Plan, answers: list[str]) -> None:
    drawing = chosen.drawing
    body = dict(drawing.bodies[0])
    attempt.note(
        generations=attempt.record.generations + 1,
        image_model=str(chosen.reference),
        seeds=drawing.seeds,
        sent_prompt=drawing.prompt,
        sent_negative_prompt=drawing.negative_prompt,
        parameters=body,
        model_answers=tuple(answers),
    )
    attempt.remark(*drawing.notes, *(f"{answer}; used {chosen.reference}" for answer in answers))
    attempt.charge(drawing.price_usd)


def give_back(attempt: Attempt, chosen: Plan) -> None:
    """A definite refusal was not charged: neither generation nor price count."""
    attempt.note(generations=attempt.record.generations - 1)
    attempt.charge(-chosen.drawing.price_usd)


def draw(attempt: Attempt, chosen: Plan, worst_check_usd: float) -> list[Sheet]:
    """Pay for the planned images and save them; the next model of the chain where one is gone.

    Raises Declined, Ambiguous, Blocked, RequestInvalid, JobFails.
    """
    while True:
        try:
            pictures, drawn_seeds = _call(attempt, chosen)
        except ModelGone as error:
            attempt.world.gone[str(chosen.reference)] = error.words
            chosen = plan(attempt, worst_check_usd)
            continue
        if pictures.blocked:
            attempt.note(held_back=pictures.blocked)
            attempt.remark(f"{pictures.blocked} image(s) were held back by the content filter: {pictures.words}")
        return _save(attempt, chosen, pictures.images, drawn_seeds)


def _call(attempt: Attempt, chosen: Plan) -> tuple[Pictures, tuple[int, ...]]:
    world = attempt.world
    try:
        timeout = attempt.timeout(LEAST_SECONDS, MOST_SECONDS)
    except ModelError:
        give_back(attempt, chosen)
        raise
    began = world.clock()
    bodies = [json.dumps(body).encode() for body in chosen.drawing.bodies]
    answers = world.side_by_side(partial(_one_call, attempt, chosen, timeout), bodies)
    attempt.took("generate", began)
    pictures = [answer for answer in answers if isinstance(answer, Pictures)]
    failures = [answer for answer in answers if isinstance(answer, Failure)]
    if not pictures and all(not failure.charged for failure in failures):
        give_back(attempt, chosen)
    else:
        attempt.charge(-chosen.price_per_call * sum(not failure.charged for failure in failures))
    if not pictures:
        raise _gravest(failures)
    return _merged(answers, chosen, failures)


@dataclass(frozen=True)
class Failure:
    """One call without an image; `charged` as far as it can be known, never too low."""

    error: ModelError
    charged: bool


def _one_call(attempt: Attempt, chosen: Plan, timeout: float, body: bytes) -> Pictures | Failure:
    reference = chosen.reference
    try:
        reply = parsed(
            str(reference), attempt.world.models.invoke(reference.region, reference.id, body, timeout)
        )  # its bytes get no name here: a reply is large, and is let go of as soon as it is read
    except ModelError as error:
        return Failure(error, charged=isinstance(error, Ambiguous))
    try:
        return chosen.model.read(str(reference), reply, chosen.drawing.images_per_call)
    except ModelError as error:
        return Failure(error, charged=not isinstance(error, Declined))


def _gravest(failures: list[Failure]) -> ModelError:
    """One error for several calls: what may have been charged first, then what another model could mend."""
    order = (Ambiguous, ModelGone, Blocked, RequestInvalid)
    ranked = sorted(
        failures, key=lambda failure: next((i for i, k in enumerate(order) if isinstance(failure.error, k)), 9)
    )
    return ranked[0].error


def _merged(answers: list[object], chosen: Plan, failures: list[Failure]) -> tuple[Pictures, tuple[int, ...]]:
    images: list[bytes] = []
    drawn: list[int] = []
    blocked, words = 0, ""
    for answer, seed in zip(answers, chosen.drawing.seeds, strict=True):
        if isinstance(answer, Pictures):
            images += answer.images
            drawn += [seed] * len(answer.images)
            blocked, words = blocked + answer.blocked, words or answer.words
    for failure in failures:
        if isinstance(failure.error, Blocked):
            blocked, words = blocked + 1, words or failure.error.words
    return Pictures(tuple(images), blocked, words), tuple(drawn)


def _save(attempt: Attempt, chosen: Plan, images: tuple[bytes, ...], drawn_seeds: tuple[int, ...]) -> list[Sheet]:
    """Number 0 goes first, so that a set cut short is never taken for nothing and paid for again."""
    began = attempt.world.clock()
    generation = str(attempt.record.generations)
    fresh = [
        Stored(data, "", began, {"generation": generation, "seed": str(seed), "model": str(chosen.reference)})
        for data, seed in zip(images, drawn_seeds, strict=True)
    ]
    for number, made in enumerate(fresh):
        place = attempt.image_place(number)
        try:
            attempt.world.store.create(place, made.body, "image/png", made.metadata)
        except AlreadyExists:
            stored = attempt.world.store.read(place)
            if stored is None or stored.body != made.body:
                attempt.remark("an image of another generation was already saved; that one is checked")
                return saved_sheets(attempt)
    attempt.took("save", began)
    return [_sheet(attempt, number, made) for number, made in enumerate(fresh)]


def saved_sheets(attempt: Attempt) -> list[Sheet]:
    """The images that are in the outbox already, number 0 first; verdicts the record holds are kept."""
    sheets: list[Sheet] = []
    for number in range(attempt.message.request.nova_canvas_number_of_images):
        stored = attempt.world.store.read(attempt.image_place(number))
        if stored is None:
            break
        sheets.append(_sheet(attempt, number, stored))
    return sheets


def _sheet(attempt: Attempt, number: int, stored: Stored) -> Sheet:
    known = attempt.record.images
    if number < len(known):
        return Sheet(known[number], stored.body)
    seed = stored.metadata.get("seed", "")
    record = ImageRecord(
        key=attempt.image_place(number).key,
        sha256=hashlib.sha256(stored.body).hexdigest(),
        seed=int(seed) if seed.isdecimal() else None,
        generation=int(stored.metadata.get("generation", "1")),
        image_model=stored.metadata.get("model", attempt.record.image_model or "unknown"),
        thumbnail=thumbnail(stored.body),
    )
    return Sheet(record, stored.body)
