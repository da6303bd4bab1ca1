"""One Converse call: the question answered, and the answer dressed as models dress it: bare, fenced, in prose, after
thinking, as a tool call. Pure.
"""

import json
from typing import Any

from . import judge, modes, rewriter
from .behaviour import Behaviour
from .catalogue import Model
from .chance import dice
from .conversation import Conversation
from .questions import Question, understand

Content = list[dict[str, Any]]
_THINKING = "<thinking> The answer has to be JSON {as told}. </thinking>\n"
_WAYS = (
    ("", ""),
    ("", ""),
    ("```json\n", "\n```"),
    ("Here is my assessment:\n\n", "\n\nLet me know if anything else is needed."),
    (_THINKING, ""),
)
_IMAGE_TOKENS, _LETTERS = 1300, 4  # tokens of an image; letters of a token; about


def answer(talk: Conversation, model: Model, behaviour: Behaviour) -> dict[str, Any]:
    """The reply to a legal request."""
    question, mode = understand(talk.text, bool(talk.images)), behaviour.mode_of(model.id)
    if talk.images and mode == "refuses":
        return _reply([{"text": modes.REFUSAL}], "end_turn", talk, len(modes.REFUSAL) // _LETTERS)
    said = _said(talk, question, model.id, mode, behaviour.overlooking)
    before, after = dice("converse", model.id, talk.text, *talk.images).choice(_WAYS)
    told = f"{before}{json.dumps(said, ensure_ascii=False)}{after}"
    if len(told) > _LETTERS * talk.max_tokens:  # a tool call cut off is no tool call any more
        return _reply([{"text": told[: _LETTERS * talk.max_tokens]}], "max_tokens", talk, talk.max_tokens)
    content: Content = [{"text": told}]
    if talk.tool:
        content = [{"text": _THINKING}] if before == _THINKING else []
        content.append({"toolUse": {"toolUseId": "tooluse_StandIn0000000000000", "name": talk.tool, "input": said}})
    return _reply(content, "tool_use" if talk.tool else "end_turn", talk, len(told) // _LETTERS)


def _said(talk: Conversation, question: Question, model: str, mode: str, overlooking: float) -> dict[str, Any]:
    if question.kind == "requirements":
        return {"requirements": judge.requirements_of(question.initial)}
    if question.kind == "rewrite":
        return rewriter.rewrite(question)
    view = judge.View.on(talk.images[-1], model, overlooking)
    graded = judge.grade(view, question.initial, question.negative) if question.kind != "checklist" else {}
    listed = judge.checklist(view, question.points) if question.kind != "grade" else {}
    return modes.behaved(mode, graded | listed, question.data, " ".join(view.words))


def _reply(content: Content, stop: str, talk: Conversation, written: int) -> dict[str, Any]:
    read = len(talk.text) // _LETTERS + _IMAGE_TOKENS * len(talk.images)
    return {
        "output": {"message": {"role": "assistant", "content": content}},
        "stopReason": stop,
        "usage": {"inputTokens": read, "outputTokens": written, "totalTokens": read + written},
        "metrics": {"latencyMs": 500},
    }
