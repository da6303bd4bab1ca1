"""`doctor --probe`, second part: the default panel is tried on drawn pictures, where the user agrees to what it costs.

As `probe`, it asks with the credentials of whoever runs this.
"""

from collections.abc import Callable, Iterator
from functools import partial

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.calibration.pairs import PAIRS
from chalicelib.calibration.probe import QUESTIONS, Report, likely_usd, most_usd, probe, report_lines
from chalicelib.deploy.checks.line import Check, Mark
from chalicelib.deploy.console import Console
from chalicelib.deploy.next_step import next_step
from chalicelib.deploy.stage import Stage
from chalicelib.errors import Declined, ModelGone
from chalicelib.models.types import ModelReference
from chalicelib.ports import Json, ModelCaller
from chalicelib.settings import Settings

OFFER = "Try {} on {} drawn pictures, {} questions each? That costs likely ${:.2f}, at most ${:.2f}."
SECONDS = 60.0
MEND = "name another model in VISION_MODELS, or put one of another family beside it"


def agreed(console: Console, stage: Stage) -> bool:
    """Say what it costs and ask; what else does it is said where nobody can be asked, or the answer is no."""
    panel = list(dict.fromkeys(stage.settings.panel()))
    models = [stage.settings.catalogue.vision(judge.id) for judge in panel]
    likely, most = sum(map(likely_usd, models)), sum(map(most_usd, models))
    names = ", ".join(map(str, panel))
    if console.agrees(OFFER.format(names, len(PAIRS), QUESTIONS, likely, most)):
        return True
    again = f"python -m chalicelib doctor --stage {stage.name} --probe --yes"
    console.say(f"Not tried on drawn pictures: `{again}` does, for likely ${likely:.2f}, at most ${most:.2f}.")
    return False


def lines(settings: Settings, caller: ModelCaller, clock: Callable[[], float]) -> Iterator[Check]:
    """What came of each judge: a line with the whole, and one for each kind of picture."""
    for judge in dict.fromkeys(settings.panel()):
        try:
            report = probe(settings.catalogue.vision(judge.id), str(judge), partial(_asked, caller, judge), clock)
        except (ModelGone, BotoCoreError, ClientError) as error:
            words = error.words if isinstance(error, ModelGone) else str(error)
            yield Check(Mark.FAIL, f"judge {judge} refused: {words}", next_step(words, judge.region))
        else:
            yield from _lines(report)


def _asked(caller: ModelCaller, judge: ModelReference, request: Json) -> Json:
    """What never left says nothing of a judge: no connection, or nobody is signed in any more."""
    try:
        return caller.converse(judge.region, judge.id, request, SECONDS)
    except Declined as error:
        raise (error.__cause__ if isinstance(error.__cause__, BotoCoreError) else error) from None


def _lines(report: Report) -> Iterator[Check]:
    whole, *kinds = report_lines(report)
    bad = report.faults
    yield Check(Mark.FAIL if bad else Mark.OK, f"judge {whole}", MEND if bad else "")
    yield from (Check(Mark.NOTE, line) for line in kinds)
