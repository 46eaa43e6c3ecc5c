"""A copy that is broken off at any moment is gone on with: the same result, nothing twice."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from agents.brokers.broker import Broker
from agents.brokers.log import Log
from agents.brokers.message import Outgoing
from tests.copying.made import ENTRIES, GROUP, STATES, copied, drop, made, rows, without_offsets

BATCH = 2
COUNT = 6
"""Messages per topic: three in each partition, a batch and half a one."""


class Killed(BaseException):
    """The moment at which a process would be gone: nothing of ours handles it."""


class Mortal:
    """A broker whose user is gone once so many messages were published by it."""

    def __init__(self, broker: Broker, messages: int) -> None:
        self._broker, self._left = broker, messages

    def __getattr__(self, name: str) -> Any:
        return getattr(self._broker, name)

    async def publish(self, messages: Sequence[Outgoing]) -> list[int]:
        taken = messages[: self._left]
        self._left -= len(taken)
        offsets = await self._broker.publish(taken) if taken else []
        if len(taken) < len(messages) or not self._left:
            raise Killed
        return offsets


async def undisturbed(source: Log, folder: Path) -> tuple[list[tuple[object, ...]], dict[Any, int], int]:
    """Rows and places of a copy in one go, and how many messages it published."""
    log = Log(folder / "undisturbed.db")
    await copied(source, log, BATCH)
    found = rows(log.path), await log.committed(GROUP), await log.appended()
    await log.close()
    return found


async def die_after(source: Log, target: Log, messages: int) -> bool:
    """Whether a copy that may publish so many messages is broken off."""
    try:
        await copied(source, Mortal(target, messages), BATCH)  # type: ignore[arg-type]
    except Killed:
        return True
    return False


@pytest.mark.parametrize("gaps", [False, True], ids=["dense", "gaps"])
async def test_broken_off_after_any_message(tmp_path: Path, gaps: bool) -> None:
    """Whichever message of a batch or of the progress was the last one, going on gives the same rows."""
    source = await made(tmp_path / "source.db", COUNT)
    if gaps:
        drop(source.path, ENTRIES, 1, [0, 2])
        drop(source.path, STATES, 0, [1])
    wanted, places, published = await undisturbed(source, tmp_path)
    for messages in range(published):
        target = Log(tmp_path / f"target-{messages}.db")
        assert await die_after(source, target, messages)
        await copied(source, target, BATCH)
        assert rows(target.path) == wanted
        assert await target.committed(GROUP) == places
        await target.close()
    await source.close()


async def test_broken_off_again_and_again(tmp_path: Path) -> None:
    """A copy that dies every few messages comes to its end, and to the same rows."""
    source = await made(tmp_path / "source.db", COUNT)
    wanted, places, _ = await undisturbed(source, tmp_path)
    target = Log(tmp_path / "target.db")
    deaths = 0
    while await die_after(source, target, 3):
        deaths += 1
    assert deaths > 15
    assert (rows(target.path), await target.committed(GROUP)) == (wanted, places)
    await source.close()
    await target.close()


async def test_compaction_between_two_attempts(tmp_path: Path) -> None:
    """What the source or the target drops after a copy was broken off makes nothing come twice or be lost."""
    source = await made(tmp_path / "source.db", COUNT)
    wanted, _, published = await undisturbed(source, tmp_path)
    for messages in range(0, published, 3):
        own = await copy_of(source, tmp_path / f"source-{messages}.db")
        target = Log(tmp_path / f"target-{messages}.db")
        assert await die_after(own, target, messages)
        drop(own.path, ENTRIES, 1, [0, 1])
        if ENTRIES in await target.topics():
            drop(target.path, ENTRIES, 1, [0, 1])
        await copied(own, target, BATCH)
        found = [row for row in rows(target.path) if row[:2] == (ENTRIES, 1)]
        expected = [row for row in wanted if row[:2] == (ENTRIES, 1)]
        assert without_offsets(found) == without_offsets(expected)[2:]
        await own.close()
        await target.close()
    await source.close()


async def copy_of(source: Log, path: Path) -> Log:
    """The same log in another file: made in the same way, message by message."""
    log = await made(path, COUNT)
    assert rows(path) == rows(source.path)
    return log
