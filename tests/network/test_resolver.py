"""The system's resolver: so many look-ups at once, and none that the end of the process waits for."""

import asyncio
import socket
import subprocess
import sys
import time
from pathlib import Path
from threading import Event, Semaphore

import pytest

from agents.http.resolver import SystemResolver

ROOT = Path(__file__).resolve().parents[2]
HANGING = """
import asyncio, socket, time
from agents.http.fetcher import Get
from agents.http.session import open_fetcher
from config.settings import Settings

socket.getaddrinfo = lambda *_, **__: time.sleep(120)

async def ask():
    async with open_fetcher(Settings(fetch_timeout=0.3, fetchers=2)) as fetcher:
        urls = [f"http://h{number}.example/" for number in range(4)]
        found = await asyncio.gather(*(fetcher.fetch(Get(url)) for url in urls))
    print(*(one.why.reason for one in found))

asyncio.run(ask())
"""


def test_the_end_of_the_process_waits_for_no_name() -> None:
    """A process whose look-ups hang ends when it has nothing else to do."""
    begun = time.monotonic()
    ended = subprocess.run(
        [sys.executable, "-c", HANGING], cwd=ROOT, capture_output=True, timeout=60, check=True
    )
    assert ended.stdout.decode().split() == ["timed-out"] * 4
    assert ended.stderr == b""
    assert time.monotonic() - begun < 30


async def test_so_many_names_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A look-up that was given up keeps its place until it ends; then the next name has it."""
    begun: list[str] = []
    running, hold = Semaphore(0), Event()

    def slow(host: str, *_: object, **__: object) -> list[object]:
        begun.append(host)
        running.release()
        hold.wait(30)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("192.0.2.1", 80))]

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    resolver = SystemResolver(2)
    names = [asyncio.create_task(resolver.resolve(host, 80)) for host in ("a", "b", "c")]
    for _ in range(2):
        await asyncio.to_thread(running.acquire)
    names[0].cancel()
    await asyncio.sleep(0.1)
    assert sorted(begun) == ["a", "b"]
    hold.set()
    found = await asyncio.gather(*names[1:])
    assert [one["hostname"] for (one,) in found] == ["b", "c"]


async def test_a_name_without_addresses_is_an_error() -> None:
    """What the system says of a name that is none comes back as it is, and the place is free again."""
    resolver = SystemResolver(1)
    for host in ("a" * 64 + ".example", "a..b"):
        with pytest.raises(OSError):
            await resolver.resolve(host)
    assert (await resolver.resolve("127.0.0.1", 80))[0]["host"] == "127.0.0.1"
