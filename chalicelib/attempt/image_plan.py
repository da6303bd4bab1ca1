"""Planning: which image model of the chain is asked for what, and the generation counted before it is paid for.

Changes only the record in hand. Must not call a model.
"""

from dataclasses import dataclass, replace

from chalicelib.attempt.services import Attempt
from chalicelib.errors import JobFails
from chalicelib.models.images import ImageModel
from chalicelib.models.ladder import in_turn
from chalicelib.models.seeds import seeds
from chalicelib.models.types import Drawing, ImageOrder, ModelReference


@dataclass(frozen=True)
class Plan:
    """Which model is asked for what, and the most that the check of its images can cost, in USD."""

    reference: ModelReference
    model: ImageModel
    drawing: Drawing
    worst_check_usd: float

    @property
    def price_per_call(self) -> float:
        return self.drawing.price_usd / len(self.drawing.bodies)


def plan(attempt: Attempt, worst_check_usd: float) -> Plan:
    """Choose the model, count the generation and its price into the record. Raises JobFails."""
    services = attempt.services
    answers: list[str] = []
    for reference in _in_turn(attempt, attempt.record.revision, attempt.record.attempt):
        if words := services.gone_words(str(reference)):
            answers.append(f"{reference} answered: {words}")
            continue
        model = services.settings.catalogue.image(reference.id)
        chosen = Plan(reference, model, _order(attempt, reference), worst_check_usd)
        attempt.afford(chosen.drawing.price_usd + worst_check_usd, f"an image by {reference} and its check")
        _count(attempt, chosen, answers)
        return chosen
    raise JobFails("no image model is left: " + "; ".join(answers))


def chain_of(attempt: Attempt, revision: int, number: int) -> list[ModelReference]:
    """The models that may draw at a position, the first of which does; all of them where none is usable."""
    references = _in_turn(attempt, revision, number)
    return [each for each in references if attempt.services.gone_words(str(each)) is None] or references


def _in_turn(attempt: Attempt, revision: int, number: int) -> list[ModelReference]:
    request, settings = attempt.message.request, attempt.services.settings

    def price(reference: ModelReference) -> float:
        return settings.catalogue.image(reference.id).price(request.nova_canvas_width, request.nova_canvas_height)

    standing = replace(attempt.standing, revision=revision, attempt=number)
    return in_turn(settings.chain(request.image_models), request.image_strategy, revision, standing.number, price)


def _order(attempt: Attempt, reference: ModelReference) -> Drawing:
    request, record = attempt.message.request, attempt.record
    model = attempt.services.settings.catalogue.image(reference.id)
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
            attempt.standing.number,
            count,
            model.images_per_call,
            model.highest_seed,
            attempt.services.chance.randint,
            attempt.record.kept_seed,
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
    """A definite refusal was not charged: neither generation nor price count, and nothing was cut for it."""
    kept = tuple(note for note in attempt.record.notes if note not in chosen.drawing.notes)
    attempt.note(generations=attempt.record.generations - 1, notes=kept)
    attempt.charge(-chosen.drawing.price_usd)
