"""How models dress their JSON: bare, fenced, in prose, after thinking, as a tool call. Pure."""

import json
from typing import Any

Content = list[dict[str, Any]]

_TOOL_USE_ID = "tooluse_StandIn0000000000000"


def dressed(plain: str, family: str, tool: str | None, schema: bool, luck: float) -> tuple[Content, str]:
    """The content blocks and the stop reason for an answer; `luck` chooses among what the family is known to do."""
    if tool is not None:
        return _called(plain, family, tool, luck)
    if schema or luck < 0.5:
        return [{"text": plain}], "end_turn"
    if luck < 0.7:
        return [{"text": f"```json\n{json.dumps(json.loads(plain), indent=2, ensure_ascii=False)}\n```"}], "end_turn"
    if luck < 0.85:
        return [{"text": f"Here is my assessment:\n\n{plain}\n\nLet me know if anything else is needed."}], "end_turn"
    if family in ("nova", "nova2"):
        return [{"text": f"<thinking> The answer has to be JSON {{as told}}. </thinking>\n{plain}"}], "end_turn"
    return [{"text": "I have considered every point."}, {"text": plain}], "end_turn"


def _called(plain: str, family: str, tool: str, luck: float) -> tuple[Content, str]:
    call = {"toolUse": {"toolUseId": _TOOL_USE_ID, "name": tool, "input": json.loads(plain)}}
    if family == "nova2" and luck > 0.9:
        return [{"text": f'{{"name": "{tool}", "parameters": {plain}}}'}], "malformed_tool_use"
    if family in ("nova", "nova2") and luck > 0.6:
        return [{"text": "<thinking> I shall call the tool. </thinking>\n"}, call], "tool_use"
    return [call], "tool_use"


def tokens(content: Content) -> int:
    """About as many tokens as a model would count."""
    return max(1, sum(len(_plain(block)) for block in content) // 4)


def cut(content: Content, most: int) -> Content:
    """As much of the text as fits into `most` tokens; a tool call cut off is no tool call any more."""
    text = "".join(_plain(block) for block in content)
    return [{"text": text[: most * 4] or " "}]


def stopped(content: Content, sequence: str, stop: str) -> tuple[Content, str]:
    """The content up to a stop sequence, where it occurs in the text."""
    for number, block in enumerate(content):
        if "text" in block and sequence in block["text"]:
            head = block["text"].split(sequence)[0]
            return [*content[:number], {"text": head or " "}], "stop_sequence"
    return content, stop


def _plain(block: dict[str, Any]) -> str:
    return block["text"] if "text" in block else json.dumps(block["toolUse"]["input"], ensure_ascii=False)
