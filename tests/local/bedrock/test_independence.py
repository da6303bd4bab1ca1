"""The stand-in checks the product, so it shares nothing with it."""

import ast
from pathlib import Path

import chalicelib.local.bedrock

ROOT = Path(chalicelib.local.bedrock.__file__).parent


def test_it_imports_nothing_of_the_product() -> None:
    modules = list(ROOT.rglob("*.py"))
    foreign = [
        (path.name, node.module)
        for path in modules
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom)
        and (node.level > len(path.relative_to(ROOT).parts) or (node.module or "").startswith(("chalicelib", "app")))
    ]
    plain = [
        alias.name
        for path in modules
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Import)
        for alias in node.names
        if alias.name.split(".")[0] in ("chalicelib", "app", "numpy")
    ]
    assert len(modules) > 15
    assert (foreign, plain) == ([], [])
