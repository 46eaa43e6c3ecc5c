"""What a measured program is given, how it goes through the rounds, and what it prints in the end.

`python -m tests.bench.polling.PROGRAM PORT FEEDS LATER VALIDATORS FOLDER [...]`
"""

import http.client
import resource
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

import orjson

from tests.bench.polling.rounds import HOSTS, Rounds
from tests.bench.polling.server import CONTROL

CONCURRENT = 32
"""Requests at once, of whoever makes more than one."""


@dataclass(frozen=True, slots=True)
class Task:
    """Poll these feeds of the server at `port`; files go below `folder`, which exists."""

    port: int
    rounds: Rounds
    validators: bool
    folder: Path

    def tell(self, command: str) -> bytes:
        """A command to the server, whose CPU is somebody else's."""
        return tell(self.port, command)

    def begin(self) -> None:
        """The server is to begin anew."""
        self.tell(f"begin?validators={int(self.validators)}")


@dataclass(slots=True)
class Part:
    """What some rounds took of this process; and the statuses that were answered."""

    wall: float = 0.0
    cpu: float = 0.0
    statuses: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Laps:
    """Seconds of wall and CPU, all threads: between `start` and `stop`, and nothing of what lies around."""

    first: Part = field(default_factory=Part)
    settling: Part = field(default_factory=Part)
    later: Part = field(default_factory=Part)
    _since: tuple[float, float] = (0.0, 0.0)

    def part(self, number: int) -> Part:
        """Which the round of this number belongs to."""
        return (self.first, self.settling, self.later)[min(number, 2)]

    def start(self) -> None:
        """A round begins."""
        self._since = _now()

    def stop(self, task: Task, number: int) -> None:
        """The round of this number is done."""
        part = self.part(number)
        wall, cpu = _now()
        part.wall += wall - self._since[0]
        part.cpu += cpu - self._since[1]
        for status, count in orjson.loads(task.tell("counts")).items():
            part.statuses[status] = part.statuses.get(status, 0) + count


def task() -> Task:
    """The command line."""
    port, feeds, later, validators, folder = sys.argv[1:6]
    return Task(int(port), Rounds(int(feeds), int(later)), validators == "1", Path(folder))


def tell(port: int, command: str) -> bytes:
    """A command to the server at a port of loopback. Raises OSError."""
    connection = http.client.HTTPConnection(HOSTS[0], port, timeout=60)
    connection.request("GET", CONTROL + command)
    answer = connection.getresponse().read()
    connection.close()
    return answer


def report(laps: Laps, found: Mapping[str, object]) -> None:
    """Print what was measured, and what was found out."""
    parts = {name: asdict(getattr(laps, name)) for name in ("first", "settling", "later")}
    sys.stdout.buffer.write(orjson.dumps(parts | dict(found)))


def _now() -> tuple[float, float]:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return time.perf_counter(), used.ru_utime + used.ru_stime
