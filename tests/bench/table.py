"""Rows as Markdown, for a terminal and for the README alike."""

from collections.abc import Iterable, Sequence

from tests.bench.rows import Row

HEADER = (
    *("attempts × images", "way", "end to end", "to the loop", "own time an attempt", "memory", "GB-s"),
    *(
        "AWS calls",
        "orchestration",
        "killed: images paid again, worst (mean)",
        "checks likewise",
        "came to the picture",
        "finishes",
    ),
)


def markdown(header: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """A table whose columns are as wide as they need."""
    cells = [list(header), *(list(line) for line in lines)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(header))]
    padded = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |" for line in cells
    ]
    ruler = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([padded[0], ruler, *padded[1:]])


def cells(row: Row) -> list[str]:
    """One row in words."""
    again = row.paid_again
    points = "" if again.points == again.possible else f", {again.points} of {again.possible} points"
    return [
        f"{row.attempts} × {row.images}",
        row.way,
        f"{row.seconds:.2f} s",
        f"{row.ratio:.3f} ×",
        f"{row.own_ms:.1f} ms",
        f"{row.peak_mb:.0f} → {row.memory_mb} MB",
        f"{row.gb_seconds:.2f}",
        str(row.aws_calls),
        f"${row.orchestration_usd:.6f}",
        f"{again.worst_images} ({again.mean_images:.2f}){points}",
        f"{again.worst_checks} ({again.mean_checks:.2f})",
        f"{again.ended} of {again.points}",
        f"{'yes' if row.finishes else 'no'}: {row.why}",
    ]
