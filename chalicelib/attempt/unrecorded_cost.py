"""What an owner paid for and did not live to write down: taken at its worst, so that no cap is ever passed.

A record that is still leased when its time is over says nothing of the questions its owner asked. Must not ask anybody.
"""

from chalicelib.attempt.ask import ASKED_AT_MOST
from chalicelib.attempt.check import worst_check_usd
from chalicelib.attempt.requirements import worst_requirements_usd
from chalicelib.attempt.rewrite import worst_rewrite_usd
from chalicelib.attempt.services import Attempt
from chalicelib.models.catalogue import UnknownModel


def count_lost_questions(attempt: Attempt, *, drawn: bool) -> None:
    """Charge what was perhaps paid since the claim was written; `drawn` False: at most the requirements."""
    try:
        worst = _worst_usd(attempt, drawn=drawn)
    except UnknownModel as error:  # a job that ends may have been begun where more was known
        attempt.remark(f"an owner ended before it wrote down what it had asked; its price is not known here: {error}")
        return
    if worst:
        attempt.charge(worst * ASKED_AT_MOST)
        attempt.remark("an owner ended before it wrote down what it had asked; that is counted at its worst price")


def _worst_usd(attempt: Attempt, *, drawn: bool) -> float:
    record, message = attempt.record, attempt.message
    looks = worst_check_usd(attempt.services.settings, message)
    if record.judged:
        return max(worst_rewrite_usd(attempt), looks)  # a rewrite, or the grades of the best at the job's end
    worst = worst_requirements_usd(attempt.services.settings, message)
    if drawn:
        images = message.request.nova_canvas_number_of_images
        judged = sum(image.accepted is not None for image in record.images) / images
        worst += looks * (1 - judged)
    return worst
