"""The README as tests read it: its sections, tables and fenced blocks."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
FENCED = re.compile(r"^```[a-z]*\n(.*?)^```", re.DOTALL | re.MULTILINE)


def section(title: str) -> str:
    found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", README, re.DOTALL | re.MULTILINE)
    assert found, f"the README has no section {title!r}"
    return found[1]


def rows(text: str) -> list[list[str]]:
    """The cells of a section's first table, head and rule left out."""
    table = re.search(r"(?:^\|.*\n)+", text, re.MULTILINE)
    assert table
    lines = table[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def blocks(text: str = README) -> list[str]:
    return FENCED.findall(text)


def block(begins: str) -> str:
    """The one fenced block that begins so."""
    (found,) = [each for each in blocks() if each.lstrip().startswith(begins)]
    return found


def code(cell: str) -> str:
    return cell.strip().strip("`")
