"""`doctor --probe`: each vision model of the stage is asked one question, in each region it would be asked in.

What Bedrock says of a model may all be well and the call still be refused (public threads, 2026-11): only asking
proves it. It is asked with the credentials of whoever runs this, not with the functions' role, whose policy the other
lines compare.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.deploy.checks.line import Check, Mark
from chalicelib.deploy.next_step import next_step
from chalicelib.errors import ModelError, PutOff
from chalicelib.models.types import ModelReference
from chalicelib.ports import Json, ModelCaller
from chalicelib.settings import Settings
from chalicelib.text.characters import cleaned

QUESTION = "Answer with the one word: ready"
MOST_TOKENS = 16
TOKENS_ASKED = 40  # that the question is at most, with what a model puts around it
SECONDS = 60.0
SHOWN = 60  # characters of the answer
REQUEST: Json = {
    "messages": [{"role": "user", "content": [{"text": QUESTION}]}],
    "inferenceConfig": {"maxTokens": MOST_TOKENS},
}


@dataclass(frozen=True)
class Answer:
    """What a model said, or the words with which it was refused; `passing` where asking again later may help."""

    model: ModelReference
    words: str
    answered: bool
    seconds: float = 0.0
    cost_usd: float = 0.0
    passing: bool = False


def models_to_ask(settings: Settings) -> tuple[ModelReference, ...]:
    """The default panel, and what the stage's own list allows beside it; each once."""
    entries = (*settings.vision_models, *settings.allowed_vision_models)
    return tuple(dict.fromkeys(settings.reference(entry) for entry in entries))


def price(settings: Settings) -> float:
    """USD that asking them all costs at most."""
    return sum(_cost(settings, model, TOKENS_ASKED, MOST_TOKENS) for model in models_to_ask(settings))


def ask(settings: Settings, caller: ModelCaller, clock: Callable[[], float]) -> Iterator[Answer]:
    """Ask each in turn; `clock` gives seconds."""
    for model in models_to_ask(settings):
        began = clock()
        try:
            reply = caller.converse(model.region, model.id, REQUEST, SECONDS)
        except ModelError as error:
            yield Answer(model, error.words, answered=False, passing=isinstance(error, PutOff))
        except (BotoCoreError, ClientError) as error:
            yield Answer(model, str(error), answered=False)
        else:
            usage = reply.get("usage", {})
            cost = _cost(settings, model, usage.get("inputTokens", 0), usage.get("outputTokens", 0))
            yield Answer(model, _text(reply), answered=True, seconds=clock() - began, cost_usd=cost)


def lines(answers: Iterable[Answer]) -> Iterator[Check]:
    """What came, a line each."""
    for answer in answers:
        name, words = f"vision model {answer.model}", " ".join(cleaned(answer.words).split())
        if answer.answered:
            said = f"said {words[:SHOWN]!r}" if words else "said nothing yet within its 16 tokens"
            yield Check(Mark.OK, f"{name} answered in {answer.seconds:.1f} s for ${answer.cost_usd:.6f}: it {said}")
        else:
            mark = Mark.NOTE if answer.passing else Mark.FAIL
            yield Check(mark, f"{name} refused: {words[:500]}", next_step(answer.words, answer.model.region))


def _cost(settings: Settings, model: ModelReference, tokens_in: int, tokens_out: int) -> float:
    known = settings.catalogue.vision(model.id)
    return (tokens_in * known.price_in + tokens_out * known.price_out) / 1_000_000


def _text(reply: Json) -> str:
    blocks = reply.get("output", {}).get("message", {}).get("content", [])
    return " ".join(str(block["text"]) for block in blocks if block.get("text"))
