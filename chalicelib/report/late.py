"""The contact sheet for a handler, which loads Jinja2 only when a job ends: an ordinary attempt never pays for it."""

from collections.abc import Sequence

from chalicelib.job.record import Record


def report(records: Sequence[Record]) -> bytes:
    """See sheet.contact_sheet. Raises CannotRender."""
    from chalicelib.report.contact_sheet import contact_sheet

    return contact_sheet(records)
