"""The files that `run` uploads: the user's own, or two samples, each under a key and a label that no other one has."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from chalicelib.errors import RetakeError
from chalicelib.job.outbox_keys import job_name, stem
from chalicelib.local.names import PREFIX, SUFFIX

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
STEM_CHARACTERS = 48  # leaves room for a number within what a job's name keeps of the file's


class UnusablePath(RetakeError):
    """A file or directory named on the command line cannot be used; the message says what to do."""


@dataclass(frozen=True)
class PromptFile:
    """What is uploaded and under which key; `label` is what its job's name begins with."""

    told: str
    key: str
    label: str
    body: bytes


def samples() -> tuple[PromptFile, ...]:
    """The two events of the original article."""
    return _with_keys([("landscape.json", LANDSCAPE.encode()), ("aurora.json", AURORA.encode())])


def read_files(paths: Sequence[Path]) -> tuple[PromptFile, ...]:
    """Raises UnusablePath for what is missing, unreadable or not named `….json`; the product judges the contents."""
    return _with_keys([(os.fspath(path), _read(path)) for path in paths])


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


def _read(path: Path) -> bytes:
    if path.name == SUFFIX:
        raise UnusablePath(f"{path}: nothing stands before {SUFFIX}; rename it, as in lake{SUFFIX}: jobs are named so")
    if path.suffix != SUFFIX:
        raise UnusablePath(f"{path}: a prompt file's name ends in {SUFFIX}; rename it, or name another file")
    try:
        return path.read_bytes()
    except OSError as error:
        raise UnusablePath(f"{path}: {error.strerror}; name a prompt file, or none for the built-in samples") from None


def _with_keys(files: Sequence[tuple[str, bytes]]) -> tuple[PromptFile, ...]:
    taken: dict[str, PromptFile] = {}
    for told, body in files:
        name = os.fsencode(Path(told).name).decode(errors="replace")
        number, key = 1, f"{PREFIX}{name}"
        while (label := _label(key)) in taken:
            number += 1
            key = f"{PREFIX}{stem(name)[:STEM_CHARACTERS]}-{number}{SUFFIX}"
        taken[label] = PromptFile(told, key, label, body)
    return tuple(taken.values())


def _label(key: str) -> str:
    return label_of(job_name(stem(key), datetime(1, 1, 1, tzinfo=UTC)))
