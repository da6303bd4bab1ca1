"""Prompt files to be uploaded: the user's own, or two samples, each under a key and a label that no other one has.

Pure. What the stem of a key becomes in a job's name is job/outbox_keys.py's to say.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from chalicelib.job.outbox_keys import job_name, stem
from chalicelib.job.request_fields import INBOX_PREFIX
from chalicelib.prompts.rows import Form, Row, rows

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
SUFFIX = ".json"
STEM_CHARACTERS = 48  # leaves room for a number within what a job's name keeps of the file's


@dataclass(frozen=True)
class PromptFile:
    """What is uploaded and under which key; `label` is what its job's name begins with."""

    origin: str
    key: str
    label: str
    body: bytes

    @property
    def sha256(self) -> str:
        """What tells this prompt from every other, whatever its file is called."""
        return hashlib.sha256(self.body).hexdigest()


def samples(given: Mapping[str, Any] = MappingProxyType({})) -> tuple[PromptFile, ...]:
    """The two built-in samples, with these fields set."""
    found = [row for name, text in SAMPLES for row in rows(name, stem(name), Form.OBJECT, text.encode(), given)]
    return files_of([row for row in found if isinstance(row, Row)])


def files_of(rows: Sequence[Row]) -> tuple[PromptFile, ...]:
    """Each row as a file of its own, whatever it came from."""
    taken: dict[str, PromptFile] = {}
    for row in rows:
        text = f"{row.name}{SUFFIX}".encode(errors="surrogateescape").decode(errors="replace")
        name = "".join(character if character.isprintable() else "-" for character in text)
        number, key = 1, f"{INBOX_PREFIX}{name}"
        while (label := _label(key)) in taken:
            number += 1
            key = f"{INBOX_PREFIX}{stem(name)[:STEM_CHARACTERS]}-{number}{SUFFIX}"
        origin = f"{row.source}, line {row.line}" if row.line else row.source
        taken[label] = PromptFile(origin, key, label, row.body)
    return tuple(taken.values())


def label_of(job: str) -> str:
    """`aurora-20261122T081500Z-1f2e3d4c` → `aurora`."""
    return job.rsplit("-", 2)[0]


def _label(key: str) -> str:
    return label_of(job_name(stem(key), datetime(1, 1, 1, tzinfo=UTC)))
