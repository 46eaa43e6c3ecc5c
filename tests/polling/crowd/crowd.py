"""Workers as processes that come and go at drawn moments, while the feeds watch who asks."""

import asyncio
import random
import signal
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from agents.brokers.broker import open_broker
from agents.worker import prepared
from config.load import load_rules
from pipeline.poll.opml import write_opml
from pipeline.poll.spec import FeedSpec
from pipeline.rules import Rules
from tests.polling.crowd.feeds import Feeds, publishers, serving
from tests.polling.crowd.judge import Judge, Verdict
from tests.polling.crowd.worker import SESSION, settings_of
from tests.polling.held import FastClock
from tests.polling.world import START

ROOT = Path(__file__).resolve().parents[3]
MOST = 60
"""Workers that may be begun in all: each has an address of its own."""


@dataclass(frozen=True)
class Course:
    """How long, in seconds of the machine, and with how many of all. `speed`: virtual seconds in one."""

    seconds: float = 30
    feeds: int = 300
    workers: int = 3
    seed: int = 1
    speed: float = 60
    settle: float = 90


@dataclass
class Crowd:
    """The workers that run, by number."""

    command: list[str]
    log: Path
    numbers: "count[int]" = field(default_factory=lambda: count(2))
    running: dict[int, asyncio.subprocess.Process] = field(default_factory=dict)
    done: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    async def join(self) -> None:
        number = next(self.numbers)
        with self.log.open("ab") as log:
            self.running[number] = await asyncio.create_subprocess_exec(
                *self.command, "--number", str(number), cwd=ROOT, stdout=log, stderr=log
            )
        self.done["joined"] += 1

    async def leave(self, number: int) -> None:
        """SIGTERM, and a clean end within a time that a supervisor gives; one that is still starting may end
        by the signal itself."""
        process = self.running.pop(number)
        process.terminate()
        try:
            code = await asyncio.wait_for(process.wait(), 40)
        except TimeoutError:
            process.kill()
            code = await process.wait()
        if code not in (0, -signal.SIGTERM):
            self.wrong.append(f"worker {number} ended with {code} after SIGTERM")
        self.done["left"] += 1

    async def kill(self, number: int) -> None:
        process = self.running.pop(number)
        process.kill()
        await process.wait()
        self.done["killed"] += 1

    async def pause(self, number: int) -> None:
        """Stopped for longer than its session lasts: the group goes on without it."""
        process = self.running[number]
        process.send_signal(signal.SIGSTOP)
        await asyncio.sleep(SESSION + 3)
        process.send_signal(signal.SIGCONT)
        self.done["paused"] += 1

    async def end(self) -> None:
        await asyncio.gather(*(self.leave(number) for number in tuple(self.running)))


async def course(broker: str, folder: Path, prefix: str, plan: Course) -> Verdict:
    """Run it on a cluster, and judge."""
    clock = FastClock(plan.speed, START)
    begun = clock._begun
    days = (plan.seconds + plan.settle) * plan.speed / 86_400
    feeds = Feeds(publishers(plan.seed, plan.feeds, days), clock, random.Random(plan.seed))
    opml = folder / "feeds.opml"
    async with serving(feeds, [f"127.0.0.{number}" for number in range(1, MOST)]):
        opml.write_bytes(
            write_opml([FeedSpec(feeds.url(one), language="en") for one in feeds.publishers], "All")
        )
        settings = settings_of(broker, folder, 1, prefix, opml)
        opened = open_broker(broker, prefix=prefix)
        try:
            rules = load_rules(settings.config_dir)
            assert isinstance(rules, Rules)
            await prepared(opened, settings, rules)
            crowd = Crowd(_command(broker, folder, prefix, opml, plan, begun), folder / "workers.log")
            judge = Judge(opened, prefix, feeds, settings)
            try:
                await _disturbed(crowd, plan)
                await _settled(crowd, judge, feeds, plan)
            finally:
                await crowd.end()
            return await judge.verdict(crowd.done, crowd.wrong)
        finally:
            await opened.close()


def _command(broker: str, folder: Path, prefix: str, feeds: Path, plan: Course, begun: float) -> list[str]:
    of = {"broker": broker, "folder": folder, "prefix": prefix, "feeds": feeds}
    known = {**of, "speed": plan.speed, "begun": begun}
    return [sys.executable, "-m", "tests.polling.crowd.worker"] + [
        part for name, value in known.items() for part in (f"--{name}", str(value))
    ]


async def _disturbed(crowd: Crowd, plan: Course) -> None:
    """Begin with all workers; then something happens to one of them again and again."""
    luck = random.Random(plan.seed)
    for _ in range(plan.workers):
        await crowd.join()
    end = time.monotonic() + plan.seconds
    await asyncio.sleep(min(plan.seconds / 4, 15))
    while time.monotonic() < end:
        await _happens(crowd, luck, plan)
        await asyncio.sleep(luck.uniform(1, 8))


async def _happens(crowd: Crowd, luck: random.Random, plan: Course) -> None:
    number = luck.choice(sorted(crowd.running))
    what = luck.choice(("leave", "kill", "kill", "pause", "join"))
    if what != "join":
        await getattr(crowd, what)(number)
    while len(crowd.running) < plan.workers or (what == "join" and len(crowd.running) == plan.workers):
        await crowd.join()


async def _settled(crowd: Crowd, judge: Judge, feeds: Feeds, plan: Course) -> None:
    """Nothing is published any more, and nobody leaves: wait until all was asked for, and all is there."""
    feeds.frozen = feeds.at()
    end = time.monotonic() + plan.settle
    while time.monotonic() < end and not await judge.all_there():  # noqa: ASYNC110  looked for on a broker
        await asyncio.sleep(1)
