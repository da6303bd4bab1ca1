"""The files that `run` uploads: the user's own, or two samples, each under a key and a label that no other one has."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from chalicelib.job.outbox_keys import job_name, stem
from chalicelib.local.names import PREFIX, SUFFIX
from chalicelib.prompts.rows import Form, Row, rows
from chalicelib.prompts.sources import UnusablePath

LANDSCAPE = """\
{"prompt": "A serene landscape with mountains and a lake", "max_retry_attempts": 5, "max_prompt_revisions": 3,
 "output_s3_bucket_name": "your-output-bucket-name", "output_s3_key_prefix": "generated-images-nova",
 "nova_pro_validate_temperature": 1.0, "nova_pro_validate_top_p": 0.9, "nova_pro_validate_top_k": 50,
 "nova_pro_validate_max_tokens": 5120, "nova_pro_revise_temperature": 1.0, "nova_pro_revise_top_p": 0.9,
 "nova_pro_revise_top_k": 50, "nova_pro_revise_max_tokens": 5120, "nova_canvas_cfg_scale": 10.0,
 "nova_canvas_width": 1024, "nova_canvas_height": 1024, "nova_canvas_number_of_images": 1, "nova_canvas_seed": 0}
"""
AURORA_PROMPT = (
    "自然の中から見た夜景で、空にはオーロラと月と流星群があり、"
    "地上には海が広がって流氷が流れ、地平線から太陽が出ている無人の写真。"
)
AURORA = f'{{"prompt": "{AURORA_PROMPT}", "max_retry_attempts": 5, "max_prompt_revisions": 5}}\n'
SAMPLES = (("landscape.json", LANDSCAPE), ("aurora.json", AURORA))
STEM_CHARACTERS = 48  # leaves room for a number within what a job's name keeps of the file's


@dataclass(frozen=True)
class PromptFile:
    """What is uploaded and under which key; `label` is what its job's name begins with."""

    told: str
    key: str
    label: str
    body: bytes


def samples(given: Mapping[str, Any] = MappingProxyType({})) -> tuple[PromptFile, ...]:
    """The two events of the original article, with these fields set."""
    found = [row for name, text in SAMPLES for row in rows(name, stem(name), Form.OBJECT, text.encode(), given)]
    return files_of([row for row in found if isinstance(row, Row)])


def files_of(rows: Sequence[Row]) -> tuple[PromptFile, ...]:
    """Each row as a file of its own, whatever it came from."""
    return _with_keys([(_told(row), f"{row.name}{SUFFIX}", row.body) for row in rows])


def directory_for(out: Path) -> Path:
    """Make it where it is not there. Raises UnusablePath."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UnusablePath(f"--out {out}: {error.strerror}; name a directory that can be written") from None
    return out


def label_of(job: str) -> str:
    """`aurora-20261122T081500Z-1f2e3d4c` → `aurora`."""
    return job.rsplit("-", 2)[0]


def _told(row: Row) -> str:
    return f"{row.source}, line {row.line}" if row.line else row.source


def _with_keys(files: Sequence[tuple[str, str, bytes]]) -> tuple[PromptFile, ...]:
    taken: dict[str, PromptFile] = {}
    for told, named, body in files:
        text = os.fsencode(named).decode(errors="replace")
        name = "".join(character if character.isprintable() else "-" for character in text)
        number, key = 1, f"{PREFIX}{name}"
        while (label := _label(key)) in taken:
            number += 1
            key = f"{PREFIX}{stem(name)[:STEM_CHARACTERS]}-{number}{SUFFIX}"
        taken[label] = PromptFile(told, key, label, body)
    return tuple(taken.values())


def _label(key: str) -> str:
    return label_of(job_name(stem(key), datetime(1, 1, 1, tzinfo=UTC)))
