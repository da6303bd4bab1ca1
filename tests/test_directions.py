"""Who may import whom: the directions of the modules, read from the code itself."""

import ast
from pathlib import Path

ROOT = Path(__file__).parent.parent
PURE = [
    "characters",
    "errors",
    "frozen",
    "strict_json",
    "settings",
    "request",
    "message",
    "events",
    "record",
    "result",
    "outcome",
    "outbox_keys",
    "decide",
    "protocol",
    "sqs_rules",
    "ports",
    "wording",
    "replies",
    "prices",
]
OUTSIDE = {
    "boto3",
    "botocore",
    "chalice",
    "os",
    "sys",
    "time",
    "socket",
    "subprocess",
    "threading",
    "PIL",
    "moto",
    "rich",
    "requests",
    "urllib3",
    "concurrent",
}
PIPELINE_STORIES = ("chalicelib.attempt", "chalicelib.intake", "chalicelib.refusal", "chalicelib.wiring")


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


def reaches(path: Path, *targets: str) -> set[str]:
    return {name for name in imports(path) for target in targets if name == target or name.startswith(f"{target}.")}


def modules(folder: str) -> list[Path]:
    found = sorted((ROOT / folder).glob("**/*.py"))
    assert found, f"{folder} holds no module"
    return found


def pure_modules() -> list[Path]:
    named = [ROOT / "chalicelib" / f"{name}.py" for name in PURE]
    return [path for path in named if path.exists()] + modules("chalicelib/models")


def test_pure_modules_import_nothing_that_acts():
    for path in pure_modules():
        assert not {name for name in imports(path) if name.split(".")[0] in OUTSIDE}, path
        assert not reaches(path, "chalicelib.aws", "chalicelib.local", "chalicelib.deploy", *PIPELINE_STORIES), path


def test_aws_knows_no_pipeline():
    for path in modules("chalicelib/aws"):
        assert not reaches(path, *PIPELINE_STORIES, "chalicelib.protocol", "chalicelib.decide", "chalicelib.record"), (
            path
        )


def test_only_aws_and_wiring_touch_botocore():
    allowed = {"aws", "local", "deploy"}
    for path in modules("chalicelib"):
        place = path.relative_to(ROOT / "chalicelib").parts
        if place[0] in allowed or place[0] in ("wiring.py", "__main__.py"):
            continue
        assert not reaches(path, "boto3", "botocore"), path


def test_nothing_but_the_command_line_imports_deployment_or_local_aws():
    for path in [*modules("chalicelib"), ROOT / "app.py"]:
        place = path.relative_to(ROOT).parts
        if place[:2] in (("chalicelib", "local"), ("chalicelib", "deploy"), ("chalicelib", "__main__.py")):
            continue
        assert not reaches(path, "chalicelib.local", "chalicelib.deploy"), path


def test_the_product_never_asks_whether_it_is_local():
    for path in [*modules("chalicelib"), ROOT / "app.py"]:
        if "local" in path.parts or path.name == "__main__.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.If):
                assert "local" not in ast.unparse(node.test).lower(), f"{path}:{node.lineno}"
