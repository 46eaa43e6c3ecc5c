"""Starts a server in a process of its own for as long as it is needed."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.children import MODULE, ROOT, environment


@contextmanager
def served(module: str, folder: Path, *words: object) -> Iterator[int]:
    """The port of `python -m tests.bench.polling.MODULE WORDS`. Raises ValueError if it does not come up."""
    said = folder / "server-stderr"
    with said.open("wb") as stderr:
        command = [*MODULE, f"tests.bench.polling.{module}", *map(str, words)]
        server = subprocess.Popen(command, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, stderr=stderr)
    assert server.stdout is not None
    try:
        line = server.stdout.readline()
        if not line:
            raise ValueError(f"{module} did not start: {said.read_text('utf-8', 'replace')[-2_000:]}")
        yield int(line)
    finally:
        server.kill()
        server.communicate()
