"""Whether somebody hears the alarms. Pure."""

from chalicelib.deploy.checks.line import Check, Mark
from chalicelib.deploy.found import Subscriber
from chalicelib.deploy.stage import Stage


def check_alarms(stage: Stage, subscribers: tuple[Subscriber, ...]) -> Check:
    """Who is told, who has yet to confirm, or that nobody is."""
    confirmed = sorted(one.endpoint for one in subscribers if one.confirmed)
    if confirmed:
        return Check(Mark.OK, f"alarms go to {', '.join(confirmed)}")
    if subscribers:
        waiting = ", ".join(sorted(one.endpoint for one in subscribers))
        return Check(
            Mark.NOTE, f"alarms wait for {waiting} to confirm", "follow the link in the mail that AWS sent there"
        )
    return Check(Mark.NOTE, "alarms go nowhere", f"python -m chalicelib up --stage {stage.name} --notify ADDRESS")
