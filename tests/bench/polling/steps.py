"""Where the time of a poll goes: the program of storywire.py, polling alone, with counters around its steps.

Prints JSON: nanoseconds and calls by step, for the first round and for all later ones.
"""

import asyncio
import logging
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import orjson
from aiohttp.client_proto import ResponseHandler

import agents.polling.read
import pipeline.poll.look
from agents.brokers.accumulator import Accumulator
from agents.brokers.message import Outgoing
from agents.brokers.sqlite import Transport
from agents.brokers.statefile import StateFile
from agents.brokers.strict import StrictConsumer
from agents.brokers.writer import Writer
from agents.http.fetch import HttpFetcher
from agents.polling.outlet import Outlet
from agents.polling.read import Reader
from agents.polling.remember import KIND, RememberStage
from agents.polling.schedule import Schedule
from agents.rows import Rows
from tests.bench.counters import Counters
from tests.bench.polling import storywire
from tests.bench.polling.task import Laps, Task, task

REST = "Faust's streams, event loop, the rest"
ASKED, ENTRIES_SENT, RECORDS = (
    "log: send, that it is asked",
    "log: send, entries",
    "log: send, what it brought",
)
_STEPS = (
    ("schedule", Schedule, "_order", "_pause", "_follow"),
    ("fetch: request and body", HttpFetcher, "fetch"),
    ("fetch: bytes from the wire", ResponseHandler, "data_received"),
    ("parse", pipeline.poll.look, "parse_feed"),
    ("listing: unpack, pack", agents.polling.read, "unpack", "pack"),
    ("compare", pipeline.poll.look, "compare"),
    ("look: hash of the body, the rest", agents.polling.read, "look"),
    ("identity, encode entry", agents.polling.read, "prepare"),
    ("decide, notes", agents.polling.read, "decide"),
    ("encode state", agents.polling.read, "encode"),
    ("read, the rest of it", Reader, "__call__"),
    ("log: write (its thread)", Writer, "_transaction"),
    ("log: send, hand over", Accumulator, "hand_over"),
    ("log: read", Transport.Consumer, "fetch", "_to_message"),
    ("log: hand to streams", StrictConsumer, "_deliver"),
    ("log: commit", StrictConsumer, "_commit_offsets"),
    ("remember", RememberStage, "__call__"),
    ("tables and changelogs", Rows, "read", "write"),
    ("tables and changelogs", StateFile, "write"),
)
"""In the order of the flow. Beside them Outlet.confirm, whose step depends on what is sent."""
ORDER = (
    *dict.fromkeys(step for step, *_ in _STEPS[:11]),
    *(ASKED, ENTRIES_SENT, RECORDS),
    *dict.fromkeys(step for step, *_ in _STEPS[11:]),
)


@dataclass(slots=True)
class Counted(Laps):
    """Laps that keep what the counters count, each round's own."""

    counters: Counters = field(default_factory=Counters)
    spent: tuple[Counter[str], ...] = field(default_factory=lambda: (Counter(), Counter(), Counter()))
    calls: tuple[Counter[str], ...] = field(default_factory=lambda: (Counter(), Counter(), Counter()))

    def start(self) -> None:
        self.counters.spent.clear()
        self.counters.calls.clear()
        Laps.start(self)

    def stop(self, task: Task, number: int) -> None:
        part = self.part(number)
        before = part.cpu
        Laps.stop(self, task, number)
        place = min(number, 2)
        whole = round((part.cpu - before) * 1e9)
        self.spent[place].update(self.counters.spent)
        self.spent[place][REST] += whole - self.counters.spent.total()
        self.calls[place].update(self.counters.calls)


def install(counters: Counters) -> None:
    """Counters around every step of a poll, in the order of the flow."""
    for step, owner, *attributes in _STEPS:
        counters.count(step, owner, *attributes)
    counters.count(_sending, Outlet, "confirm")


def _sending(_outlet: Outlet, messages: Sequence[Outgoing]) -> str:
    """What is sent: the word that a feed is asked, entries, or what is remembered of it."""
    kinds = [value for message in messages for name, value in message.headers if name == KIND]
    if b"asked" in kinds:
        return ASKED
    return RECORDS if kinds else ENTRIES_SENT


def main(given: Task) -> None:
    """Poll with counters and print what they say."""
    laps = Counted()
    install(laps.counters)
    asyncio.run(storywire.main(given, whole=False, laps=laps))
    sys.stdout.buffer.write(orjson.dumps({"spent": _named(laps.spent), "calls": _named(laps.calls)}))


def _named(found: tuple[Counter[str], ...]) -> dict[str, dict[str, int]]:
    first, _, later = ({step: one[step] for step in (*ORDER, REST)} for one in found)
    return {"first": first, "later": later}


if __name__ == "__main__":
    logging.basicConfig(level=logging.ERROR)
    main(task())
