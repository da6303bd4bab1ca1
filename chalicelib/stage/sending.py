"""What `send` does from its arguments to its exit code: reads the prompts, says what they can cost, puts, names."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from chalicelib.errors import CannotGoOn, Refused
from chalicelib.follow.tally import ALL_ACCEPTED, SOME_REFUSED
from chalicelib.follow.words import shortened
from chalicelib.job.request import Request, read_request
from chalicelib.local.prices import prices
from chalicelib.prompts.estimate import LIKELY_ATTEMPTS, estimate
from chalicelib.prompts.files import PromptFile, files_of
from chalicelib.prompts.rows import RefusedRow, Row
from chalicelib.settings import Settings
from chalicelib.stage.find import SHOWN
from chalicelib.stage.send import Begun, Sent, names, put_all
from chalicelib.stage.where import Where
from chalicelib.text.wording import counted

Say = Callable[[str], None]
Wait = Callable[[float], None]


@dataclass(frozen=True)
class Voices:
    """`say` is the answer, for programs, too: a job's name a line. `note` is what people want to know besides."""

    say: Say
    note: Say


def tell_costs(rows: Sequence[Row | RefusedRow], settings: Settings, voices: Voices) -> int:
    """What they can cost on this stage, in USD; nothing is sent. The exit code."""
    refused, requests = 0, []
    for one in (_request_of(row, settings) for row in rows):
        if isinstance(one, Request):
            requests.append(one)
        else:
            refused += 1
            voices.note(f"refused: {shortened(one, 500)}")
    costs = estimate(requests, partial(prices, settings), settings.max_cost_usd)
    likely = f"likely ${costs.likely:.2f} ({LIKELY_ATTEMPTS} attempts a job)"
    voices.say(f"{counted(costs.jobs, 'job')}: {likely}, at most ${costs.most:.2f}; nothing was sent")
    return SOME_REFUSED if refused else ALL_ACCEPTED


def _request_of(row: Row | RefusedRow, settings: Settings) -> Request | str:
    if isinstance(row, RefusedRow):
        return str(row)
    try:
        return read_request(row.body, settings)
    except Refused as error:
        return f"{row.source}: {error.error}"


def send_rows(rows: Sequence[Row | RefusedRow], where: Where, wait: Wait | None, voices: Voices) -> int:
    """Put them and tell their jobs' names, without `wait` only how they begin.

    The exit code: 3 where a row was refused. Raises CannotGoOn.
    """
    refused = [row for row in rows if isinstance(row, RefusedRow)]
    for row in refused:
        voices.note(f"refused: {shortened(str(row), 500)}")
    put = put_all(where, _prompt_files(rows))
    sent = put.sent
    begun = names(where, sent, wait) if wait else {}
    for one in sent:
        voices.say(begun[one].job if one in begun else one.beginning)
    _note_the_rest(where, sent, begun, voices.note)
    if put.left:
        origins = ", ".join(file.origin for file in put.left[:SHOWN])
        more = f" and {len(put.left) - SHOWN} more" if len(put.left) > SHOWN else ""
        raise CannotGoOn(f"not sent: {origins}{more}: {put.why} The jobs above are under way: send the others alone.")
    return SOME_REFUSED if refused or any(one.error for one in begun.values()) else ALL_ACCEPTED


def _prompt_files(rows: Sequence[Row | RefusedRow]) -> tuple[PromptFile, ...]:
    if not rows:
        raise CannotGoOn("no prompt was named; give a text, a file, a directory, or - for a pipe")
    return files_of([row for row in rows if isinstance(row, Row)])


def _note_the_rest(where: Where, sent: Sequence[Sent], begun: dict[Sent, Begun], note: Say) -> None:
    for one, found in begun.items():
        if found.error:
            note(f"{one.file.origin}: refused: {shortened(found.error, 500)}")
    if waiting := [one for one in sent if one not in begun]:
        unseen = f"{counted(len(waiting), 'job')} not seen yet, as that of {where.inbox}/{waiting[0].file.key}"
        note(f"{unseen}: a name that ends in - lacks its last 8 characters; `watch` and `get` take it as it is")
    stray = sorted({one.bucket for one in sent} - {where.bucket})
    for bucket in stray:
        note(f"some results go to s3://{bucket}/; `watch` and `get` find them with --bucket {bucket}")
    if sent:
        note(f"{counted(len(sent), 'prompt')} sent; follow: python -m chalicelib watch JOB --stage {where.stage}")
