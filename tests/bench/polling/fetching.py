"""storywire's fetcher alone: guard, bounds, decompression, and nothing done with what comes. See task.py."""

import asyncio

from agents.http.fetcher import Fetcher, Get
from agents.http.session import open_fetcher
from pipeline.poll.answer import Fetched
from tests.bench.polling.task import CONCURRENT, Laps, Task, report, task
from tests.bench.polling.worker import settings_of


async def main(given: Task) -> None:
    """All rounds, as bare.py goes through them."""
    given.begin()
    laps, tags = Laps(), {}
    urls = given.rounds.urls(given.port)
    async with open_fetcher(settings_of(given.folder)) as fetcher:
        for number in given.rounds.numbers:
            if number:
                given.tell("next")
            laps.start()
            await _round(fetcher, urls, tags)
            laps.stop(given, number)
    report(laps, {})


async def _round(fetcher: Fetcher, urls: list[str], tags: dict[str, str]) -> None:
    waiting = iter(urls)

    async def one_after_another() -> None:
        for url in waiting:
            found = await fetcher.fetch(Get(url, headers={"If-None-Match": tags[url]} if url in tags else {}))
            assert isinstance(found, Fetched), found
            if found.answer.etag:
                tags[url] = found.answer.etag

    await asyncio.gather(*(one_after_another() for _ in range(CONCURRENT)))


if __name__ == "__main__":
    asyncio.run(main(task()))
