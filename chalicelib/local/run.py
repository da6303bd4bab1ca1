"""`run`: prompt files in, a directory of jobs out, on this machine only.

Uploads, follows the outbox, copies. What becomes of a job is read from what the product wrote, never computed here.
"""

import sys
from collections.abc import MutableMapping, Sequence
from pathlib import Path, PurePosixPath
from queue import Empty

from rich.console import Console

from chalicelib.local.cloud import LocalAws
from chalicelib.local.collect import Copies, collect
from chalicelib.local.gallery import write_gallery
from chalicelib.local.happenings import JobEnded, JobRefused, Outbox
from chalicelib.local.product_log import failures_to, journal_aside
from chalicelib.local.progress import STAND_IN, Progress, counted, paid
from chalicelib.local.prompt_files import PromptFile, label_of
from chalicelib.prompts.rows import RefusedRow
from chalicelib.text.characters import cleaned

ALL_ACCEPTED, SOME_FAILED, SOME_REFUSED, INTERRUPTED = 0, 1, 3, 130
STALLED_SECONDS = 1_200  # longer than any one wait of the product, 900 s

Ends = dict[str, JobEnded | JobRefused]


def run(
    files: Sequence[PromptFile],
    refused: Sequence[RefusedRow],
    directory: Path,
    environment: MutableMapping[str, str],
    *,
    verbose: bool,
) -> int:
    """Run the files to their ends; the exit code. `refused` could not become one and are told. Raises SettingsError."""
    progress = Progress(Console(highlight=False, file=sys.stdout), told_job=label_of)
    if not files:
        _refusals(refused, progress)
        return SOME_REFUSED
    with journal_aside(verbose=verbose), LocalAws(environment, failures_to(progress, verbose=verbose)) as aws:
        progress.say(STAND_IN, "dim")
        inbox = aws.engine.names.inbox
        for file in files:
            aws.engine.s3.put_object(Bucket=inbox, Key=file.key, Body=file.body)
            progress.say(f"{file.told} → s3://{inbox}/{file.key}")
        ends, interrupted = _followed(aws, files, progress)
        aws.settle()
        copies = collect(aws.engine.s3, aws.engine.names, directory)
    _summary(files, ends, copies, progress)
    progress.say(write_gallery(directory))
    _refusals(refused, progress)
    _not_copied(copies, progress)
    progress.say(STAND_IN, "dim")
    code = INTERRUPTED if interrupted else exit_code([ends.get(file.label) for file in files])
    return SOME_REFUSED if refused and code == ALL_ACCEPTED else code


def _refusals(refused: Sequence[RefusedRow], progress: Progress) -> None:
    for row in refused:
        progress.say(f"refused: {row}", "red")


def exit_code(ends: Sequence[JobEnded | JobRefused | None]) -> int:
    """0: all accepted. 1: a job failed, or (None) did not end. 3: no job failed, but a file was refused."""
    if all(isinstance(end, JobEnded) and end.result.accepted for end in ends):
        return ALL_ACCEPTED
    failed = any(not isinstance(end, JobRefused) and not (end and end.result.accepted) for end in ends)
    return SOME_FAILED if failed else SOME_REFUSED


def _followed(aws: LocalAws, files: Sequence[PromptFile], progress: Progress) -> tuple[Ends, bool]:
    """How each label ended, and whether the user broke off."""
    outbox = Outbox(aws.engine.s3, aws.engine.names.inbox)
    ends: Ends = {}
    waiting = {file.label for file in files}
    with progress.live(lambda: f"{len(waiting - ends.keys())} of {len(waiting)} jobs running"):
        try:
            while waiting - ends.keys():
                for happening in outbox.happenings(aws.written.get(timeout=STALLED_SECONDS)):
                    progress.show(happening)
                    match happening:
                        case JobEnded(_, result):
                            ends[label_of(result.job)] = happening
                        case JobRefused(_, job, _):
                            ends[label_of(job)] = happening
        except Empty:
            progress.say(f"nothing has moved for {STALLED_SECONDS // 60} minutes: giving up", "red")
        except KeyboardInterrupt:
            progress.say("interrupted: what there is, is copied")
            return ends, True
    return ends, False


def _summary(files: Sequence[PromptFile], ends: Ends, copies: Copies, progress: Progress) -> None:
    progress.say("")
    for file in files:
        match ends.get(file.label):
            case JobEnded(place, result):
                image = result.image or (result.best.image if result.best else place.key)
                progress.verdict(file.told, result.status, f"{copies.told(image)} ({paid(result)})")
                report = str(PurePosixPath(place.key).with_name("report.html"))
                if copies.holds(report):
                    progress.verdict("", "", f"all its images and verdicts: {copies.directory / report}")
            case JobRefused(place, _, _):
                progress.verdict(file.told, "refused", copies.told(place.key))
            case None:
                progress.verdict(file.told, "no result", f"see {copies.directory}")


def _not_copied(copies: Copies, progress: Progress) -> None:
    for one in copies.left:
        progress.say(f"not copied: s3://{one.place.bucket}/{cleaned(one.place.key)}: {one.why}", "red")
    if copies.left:
        told = f"{counted(len(copies.left), 'object')} could not be copied to {copies.directory}"
        progress.say(f"{told}; run again with another --out, or another output_s3_key_prefix in the prompt file", "red")
