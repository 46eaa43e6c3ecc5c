"""What a worker that polled a living world left behind, held beside the world: prints JSON.

`python -m tests.bench.polling.verdict PORT SEED FEEDS DAYS FOLDER list` writes the list of feeds beforehand;
`day` judges the simulated days, before the real minutes, `minutes` those.
"""

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from statistics import quantiles
from typing import Any

import orjson

from agents.brokers.broker import open_broker
from agents.polling.remember import KIND
from agents.scan import scan
from agents.topics import ENTRIES, FEED_POLLS
from pipeline.poll.opml import write_opml
from pipeline.poll.spec import FeedSpec
from tests.bench.polling.living import publishers
from tests.bench.polling.worker import settings_of
from tests.polling.judge import judged
from tests.polling.simulation import requests
from tests.polling.world import START, Publisher

FAULTS = ("missing", "invented", "unnoted", "false_notes", "too_soon", "host_too_soon")


def listed(found: Sequence[Publisher], folder: Path) -> dict[str, Any]:
    """Write the list of feeds."""
    specs = [FeedSpec(one.url, title=one.host, language="en") for one in found]
    settings_of(folder).feeds_file.write_bytes(write_opml(specs, "Living"))
    return {}


async def day(found: Sequence[Publisher], folder: Path, days: float) -> dict[str, Any]:
    """The judge's verdict on the simulated days; of what must not be, some cases."""
    verdict = asdict(await judged(folder, found, days))
    faults = {name: len(verdict.pop(name)) for name in FAULTS if name in verdict}
    polls, late = await _lateness(folder, START - timedelta(seconds=1))
    size = (folder / "log.db").stat().st_size
    return verdict | {"faults": faults, "remembered": polls, "late": late, "log": size}


async def minutes(found: Sequence[Publisher], folder: Path, days: float) -> dict[str, Any]:
    """Every request of the real minutes is remembered, and every entry that stood there was sent."""
    since = START + timedelta(days=days)
    polls, late = await _lateness(folder, since)
    asked = [one for one in requests(folder) if one.at > days * 86_400]
    sent = await _sent(folder)
    by_url = {one.url: one for one in found}
    shown = {
        (one.feed, number)
        for one in asked
        if one.status in (200, 304)
        for number in range(max(0, one.out - by_url[one.feed].window), one.out)
    }
    faults = {"missing": len(shown - sent), "requests that are not remembered": len(asked) - polls}
    return {"polls": len(asked), "faults": faults, "remembered": polls, "late": late}


async def _lateness(folder: Path, since: datetime) -> tuple[int, list[float]]:
    """Polls since then, and the 50th, 99th and 100th percentile of how late feeds were asked (seconds)."""
    broker, due = open_broker(settings_of(folder).broker), dict[bytes, datetime]()
    late, polls = [], 0
    try:
        async for message in scan(broker, settings_of(folder).topic_prefix + FEED_POLLS.name):
            kind, feed = dict(message.headers)[KIND], message.key or b""
            if kind == b"asked":
                asked, expected = (
                    datetime.fromisoformat(orjson.loads(message.value or b"")),
                    due.pop(feed, None),
                )
                if expected is not None and asked > since:
                    late.append((asked - expected).total_seconds())
            elif kind == b"state":
                state = orjson.loads(message.value or b"")
                due[feed] = datetime.fromisoformat(state["due"])
                polls += datetime.fromisoformat(state["asked"]) > since
    finally:
        await broker.close()
    cuts = quantiles(late, n=100, method="inclusive") if len(late) > 1 else [0.0] * 99
    return polls, [cuts[49], cuts[98], max(late, default=0.0)]


async def _sent(folder: Path) -> set[tuple[str, int]]:
    broker = open_broker(settings_of(folder).broker)
    try:
        found = set()
        async for message in scan(broker, settings_of(folder).topic_prefix + ENTRIES.name):
            entry = orjson.loads(message.value or b"")
            found.add((entry["feed"], int(entry["guid"].rpartition("/")[2])))
        return found
    finally:
        await broker.close()


def main() -> None:
    """The command line."""
    port, seed, feeds, days, place, what = sys.argv[1:]
    found, folder = publishers(int(seed), int(feeds), float(days), int(port)), Path(place)
    if what == "list":
        sys.stdout.buffer.write(orjson.dumps(listed(found, folder)))
    else:
        judge = day if what == "day" else minutes
        sys.stdout.buffer.write(orjson.dumps(asyncio.run(judge(found, folder, float(days)))))


if __name__ == "__main__":
    main()
