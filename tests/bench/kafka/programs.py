"""The programs that stand beside each other: how each is started, and the group it reads as."""

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.bench.kafka.place import Place
from tests.bench.kafka.processes import Process

QUIX_PYTHON = "QUIX_PYTHON"
"""Names the interpreter of the environment that has quix-streams: its versions do not go with ours."""

RAW, QUIX, STAGE, WHOLE = "raw aiokafka", "quix-streams", "storywire, article stage", "storywire run"


@dataclass(frozen=True, slots=True)
class Program:
    """A program by its name. `within` is storywire's setting `batch_within`, where it is not its default."""

    name: str
    workers: int = 1
    within: float | None = None

    @property
    def title(self) -> str:
        """With what it is told."""
        return self.name if self.within is None else f"{self.name}, {self.within * 1000:g} ms"

    def group(self, place: Place) -> str:
        """The group that it reads as."""
        return {RAW: f"{place.prefix}raw", QUIX: f"{place.prefix}quix"}.get(self.name, place.worker)

    def start(self, place: Place, folder: Path) -> list[Process]:
        """Its processes, each with a folder of its own for its state."""
        return [self._start(place, folder / str(number)) for number in range(self.workers)]

    def _start(self, place: Place, folder: Path) -> Process:
        if self.name == WHOLE:
            return worker(place, folder)
        module = {RAW: "raw", QUIX: "quix", STAGE: "stage"}[self.name]
        words = [place.servers, place.prefix, str(folder.absolute())]
        words += place.outputs if self.name == QUIX else []
        words += [] if self.within is None else [str(self.within)]
        python = os.environ[QUIX_PYTHON] if self.name == QUIX else sys.executable
        path = str(Path(python).absolute()) if os.sep in python else python
        return Process([path, "-m", f"tests.bench.kafka.{module}", *words], folder)


def worker(place: Place, folder: Path) -> Process:
    """The worker as a user starts it, with its state in `folder`."""
    words = ["run", "--no-feeds", "--no-seeds", "--broker", f"kafka://{place.servers}"]
    words += ["--state-dir", str(folder.absolute() / "state")]
    command = [sys.executable, "-m", "agents.cli.main", *words]
    return Process(
        command,
        folder,
        STORYWIRE_TOPIC_PREFIX=place.prefix,
        STORYWIRE_LOG_LEVEL="warning",
    )


def side_by_side() -> Iterator[Program]:
    """One worker of each, the peer only where it is installed."""
    yield Program(RAW)
    if os.environ.get(QUIX_PYTHON):
        yield Program(QUIX)
    yield Program(STAGE)
    yield Program(WHOLE)
