"""The limit: GETs with aiohttp, the body read and dropped. See task.py for the command line."""

import asyncio

from aiohttp import ClientSession, TCPConnector

from tests.bench.polling.task import CONCURRENT, Laps, Task, report, task


async def main(given: Task) -> None:
    """All rounds; validators are kept and sent, since that is what makes the answers."""
    given.begin()
    laps, tags = Laps(), {}
    urls = given.rounds.urls(given.port)
    async with ClientSession(connector=TCPConnector(limit=CONCURRENT)) as session:
        for number in given.rounds.numbers:
            if number:
                given.tell("next")
            laps.start()
            await _round(session, urls, tags)
            laps.stop(given, number)
    report(laps, {})


async def _round(session: ClientSession, urls: list[str], tags: dict[str, str]) -> None:
    waiting = iter(urls)

    async def one_after_another() -> None:
        for url in waiting:
            headers = {"If-None-Match": tags[url]} if url in tags else {}
            async with session.get(url, headers=headers) as response:
                await response.read()
                if "ETag" in response.headers:
                    tags[url] = response.headers["ETag"]

    await asyncio.gather(*(one_after_another() for _ in range(CONCURRENT)))


if __name__ == "__main__":
    asyncio.run(main(task()))
