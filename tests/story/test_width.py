"""The width of printed text: the terminal's, within bounds."""

import os
import subprocess
import sys

import pytest

from agents.cli.width import LEAST, MOST, USUAL

SHOW = [sys.executable, "-c", "from agents.cli.width import line_width, width; print(width(), line_width())"]


@pytest.mark.parametrize(("columns", "shown"), [(80, 80), (40, LEAST), (200, MOST)])
def test_a_terminal_decides(columns: int, shown: int) -> None:
    """A terminal's columns are used, no fewer and no more than can be read."""
    pty, termios, fcntl, struct = (
        pytest.importorskip(name) for name in ("pty", "termios", "fcntl", "struct")
    )
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    known = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
    subprocess.run(SHOW, stdout=theirs, env=known, check=True)
    os.close(theirs)
    assert os.read(ours, 100).decode().split() == [str(shown), str(shown)]
    os.close(ours)


def test_without_a_terminal_it_is_fixed() -> None:
    """Into a file or pipe goes text of the usual width, and lines of one piece stay whole."""
    done = subprocess.run(
        SHOW, capture_output=True, check=True, text=True, env={**os.environ, "COLUMNS": "70"}
    )
    assert done.stdout.split() == [str(USUAL), "None"]
