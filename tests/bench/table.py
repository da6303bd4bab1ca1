"""Rows as Markdown, for a terminal and for the README alike: a line a job, the three ways side by side in each cell."""

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby

from tests.bench.rows import Row

Tell = Callable[[Row], str]
TIME_AND_MONEY: dict[str, Tell] = {
    "end to end, s": lambda row: f"{row.seconds:.0f}",
    "own time an attempt, ms": lambda row: f"{row.own_ms:.0f}",
    "peak memory, MB": lambda row: f"{row.peak_mb:.0f}",
    "billed GB-s": lambda row: f"{row.gb_seconds:.1f}",
    "AWS calls": lambda row: str(row.aws_calls),
    "orchestration, USD a thousand jobs": lambda row: f"{1000 * row.orchestration_usd:.3f}",
}
KILLED: dict[str, Tell] = {
    "points": lambda row: f"{row.paid_again.points}",
    "images paid again, worst (mean)": lambda row: f"{row.paid_again.worst_images} ({row.paid_again.mean_images:.1f})",
    "checks paid again, worst (mean)": lambda row: f"{row.paid_again.worst_checks} ({row.paid_again.mean_checks:.1f})",
    "came to the picture": lambda row: f"{100 * row.paid_again.ended / row.paid_again.points:.0f} %",
    "ends within its limits": lambda row: "yes" if row.finishes else "no",
}


def side_by_side(told: dict[str, Tell], rows: Iterable[Row]) -> str:
    """A table of these columns; a job's ways are divided by slashes."""
    jobs = [list(ways) for _, ways in groupby(rows, key=lambda row: (row.attempts, row.images))]
    lines = [
        [f"{ways[0].attempts} × {ways[0].images}", *(" / ".join(map(tell, ways)) for tell in told.values())]
        for ways in jobs
    ]
    return markdown(("attempts × images", *told), lines)


def markdown(header: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """A table whose columns are as wide as they need."""
    cells = [list(header), *(list(line) for line in lines)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(header))]
    padded = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |" for line in cells
    ]
    ruler = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([padded[0], ruler, *padded[1:]])
