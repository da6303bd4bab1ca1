"""Who may import whom: the directions of the packages, read from the code itself."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
OUTSIDE = {
    *("boto3", "botocore", "chalice", "os", "sys", "time", "socket", "subprocess", "threading", "PIL", "moto", "rich"),
    *("requests", "urllib3", "concurrent", "jinja2", "click"),
}
# Each package, and what of this project it may import: only what stands below it.
BELOW = {
    "text": {"errors"},
    "models": {"text", "errors", "picture", "ports"},
    "job": {"text", "models", "errors", "ports", "settings"},
    "events": {"job", "text", "errors", "ports", "settings"},
    "aws": {"events", "models", "errors", "ports"},
    "prompts": {"job", "text", "errors"},
    "report": {"job", "models", "text", "errors", "ports"},
    "calibration": {"attempt", "job", "models", "text", "errors", "ports", "picture"},
    "follow": {"prompts", "report", "job", "text", "errors", "ports"},
    "stage": {
        *("deploy", "local", "attempt", "aws", "follow", "prompts", "report", "job", "events", "text", "errors"),
        *("ports", "settings"),
    },
    "attempt": {"report", "job", "events", "models", "text", "errors", "ports", "picture", "settings"},
    "intake": {"attempt", "prompts", "job", "events", "text", "errors"},
}
PURE = ("text", "models", "job", "events", "errors", "ports", "settings")
FLAT = {"__init__", "__main__", "errors", "handlers", "picture", "ports", "settings", "wiring"}


def imports(path: Path) -> set[str]:
    """Every module that a file imports, wherever in the file; `from a import b` counts as a and a.b."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute here"
            found |= {node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def modules(name: str) -> list[Path]:
    """The files of a package, or the one module of that name."""
    folder = ROOT / "chalicelib" / name
    found = sorted(folder.glob("**/*.py")) if folder.is_dir() else [folder.with_suffix(".py")]
    assert found, f"{name} holds no module"
    return found


def rooms(path: Path) -> set[str]:
    """The packages and modules of chalicelib/ that a file imports from."""
    return {name.split(".")[1] for name in imports(path) if name.startswith("chalicelib.")}


@pytest.mark.parametrize("package", BELOW)
def test_a_package_imports_only_what_stands_below_it(package: str):
    for path in modules(package):
        assert rooms(path) <= BELOW[package] | {package}, path


def test_the_order_of_the_packages_has_no_circle():
    seen: set[str] = set()
    while left := BELOW.keys() - seen:
        free = {name for name in left if BELOW[name] & BELOW.keys() <= seen}
        assert free, f"a circle among {sorted(left)}"
        seen |= free


@pytest.mark.parametrize("name", PURE)
def test_what_is_pure_imports_nothing_that_acts(name: str):
    for path in modules(name):
        assert not {module for module in imports(path) if module.split(".")[0] in OUTSIDE}, path


def test_few_modules_lie_directly_in_chalicelib():
    assert {path.stem for path in (ROOT / "chalicelib").glob("*.py")} == FLAT


def test_each_package_says_what_it_is_for():
    for package in (ROOT / "chalicelib").glob("*/__init__.py"):
        assert ast.get_docstring(ast.parse(package.read_text(encoding="utf-8"))), package


def test_only_aws_and_wiring_touch_botocore():
    allowed = {"aws", "local", "deploy", "follow", "stage", "wiring.py", "__main__.py"}
    for path in sorted((ROOT / "chalicelib").glob("**/*.py")):
        if path.relative_to(ROOT / "chalicelib").parts[0] not in allowed:
            assert not {name for name in imports(path) if name.split(".")[0] in ("boto3", "botocore")}, path


def test_nothing_but_the_command_line_imports_deployment_or_local_aws():
    for path in [*(ROOT / "chalicelib").glob("**/*.py"), ROOT / "app.py"]:
        if path.relative_to(ROOT).parts[:2] not in {
            ("chalicelib", part) for part in ("local", "deploy", "stage", "__main__.py")
        }:
            assert not rooms(path) & {"local", "deploy"}, path


def test_the_product_never_asks_whether_it_is_local():
    for path in [*(ROOT / "chalicelib").glob("**/*.py"), ROOT / "app.py"]:
        if "local" in path.relative_to(ROOT).parts or path.name == "__main__.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.If):
                assert "local" not in ast.unparse(node.test).lower(), f"{path}:{node.lineno}"
