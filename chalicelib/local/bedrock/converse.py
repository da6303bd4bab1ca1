"""One Converse call: the request checked, the question answered, the answer dressed as the model would dress it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from . import conversation, dressing, judge, modes, permitted, rewriter
from .behaviour import Behaviour
from .catalogue import Able, Model
from .chance import share
from .questions import Question, understand
from .refusal import REASONS, Refusal

_TOOL_TROUBLE = 0.4
_UNREADABLE = "I have looked at this carefully, and it is rather nice, all things considered."
_FILTERED = "- The generated text has been blocked by our content filters."


@dataclass(frozen=True)
class Turn:
    """A legal request and its question, before it is answered."""

    body: Mapping[str, Any]
    question: Question
    images: tuple[bytes, ...]
    tool: str | None
    schema: bool
    luck: float


def read(body: Any, model: Model, seed: int, asked_before: int) -> Turn:
    """Checks everything a request can be refused for; `asked_before` counts equal requests, whose luck differs."""
    able = model.able
    talk = conversation.read(body, able)
    permitted.check_sampling(body, able)
    tool = permitted.check_tools(body, able)
    schema = permitted.check_schema(body, able)
    question = understand(talk.text, bool(talk.images))
    luck = share("converse", seed, model.id, talk.text, *talk.images, asked_before)
    if tool and able.plain_tool_schema and not _greedy(body, able) and luck < _TOOL_TROUBLE:
        raise Refusal("ModelErrorException", REASONS["tool_trouble"])
    return Turn(body, question, talk.images, tool, schema, luck)


def answer(turn: Turn, model: Model, behaviour: Behaviour, fault: str) -> dict[str, Any]:
    """The reply to a legal request; `fault` is one of unreadable, cut_off, filtered or empty."""
    mode = behaviour.mode_of(model.id)
    if turn.images and mode == "refuses":
        return _reply([{"text": modes.REFUSAL}], "end_turn", turn)
    plain = json.dumps(_said(turn, model.id, mode, behaviour.overlooking), ensure_ascii=False)
    content, stop = dressing.dressed(plain, model.family, turn.tool, turn.schema, turn.luck)
    if fault == "unreadable":
        content, stop = [{"text": _UNREADABLE}], "end_turn"
    if fault == "filtered":
        content, stop = [{"text": _FILTERED}], "content_filtered" if turn.luck < 0.5 else "end_turn"
    settings = turn.body.get("inferenceConfig", {})
    if fault == "cut_off":
        content, stop = [{"text": plain[: len(plain) // 2]}], "max_tokens"
    elif dressing.tokens(content) > settings.get("maxTokens", 5000):
        content, stop = dressing.cut(content, settings["maxTokens"]), "max_tokens"
    for sequence in settings.get("stopSequences", ()):
        content, stop = dressing.stopped(content, sequence, stop)
    return _reply(content, stop, turn)


def _said(turn: Turn, model: str, mode: str, overlooking: float) -> dict[str, Any]:
    question = turn.question
    if question.kind == "requirements":
        return {"requirements": judge.requirements_of(question.initial)}
    if question.kind == "rewrite":
        return rewriter.rewrite(question.points, question.initial, question.negative, question.missed, question.limit)
    view = judge.View.on(turn.images[-1], model, overlooking)
    seen: dict[str, Any] = {}
    if question.kind in ("grade", "economy"):
        seen |= judge.grade(view, question.initial, question.negative)
    if question.kind != "grade":
        seen |= judge.checklist(view, question.points)
    return modes.behaved(mode, seen, question.data, view.words)


def _greedy(body: Mapping[str, Any], able: Able) -> bool:
    cold = bool(body.get("inferenceConfig", {}).get("temperature") == 0)
    return cold and permitted.top_k(body, able) == 1


def _reply(content: list[dict[str, Any]], stop: str, turn: Turn) -> dict[str, Any]:
    asked = len(json.dumps(turn.body.get("messages"))) - sum(len(image) * 4 // 3 for image in turn.images)
    read_tokens = max(1, asked // 4) + 1300 * len(turn.images)
    written = dressing.tokens(content)
    return {
        "output": {"message": {"role": "assistant", "content": content}},
        "stopReason": stop,
        "usage": {"inputTokens": read_tokens, "outputTokens": written, "totalTokens": read_tokens + written},
        "metrics": {"latencyMs": 400 + int(turn.luck * 600)},
    }
