"""storywire's worker polls the feeds on a durable log. See task.py for the command line; then `alone`, where
nothing but polling is on the app, or `whole`, where the other stages work on the entries too.

HTTP is real. The time is real as well, but that it moves on by hours from one round to the next.
"""

import asyncio
import logging
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from agents.brokers.broker import Broker, open_broker
from agents.drain import drained
from agents.generations import current, group
from agents.http.session import open_fetcher
from agents.polling.feeds_file import FeedsFile
from agents.polling.polling import Polling, Sources
from agents.scan import scan
from agents.topics import ENTRIES, FEED_NOTES, FEED_POLLS, flow_topics
from agents.worker import prepared, running
from config.settings import Settings
from pipeline.poll.opml import write_opml
from pipeline.poll.spec import FeedSpec
from pipeline.rules import Rules
from tests.bench.polling.rounds import ROUND, START
from tests.bench.polling.task import Laps, Task, report, task
from tests.bench.polling.worker import MovedClock, alone, quiet, rules_of, settings_of


async def main(given: Task, whole: bool, laps: Laps) -> dict[str, int]:
    """All rounds; what is on the log and in the feeds' states in the end."""
    settings = settings_of(given.folder, host_pace=0)
    specs = [FeedSpec(url) for url in given.rounds.urls(given.port)]
    settings.feeds_file.write_bytes(write_opml(specs, "Measured"))
    rules, clock = rules_of(settings), MovedClock(START)
    broker = open_broker(settings.broker)
    try:
        settings = await prepared(broker, settings, rules)
        async with open_fetcher(settings, clock=clock) as fetcher:
            sources = Sources(FeedsFile(settings.feeds_file), fetcher, lambda: "token", clock)
            async with _worker(whole, settings, rules, broker, sources) as polling:
                await _rounds(given, polling, clock, laps, broker, settings, whole)
                return _states(polling) | await _counted(broker, settings.topic_prefix)
    finally:
        await broker.close()


@asynccontextmanager
async def _worker(
    whole: bool, settings: Settings, rules: Rules, broker: Broker, sources: Sources
) -> AsyncIterator[Polling]:
    if not whole:
        async with alone(settings, rules, broker, sources) as polling:
            yield polling
        return
    async with running(settings, rules, broker, sources=sources) as worker:
        assert worker.polling is not None
        yield worker.polling


async def _rounds(
    given: Task,
    polling: Polling,
    clock: MovedClock,
    laps: Laps,
    broker: Broker,
    settings: Settings,
    whole: bool,
) -> None:
    """Each round from its first order until everything that it leads to is on the log and committed."""
    prefix = settings.topic_prefix
    name = group(prefix, await current(broker, prefix))
    topics = [prefix + topic for topic in (FEED_POLLS.name, *(flow_topics() if whole else ()))]
    given.begin()
    for number in given.rounds.numbers:
        if number:
            given.tell("next")
        clock.move(START + number * ROUND)
        laps.start()
        polling.begin()
        await quiet(polling, clock)
        await drained(broker, name, topics, lambda _: None)
        laps.stop(given, number)


def _states(polling: Polling) -> dict[str, int]:
    counts = [state.counts for state in polling.desk.states()]
    return {
        "polls": sum(one.polls for one in counts),
        "not_modified": sum(one.not_modified for one in counts),
        "same_body": sum(one.same_body for one in counts),
        "failures": sum(one.failures for one in counts),
    }


async def _counted(broker: Broker, prefix: str) -> dict[str, int]:
    """Entries by key, so that one that was sent twice counts once; and notes."""
    found: Counter[bytes | None] = Counter()
    async for message in scan(broker, prefix + ENTRIES.name):
        found[message.key] += 1
    notes = [message async for message in scan(broker, prefix + FEED_NOTES.name)]
    return {"entries": len(found), "sent": found.total(), "notes": len(notes)}


if __name__ == "__main__":
    logging.basicConfig(level=logging.ERROR)
    measured = Laps()
    report(measured, asyncio.run(main(task(), sys.argv[6] == "whole", measured)))
