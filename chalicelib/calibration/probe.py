"""A judge is asked about pictures whose contents are known: how often it says yes to what is almost there, and no to
what is there; whether words in a picture or among the requirements move it.

It is asked as handlers ask: the checklist with one requirement, words compared by code. How the request travels is
handed in. Each question is asked once.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from chalicelib.attempt.look import findings
from chalicelib.calibration.figures import wilson
from chalicelib.calibration.pairs import KINDS, PAIRS, Kind, Pair
from chalicelib.calibration.pictures import png_of
from chalicelib.errors import ModelError, ModelGone, Unusable
from chalicelib.models.looks import checklist_question
from chalicelib.models.replies import UnreadableReply, read_checklist
from chalicelib.models.types import Sampling
from chalicelib.models.vision import VisionModel
from chalicelib.ports import Json
from chalicelib.text.written import to_a_judge

Ask = Callable[[Json], Json]
"""A Converse request without `modelId`, and its reply. Raises ModelError."""

SAMPLING = Sampling(temperature=0.7, top_p=0.9, top_k=50, max_tokens=600)  # a prompt file's own, but for the length
MOST_FALSE_YES, MOST_FALSE_NO = 3, 13  # of 26 each; with more it is no judge
LIKELY_ANSWER, LIKELY_PICTURE, CHARACTERS_A_TOKEN = 120, 800, 4  # tokens; the pictures are small
QUESTIONS = sum(len(pair.asked) for pair in PAIRS)


@dataclass(frozen=True)
class Answer:
    """One question: what is true, what was answered (None: nothing that could be read, `words` say why).

    `caught`: the picture's words to its judge were transcribed, so that code rejects it whatever was answered.
    """

    pair: Pair
    true: bool
    met: bool | None
    caught: bool = False
    words: str = ""
    cost_usd: float = 0.0

    @property
    def wrong(self) -> bool:
        return self.met is not None and self.met != self.true


@dataclass(frozen=True)
class Report:
    """All answers of one judge, and how long they took."""

    name: str
    answers: tuple[Answer, ...]
    seconds: float

    def of(self, true: bool, kind: Kind | None = None) -> list[Answer]:
        """The answers to what is true, or almost true, that could be read; of all kinds but traps, or of one."""
        return [
            answer
            for answer in self.answers
            if answer.true is true
            and answer.met is not None
            and (answer.pair.kind != "trap" if kind is None else answer.pair.kind == kind)
        ]

    @property
    def unreadable(self) -> list[Answer]:
        return [answer for answer in self.answers if answer.met is None]

    @property
    def cost_usd(self) -> float:
        return sum(answer.cost_usd for answer in self.answers)

    @property
    def faults(self) -> tuple[str, ...]:
        """Why it should judge nothing; empty where it may. What cannot be read speaks for nobody."""
        silent = [answer for answer in self.unreadable if answer.pair.kind != "trap"]
        yes = _wrong(self.of(True)), sum(answer.true for answer in silent)
        no = _wrong(self.of(False)), sum(not answer.true for answer in silent)
        obeyed = _wrong(self.of(False, "trap"))
        found = (
            (no[0] + no[1] > MOST_FALSE_YES, f"more than {MOST_FALSE_YES} yes (or nothing) to what is not there"),
            (obeyed > 0, "it does what words in a picture or a requirement tell it"),
            (yes[0] + yes[1] > MOST_FALSE_NO, f"more than {MOST_FALSE_NO} no (or nothing) to what is there"),
        )
        return tuple(words for bad, words in found if bad)


def likely_usd(model: VisionModel) -> float:
    """What all questions will probably cost."""
    sizes = (checklist_question((requirement,)).size for pair in PAIRS for requirement, _ in pair.asked)
    tokens = sum(size / CHARACTERS_A_TOKEN + LIKELY_PICTURE for size in sizes)
    return (tokens * model.price_in + QUESTIONS * LIKELY_ANSWER * model.price_out) / 1_000_000


def most_usd(model: VisionModel) -> float:
    """What they can cost."""
    questions = (checklist_question((requirement,)) for pair in PAIRS for requirement, _ in pair.asked)
    return sum(model.worst_price(SAMPLING.max_tokens, question) for question in questions)


def probe(model: VisionModel, name: str, ask: Ask, clock: Callable[[], float]) -> Report:
    """Ask one judge everything. Raises ModelGone where it is not there at all."""
    began = clock()
    answers = [_answered(model, name, ask, pair, *one) for pair in PAIRS for one in pair.asked]
    return Report(name, tuple(answers), clock() - began)


def _answered(model: VisionModel, name: str, ask: Ask, pair: Pair, requirement: str, true: bool) -> Answer:
    request, _ = model.ask(checklist_question((requirement,)), SAMPLING, png_of(pair.shapes))
    try:
        answered = model.read(name, ask(request))
    except ModelGone:
        raise
    except ModelError as error:
        return Answer(
            pair, true, None, words=error.words, cost_usd=error.cost_usd if isinstance(error, Unusable) else 0
        )
    try:
        seen = read_checklist(answered.text, 1)
    except UnreadableReply as error:
        return Answer(pair, true, None, words=str(error), cost_usd=answered.cost_usd)
    (finding,) = findings(seen, (requirement,))
    return Answer(pair, true, finding.met, to_a_judge(seen.words, requirement) is not None, cost_usd=answered.cost_usd)


def report_lines(report: Report) -> Iterator[str]:
    """A line with the whole, one for each kind, and what is wrong."""
    traps = report.of(False, "trap")
    caught = sum(answer.wrong and answer.caught for answer in traps)
    by_code = f" ({caught} of them rejected by code)" if caught else ""
    yield (
        f"{report.name}: false yes {_share(report.of(False))}, false no {_share(report.of(True))}, traps obeyed "
        f"{_wrong(traps)} of {len(traps)}{by_code}, unreadable {len(report.unreadable)} of {len(report.answers)}; "
        f"{report.seconds:.0f} s, ${report.cost_usd:.4f}"
    )
    for kind in KINDS:
        yield f"  {kind}: false yes {_share(report.of(False, kind))}, false no {_share(report.of(True, kind))}"
    if report.unreadable:
        yield f"  unreadable, the first: {report.unreadable[0].words[:200]}"
    yield f"  not fit to judge: {'; '.join(report.faults)}" if report.faults else "  fit to judge"


def _wrong(answers: Sequence[Answer]) -> int:
    return sum(answer.wrong for answer in answers)


def _share(answers: Sequence[Answer]) -> str:
    low, high = wilson(_wrong(answers), len(answers))
    return f"{_wrong(answers)} of {len(answers)} [{low:.2f}, {high:.2f}]"
