"""`doctor --probe`: each vision model of the stage is asked one question, in each region it would be asked in.

What Bedrock says of a model may all be well and the call still be refused (public threads, 2026-11): only asking
proves it. It is asked with the credentials of whoever runs this, not with the functions' role, whose policy the other
lines compare. `run --bedrock` asks the same REQUEST.
"""

from collections.abc import Callable, Iterator

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


def models_to_ask(settings: Settings) -> tuple[ModelReference, ...]:
    """The default panel, and what the stage's own list allows beside it; each once."""
    entries = (*settings.vision_models, *settings.allowed_vision_models)
    return tuple(dict.fromkeys(settings.reference(entry) for entry in entries))


def price(settings: Settings) -> float:
    """USD that asking them all costs at most."""
    return sum(worst_usd(settings, model) for model in models_to_ask(settings))


def worst_usd(settings: Settings, model: ModelReference) -> float:
    """What REQUEST costs at most."""
    return _cost(settings, model, TOKENS_ASKED, MOST_TOKENS)


def ask(settings: Settings, caller: ModelCaller, clock: Callable[[], float]) -> Iterator[Check]:
    """Ask each in turn; what came is a line. `clock` gives seconds."""
    for model in models_to_ask(settings):
        name, began = f"vision model {model}", clock()
        try:
            reply = caller.converse(model.region, model.id, REQUEST, SECONDS)
        except (ModelError, BotoCoreError, ClientError) as error:
            words = error.words if isinstance(error, ModelError) else str(error)
            mark = Mark.NOTE if isinstance(error, PutOff) else Mark.FAIL  # asking again later may help
            yield Check(mark, f"{name} refused: {_in_a_line(words)[:500]}", next_step(words, model.region))
        else:
            usage, words = reply.get("usage", {}), _in_a_line(_text(reply))
            cost = _cost(settings, model, usage.get("inputTokens", 0), usage.get("outputTokens", 0))
            said = f"said {words[:SHOWN]!r}" if words else "said nothing yet within its 16 tokens"
            yield Check(Mark.OK, f"{name} answered in {clock() - began:.1f} s for ${cost:.6f}: it {said}")


def _in_a_line(words: str) -> str:
    return " ".join(cleaned(words).split())


def _cost(settings: Settings, model: ModelReference, tokens_in: int, tokens_out: int) -> float:
    known = settings.catalogue.vision(model.id)
    return (tokens_in * known.price_in + tokens_out * known.price_out) / 1_000_000


def _text(reply: Json) -> str:
    blocks = reply.get("output", {}).get("message", {}).get("content", [])
    return " ".join(str(block["text"]) for block in blocks if block.get("text"))
