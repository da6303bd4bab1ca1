"""Figures as lines of text. Pure."""

from collections.abc import Iterable, Iterator

from chalicelib.calibration.figures import Figure, Figures

HEAD = ("", "good delivered", "images a job", "precision of an accept", "dollars a job")


def table(rows: Iterable[tuple[str, Figures]]) -> Iterator[str]:
    """A line for the head and each row, in columns."""
    cells = [HEAD, *((name, *_cells(figures)) for name, figures in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for line in cells:
        yield "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()


def percent(figure: Figure) -> str:
    """As 46.6 % [40.1, 53.2]."""
    return f"{figure.value:.1%} [{figure.low:.1%}, {figure.high:.1%}]".replace("%]", "]").replace("%,", ",")


def _cells(figures: Figures) -> tuple[str, ...]:
    precision = figures.precision
    return (
        percent(figures.good),
        _number(figures.images, 2),
        f"{_number(precision, 2)} of {figures.accepted}" if precision else "nothing accepted",
        _number(figures.dollars, 3),
    )


def _number(figure: Figure, places: int) -> str:
    return f"{figure.value:.{places}f} [{figure.low:.{places}f}, {figure.high:.{places}f}]"
