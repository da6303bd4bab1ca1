"""One self-contained HTML page from a template of this folder, under a policy that lets nothing foreign run or load.

Everything shown came from prompts and models: the templates escape all of it, and a name that a template misspells is
an error, not a gap. This module loads Jinja2 and so must be imported only when a page is made.
"""

import base64
import hashlib
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError
from markupsafe import Markup

from chalicelib.errors import CannotRender
from chalicelib.text.wording import counted

FOLDER = Path(__file__).parent


def render(template: str, *, script: str | None = None, **values: object) -> str:
    """The page; `script` is the file of its only script. Raises CannotRender."""
    style = _text("style.css")
    code = _text(script) if script else ""
    policy = ["default-src 'none'", "img-src 'self' data:", f"style-src {_hash(style)}"]
    policy += [f"script-src {_hash(code)}"] if code else []
    policy += ["base-uri 'none'", "form-action 'none'"]
    try:
        return (
            _environment()
            .get_template(template)
            .render(policy="; ".join(policy), style=Markup(style), script=Markup(code), **values)
        )
    except TemplateError as error:
        raise CannotRender(f"{template}: {type(error).__name__} {error}") from error


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters["usd"] = usd
    environment.filters["counted"] = counted
    return environment


@cache
def _text(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


def usd(amount: float) -> str:
    """Three decimals, so that a single check does not vanish."""
    return f"${amount:,.3f}"
