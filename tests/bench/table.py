"""Plain text tables that fit 100 columns."""

from collections.abc import Sequence

WIDTH = 100


def table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]], *notes: str) -> str:
    """A titled table, first column to the left, the others to the right, with notes below it."""
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    lines = [_line(row, widths) for row in (head, ["-" * width for width in widths], *rows)]
    assert max(map(len, lines)) <= WIDTH, f"{title}: wider than {WIDTH} columns"
    return "\n".join([title, *lines, *notes, ""])


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *rest = zip(cells, widths, strict=True)
    return "  ".join([first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in rest)]).rstrip()


def aimed(value: float, aim: float, *, at_least: bool) -> str:
    """Whether an aim is met, in words."""
    met = value >= aim if at_least else value <= aim
    return f"{'>=' if at_least else '<='} {aim:,g} {'met' if met else 'MISSED'}"
