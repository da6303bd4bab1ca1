"""What an owner paid for and did not live to write down: taken at its worst, so that no cap is ever passed.

A record that is still leased when its time is over says nothing of the questions its owner asked. Must not ask anybody.
"""

from chalicelib.attempt.ask import ASKED_AT_MOST
from chalicelib.attempt.check import worst_check_usd
from chalicelib.attempt.rewrite import worst_rewrite_usd
from chalicelib.attempt.services import Attempt


def count_lost_questions(attempt: Attempt) -> None:
    """Charge what was perhaps paid since the claim was written: the check of images without a verdict, or a rewrite."""
    record, message = attempt.record, attempt.message
    if record.judged:
        worst = worst_rewrite_usd(attempt)
    else:
        judged = (
            sum(image.accepted is not None for image in record.images) / message.request.nova_canvas_number_of_images
        )
        worst = worst_check_usd(attempt.services, message) * (1 - judged)
    attempt.charge(worst * ASKED_AT_MOST)
    attempt.remark("an owner ended before it wrote down what it had asked; that is counted at its worst price")
