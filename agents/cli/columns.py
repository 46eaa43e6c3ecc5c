"""Columns of a table in plain text."""

from collections.abc import Sequence, Set


def columns(rows: Sequence[Sequence[str]], gap: int = 1, right: Set[int] = frozenset()) -> list[str]:
    """A line per row, each cell as wide as the widest of its column; those of columns in `right` stand right.

    All rows have the same number of cells.
    """
    widths = [max(map(len, cells)) for cells in zip(*rows, strict=True)]
    return [
        (" " * gap)
        .join(
            cell.rjust(width) if column in right else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        .rstrip()
        for row in rows
    ]
