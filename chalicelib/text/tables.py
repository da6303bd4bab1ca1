"""A table as spreadsheets save it, taken apart into cells. Pure; must not know what a column means.

Where the decimal sign is a comma, spreadsheets put semicolons between the cells and still call it CSV.
"""

import csv
import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # type information only: this module is not there when it runs
    from _csv import Reader

SEPARATORS = (",", ";", "\t")


def separator(head: str) -> str:
    """What stands between the cells: the first line tells, since no column's name has any of these in it."""
    return next((one for one in SEPARATORS if one in head), SEPARATORS[0])


def cells_of(text: str) -> "Reader":
    """Each row's cells, the first line's first. Raises csv.Error as it is read, for quotes that do not close."""
    head = next(io.StringIO(text, newline=""), "")
    return csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=separator(head))
