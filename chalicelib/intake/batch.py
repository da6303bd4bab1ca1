"""A file of many prompts: each row a job of its own, named by file and row, or refused alone.

The rows are read as `run` reads them. Every delivery of the same upload gives the same names, so that whatever was
begun before a process died is met, and nothing is begun twice.
"""

from dataclasses import replace
from datetime import datetime

from chalicelib.attempt.refusals import Source, refuse
from chalicelib.attempt.services import Services
from chalicelib.errors import Refused
from chalicelib.intake.upload import BATCH_BYTES, Opened, check_time, opened_prompt
from chalicelib.job.destination import destination_of_file
from chalicelib.job.outbox_keys import row_name
from chalicelib.prompts.rows import Form, RefusedRow, Row, rows

ROWS = 1_000


def opened_rows(services: Services, file: Source, suffix: str, deadline: datetime) -> tuple[Opened, ...]:
    """The first message of each good row, in order. Raises Refused for the whole file, and OutOfTime."""
    if len(file.received) > BATCH_BYTES:
        raise Refused(f"more than {BATCH_BYTES:,} bytes came; a file of many prompts has at most so many: split it")
    found: list[Opened] = []
    for number, row in enumerate(rows(file.origin, "", Form(suffix), file.received, {}, ROWS), 1):
        if isinstance(row, RefusedRow) and row.line is None:  # the file itself
            raise Refused(row.error, row.field)
        check_time(services, deadline)
        source = _source(file, number, row)
        if isinstance(row, RefusedRow):
            place = destination_of_file(row.received, services.settings)
            refuse(services, replace(source, place=place), Refused(row.error, row.field))
        elif one := opened_prompt(services, source):
            found.append(one)
    return tuple(found)


def _source(file: Source, number: int, row: Row | RefusedRow) -> Source:
    origin = f"{file.origin}, row {number}, line {row.line}"
    received = row.body if isinstance(row, Row) else row.received
    return replace(file, origin=origin, job=row_name(file.job, number), received=received, row=number, line=row.line)
