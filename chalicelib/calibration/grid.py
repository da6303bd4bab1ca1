"""Every mode with every threshold over labelled jobs, and the setting that these would choose. Pure."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from chalicelib.calibration.figures import PER_LABEL, SEED, TIMES, Figures, figures, prompts_of, resamples
from chalicelib.calibration.recorded import Matched
from chalicelib.calibration.replay import Replay
from chalicelib.calibration.table import percent, table
from chalicelib.job.judging import LOOKS, Acceptance, Rule

THRESHOLDS = (7, 7.5, 8, 8.5, 9, 9.5, 10)
ENOUGH = 150  # accepted ones; fewer tell little
MOST_MISSING = 0.05  # of the pictures, without a look that a setting asks for; with more it is not to be chosen


@dataclass(frozen=True)
class Setting:
    """A mode and a threshold, and what they came to."""

    acceptance: Acceptance
    accept_grade: float
    figures: Figures

    @property
    def name(self) -> str:
        return f"{self.acceptance} {self.accept_grade:g}"


def settings_of(matched: Matched, panel: tuple[str, ...] = ()) -> tuple[Setting, ...]:
    """Each of them, played over the jobs, with the answers of a panel or of whoever was asked."""
    prompts = prompts_of(matched.jobs)
    drawn = resamples(len(prompts))
    return tuple(
        Setting(mode, grade, figures(Replay(Rule(mode, grade), panel), prompts, drawn, matched.prices))
        for mode in LOOKS
        for grade in THRESHOLDS
    )


def chosen(settings: Sequence[Setting], pictures: int) -> Setting | None:
    """The most good pictures delivered, of these the cheapest; None where every setting lacks too many looks.

    Of equals the one that knew the most good ones, since what is delivered unaccepted is a FAIL; then the strictest.
    """
    fit = [setting for setting in settings if setting.figures.missing <= MOST_MISSING * pictures]
    return min(fit, key=_merit, default=None)


def _merit(setting: Setting) -> tuple[float, float, int, float]:
    """The less the better."""
    found = setting.figures
    rightly = round(found.precision.value * found.accepted) if found.precision else 0
    return -found.good.value, found.dollars.value, -rightly, -setting.accept_grade


def lines_of(matched: Matched, settings: Sequence[Setting]) -> Iterator[str]:
    """The table, what it stands on, and the choice."""
    yield from table((setting.name, setting.figures) for setting in settings)
    yield ""
    prompts, prices = len(prompts_of(matched.jobs)), matched.prices
    yield (
        f"{matched.labels} labelled pictures of {len(matched.jobs)} jobs and {prompts} prompts; ${prices.image:.3f} an "
        f"image, ${prices.look:.4f} a look; 95 % intervals from {TIMES} resamples of the prompts (seed {SEED})."
    )
    yield "A job has only the pictures that were drawn: a stricter setting than theirs finds none after its last."
    if matched.unknown:
        first = matched.unknown[0].picture
        yield f"{len(matched.unknown)} labels name a picture that no record has (the first: {first})."
    if matched.unlabelled:
        yield f"{matched.unlabelled} pictures of these jobs have no label and are left out."
    yield from _missing(settings)
    yield from _choice(matched, settings)


def _missing(settings: Sequence[Setting]) -> Iterator[str]:
    for mode in LOOKS:
        most = max(setting.figures.missing for setting in settings if setting.acceptance == mode)
        if most:
            yield (
                f"{mode}: looks are missing for up to {most} pictures, which count as not accepted; jobs that run with "
                f"acceptance {mode} record them, and --bedrock has them taken."
            )


def _choice(matched: Matched, settings: Sequence[Setting]) -> Iterator[str]:
    best = chosen(settings, matched.labels)
    yield ""
    if best is None:
        yield "No setting is chosen: each lacks looks for too many pictures."
        return
    accepted = best.figures.accepted
    give = f" (± {PER_LABEL / math.sqrt(accepted):.2f})" if accepted else ""
    few = f"; that is few: about {ENOUGH} give ± {PER_LABEL / math.sqrt(ENOUGH):.3f}" if accepted < ENOUGH else ""
    yield f"Most good pictures delivered, {percent(best.figures.good)}, of equal ones the cheapest:"
    yield f"  ACCEPTANCE={best.acceptance} ACCEPT_GRADE={best.accept_grade:g}"
    yield f"Its precision stands on {accepted} accepted pictures{give}{few}."


def as_document(matched: Matched, settings: Sequence[Setting]) -> dict[str, Any]:
    """Everything that was worked out, for calibration.json."""
    best = chosen(settings, matched.labels)
    return {
        "labels": matched.labels,
        "jobs": len(matched.jobs),
        "prompts": len(prompts_of(matched.jobs)),
        "labels_without_record": len(matched.unknown),
        "pictures_without_label": matched.unlabelled,
        "usd": asdict(matched.prices),
        "resamples": TIMES,
        "seed": SEED,
        "settings": [asdict(setting) for setting in settings],
        "chosen": {"ACCEPTANCE": best.acceptance, "ACCEPT_GRADE": best.accept_grade} if best else None,
    }
