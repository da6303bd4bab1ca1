"""The items of a JSON array with the line each begins in, taken apart so that one bad item spoils no other. Pure."""

import json
from collections.abc import Iterator

from chalicelib.errors import Refused

BLANK = " \t\r\n"


def items(text: str) -> Iterator[tuple[int, bytes]]:
    """Each item's line, from 1, and its own text. Raises Refused where the array itself is broken.

    Numbers are not read here: Python raises for one of more than 4,300 digits.
    """
    decoder, at = json.JSONDecoder(parse_int=len, parse_float=len), _past_blanks(text, text.index("[") + 1)
    while at < len(text) and text[at] != "]":
        began = at
        try:
            _, at = decoder.raw_decode(text, at)
        except json.JSONDecodeError as error:
            raise Refused(f"not JSON: {error.msg} in line {error.lineno}, column {error.colno}") from None
        except RecursionError:
            raise Refused(f"nested too deep in line {_line(text, began)}; a prompt is a flat object") from None
        yield _line(text, began), text[began:at].encode(errors="surrogatepass")
        at = _after_comma(text, _past_blanks(text, at))
    if at >= len(text) or text[at + 1 :].strip(BLANK):
        raise Refused("not JSON: the array does not end with its last bracket; put ] at the end of the file")


def _after_comma(text: str, at: int) -> int:
    if at < len(text) and text[at] == ",":
        following = _past_blanks(text, at + 1)
        if text[following : following + 1] != "]":
            return following
    if text[at : at + 1] == "]":
        return at
    raise Refused(f"not JSON: a comma and an item, or ] must follow in line {_line(text, at)}")


def _past_blanks(text: str, at: int) -> int:
    while at < len(text) and text[at] in BLANK:
        at += 1
    return at


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1
