"""One Converse call: the question answered, and the answer dressed as the model would dress it: bare, fenced, in
prose, after thinking, as a tool call. Pure.
"""

import json
from dataclasses import dataclass
from typing import Any

from . import judge, modes, rewriter
from .behaviour import Behaviour
from .catalogue import Model
from .chance import share
from .conversation import Conversation
from .questions import Question, understand
from .refusal import REASONS, Refusal

Content = list[dict[str, Any]]
Dressed = tuple[Content, str]
"""The content blocks and the stop reason."""
_TOOL_TROUBLE = 0.4
_TOOL_USE_ID = "tooluse_StandIn0000000000000"
_IMAGE_TOKENS = 1300


@dataclass(frozen=True)
class Turn:
    """A legal request and its question, before it is answered."""

    talk: Conversation
    question: Question
    luck: float


def turn_of(talk: Conversation, model: Model, asked_before: int) -> Turn:
    """`asked_before` counts equal requests, whose luck differs; raises Refusal where a tool is too much for a model."""
    luck = share("converse", model.id, talk.text, *talk.images, asked_before)
    if talk.tool and model.plain_tool_schema and not talk.greedy and luck < _TOOL_TROUBLE:
        raise Refusal("ModelErrorException", REASONS["tool_trouble"])
    return Turn(talk, understand(talk.text, bool(talk.images)), luck)


def answer(turn: Turn, model: Model, behaviour: Behaviour) -> dict[str, Any]:
    """The reply to a legal request."""
    mode = behaviour.mode_of(model.id)
    if turn.talk.images and mode == "refuses":
        return _reply([{"text": modes.REFUSAL}], "end_turn", turn)
    plain = json.dumps(_said(turn, model.id, mode, behaviour.overlooking), ensure_ascii=False)
    content, stop = _dressed(plain, model.family, turn)
    if _tokens(content) > turn.talk.max_tokens:  # a tool call cut off is no tool call any more
        content, stop = [{"text": _plain(content)[: turn.talk.max_tokens * 4]}], "max_tokens"
    return _reply(content, stop, turn)


def _said(turn: Turn, model: str, mode: str, overlooking: float) -> dict[str, Any]:
    question = turn.question
    if question.kind == "requirements":
        return {"requirements": judge.requirements_of(question.initial)}
    if question.kind == "rewrite":
        return rewriter.rewrite(question)
    eye = judge.Eye.on(turn.talk.images[-1], model, overlooking)
    seen: dict[str, Any] = {}
    if question.kind in ("grade", "economy"):
        seen |= judge.grade(eye, question.initial, question.negative)
    if question.kind != "grade":
        seen |= judge.checklist(eye, question.points)
    return modes.behaved(mode, seen, question.data, eye.words)


def _dressed(plain: str, family: str, turn: Turn) -> Dressed:
    """Luck chooses among what the family is known to do."""
    luck, thinks = turn.luck, family in ("nova", "nova2")
    if turn.talk.tool is not None:
        return _called(plain, turn.talk.tool, malformed=family == "nova2" and luck > 0.9, thinks=thinks and luck > 0.6)
    if luck < 0.5:
        return [{"text": plain}], "end_turn"
    if luck < 0.7:
        return [{"text": f"```json\n{json.dumps(json.loads(plain), indent=2, ensure_ascii=False)}\n```"}], "end_turn"
    if luck < 0.85:
        return [{"text": f"Here is my assessment:\n\n{plain}\n\nLet me know if anything else is needed."}], "end_turn"
    if thinks:
        return [{"text": f"<thinking> The answer has to be JSON {{as told}}. </thinking>\n{plain}"}], "end_turn"
    return [{"text": "I have considered every point."}, {"text": plain}], "end_turn"


def _called(plain: str, tool: str, *, malformed: bool, thinks: bool) -> Dressed:
    if malformed:
        return [{"text": f'{{"name": "{tool}", "parameters": {plain}}}'}], "malformed_tool_use"
    thought: Content = [{"text": "<thinking> I shall call the tool. </thinking>\n"}] if thinks else []
    return [*thought, {"toolUse": {"toolUseId": _TOOL_USE_ID, "name": tool, "input": json.loads(plain)}}], "tool_use"


def _plain(content: Content) -> str:
    return "".join(block.get("text") or json.dumps(block["toolUse"]["input"], ensure_ascii=False) for block in content)


def _tokens(content: Content) -> int:
    """About as many as a model would count."""
    return max(1, len(_plain(content)) // 4)


def _reply(content: Content, stop: str, turn: Turn) -> dict[str, Any]:
    read = max(1, turn.talk.asked // 4) + _IMAGE_TOKENS * len(turn.talk.images)
    written = _tokens(content)
    return {
        "output": {"message": {"role": "assistant", "content": content}},
        "stopReason": stop,
        "usage": {"inputTokens": read, "outputTokens": written, "totalTokens": read + written},
        "metrics": {"latencyMs": 400 + int(turn.luck * 600)},
    }
