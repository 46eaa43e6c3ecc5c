"""One run of a program: started, warmed up, loaded, waited for, stopped, and what it published."""

import asyncio
import shutil
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from agents.brokers.broker import Broker
from agents.scan import scan
from pipeline.rules import Rules
from tests.bench.kafka.place import LOOK_SECONDS, Place, Record, load, place
from tests.bench.kafka.processes import Process
from tests.bench.kafka.programs import WHOLE, Program
from tests.bench.published import Published

WARM = 100
"""Entries that are done before the measuring begins: models are loaded and partitions settled by then."""
PATIENCE = 1_800.0
"""Seconds for a whole run; whoever takes longer has failed."""


@dataclass(frozen=True, slots=True)
class Course:
    """`wall` is from the first entry's time to the last output's, `cpu` and `peak` of all processes.

    `delays` are seconds from each entry after the warm-up to its event.
    """

    wall: float
    cpu: float
    peak: float
    entries: int
    found: Published
    delays: Sequence[float]
    said: str


def run(servers: str, folder: Path, rules: Rules, program: Program, records: Sequence[Record],
        rate: float = 0) -> Course:  # fmt: skip
    """A program on topics of its own, from nothing to all entries done. Raises ChildFailed."""
    shutil.rmtree(folder, ignore_errors=True)
    try:
        return asyncio.run(_run(servers, folder, rules, program, records, rate))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def _run(servers: str, folder: Path, rules: Rules, program: Program, records: Sequence[Record],
               rate: float) -> Course:  # fmt: skip
    where = await place(servers, rules)
    warm = min(WARM, len(records) // 2)
    try:
        with ExitStack() as held:
            processes = [held.enter_context(one) for one in program.start(where, folder)]
            await settled(where, program, processes)
            load(servers, where.entries, records[:warm])
            await done(where, program, processes)
            before = sum(one.cpu for one in processes)
            began = await asyncio.to_thread(load, servers, where.entries, records[warm:], rate)
            await done(where, program, processes)
            cpu = sum(one.cpu for one in processes) - before
            peak = sum(one.peak for one in processes)
            said = "".join(one.stop() for one in processes)
        outputs = await outputs_of(where)
        delays = await _delays(where, outputs, {one.key for one in records[:warm]})
        return Course(outputs.last - began, cpu, peak, len(records) - warm, outputs.found, delays, said)
    finally:
        await where.broker.close()


async def settled(where: Place, program: Program, processes: Sequence[Process]) -> None:
    """Wait until all processes share the partitions."""
    until = monotonic() + PATIENCE
    name = program.group(where)
    while await asyncio.to_thread(where.members, name) < program.workers:
        await _look(processes, until)


async def done(where: Place, program: Program, processes: Sequence[Process]) -> None:
    """Wait until everything on the topics that the program reads is committed."""
    until, name = monotonic() + PATIENCE, program.group(where)
    topics = [where.entries, *(where.outputs[-1:] if program.name == WHOLE else ())]
    for topic in topics:
        while await where.behind(name, topic):
            await _look(processes, until)


async def _look(processes: Sequence[Process], until: float) -> None:
    for one in processes:
        one.check()
    assert monotonic() < until, f"not done within {PATIENCE:g} s"
    await asyncio.sleep(LOOK_SECONDS)


@dataclass(frozen=True, slots=True)
class Outputs:
    """What was published; `last` is when the last of it was appended, `events` the first time by key."""

    found: Published
    last: float
    events: dict[bytes, float]


async def outputs_of(where: Place) -> Outputs:
    """Counted by id, as tests/bench/published.py does; what takes others back is left out."""
    ids: dict[str, set[bytes]] = {topic: set() for topic in where.outputs}
    keys: set[bytes] = set()
    events: dict[bytes, float] = {}
    last = 0
    for topic in where.outputs:
        async for message in scan(where.broker, topic):
            last = max(last, message.time)
            told = dict(message.headers)
            if b".retracted." in (told["ce_type"] or b""):
                continue
            ids[topic].add(told["ce_id"] or b"")
            key = message.key or b""
            if topic == where.outputs[0]:
                keys.add(key)
            elif topic != where.outputs[-1]:
                events[key] = min(message.time / 1000, events.get(key, message.time / 1000))
    revisions, *subjects, stories = (len(ids[topic]) for topic in where.outputs)
    letters = await _count(where.broker, f"{where.prefix}dead-letters")
    return Outputs(Published(len(keys), revisions, sum(subjects), stories, letters), last / 1000, events)


async def _count(broker: Broker, topic: str) -> int:
    starts, ends = await broker.starts(topic), await broker.ends(topic)
    return sum(ends.values()) - sum(starts.values())


async def _delays(where: Place, outputs: Outputs, warm: set[bytes]) -> list[float]:
    sent: dict[bytes, float] = {}
    async for message in scan(where.broker, where.entries):
        sent.setdefault(message.key or b"", message.time / 1000)
    return sorted(at - sent[key] for key, at in outputs.events.items() if key not in warm)
