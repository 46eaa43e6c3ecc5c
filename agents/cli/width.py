"""The width of the text that commands print."""

import sys
from shutil import get_terminal_size

USUAL = 100
"""Columns where standard output is no terminal: a file, a pipe."""
LEAST, MOST = 60, 120
"""Bounds: below, a figure no longer fits its line; above, the eye loses the line it is on."""


def width() -> int:
    """Columns of the terminal, within bounds; the variable COLUMNS outranks what the terminal says."""
    if not sys.stdout.isatty():
        return USUAL
    return min(MOST, max(LEAST, get_terminal_size((USUAL, 24)).columns))


def line_width() -> int | None:
    """Columns for what must stay on one line; None where no terminal would break it: it is left whole."""
    return width() if sys.stdout.isatty() else None
