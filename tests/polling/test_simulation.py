"""Polling through simulated days, undisturbed and killed: nothing lost, losses told, nobody pressed.

`make week` runs 200 feeds for a week; the figures of the last run stand in docs/bench.md.
"""

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.polling.judge import Verdict, judged
from tests.polling.simulation import requests
from tests.polling.world import world
from tests.whole.command import ROOT, environment

SEED = 5


def simulation(folder: Path, feeds: int, days: float, until: float) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.polling.simulation", "--folder", str(folder), "--seed", str(SEED)]
    command += ["--feeds", str(feeds), "--days", str(days), "--until", str(until)]
    return subprocess.Popen(command, cwd=ROOT, env=environment(), stderr=subprocess.PIPE)


def finished(process: subprocess.Popen[bytes], seconds: float = 300) -> None:
    _, told = process.communicate(timeout=seconds)
    assert process.returncode == 0, told.decode()[-2_000:]


def assert_honest(verdict: Verdict) -> None:
    """What must hold of any run: all that stood in a feed was sent, once seen; all losses were told."""
    assert verdict.missing == ()
    assert verdict.invented == ()
    assert verdict.unnoted == ()
    assert verdict.false_notes == ()
    assert verdict.too_soon == ()
    assert verdict.host_too_soon == ()


async def test_two_days_of_many_feeds(tmp_path: Path) -> None:
    """Every entry that stood in a feed at a poll is sent; each provoked loss has its note, and no other;
    no feed and no host is asked within its pace; news is found soon."""
    feeds, days = 40, 2.0
    finished(simulation(tmp_path, feeds, days, days * 86_400))
    verdict = await judged(tmp_path, world(SEED, feeds, days), days)
    assert_honest(verdict)
    assert verdict.cut_short == 0
    assert verdict.losses >= 2, "the world provokes losses"
    assert verdict.polls > feeds * 24 and verdict.share_304 > 0.1
    assert verdict.mean_delay < 1_800
    assert verdict.polls_per_feed_day < 100


async def test_an_hour_killed_at_random_moments(tmp_path: Path) -> None:
    """A worker killed with -9 again and again during an hour goes on where it was: nothing is lost, nobody
    is asked again within the pace, and validators are sent that were given before the kill."""
    feeds, days, end, luck = 30, 1 / 12, 7_200.0, random.Random(SEED)
    kills = 0
    for _ in range(60):
        process = simulation(tmp_path, feeds, days, end)
        asked = len(requests(tmp_path))
        if kills == 8:
            finished(process)
            break
        kills += killed_after(process, tmp_path, asked + luck.randint(1, 25), luck.uniform(0, 0.05))
    assert kills == 8, "the world was over before the kills were"
    verdict = await judged(tmp_path, world(SEED, feeds, days), days)
    assert_honest(verdict)
    assert verdict.polls > feeds and verdict.cut_short <= 8 * 16
    seen = requests(tmp_path)
    with_validators = [one for one in seen if one.conditional]
    assert len(with_validators) > feeds / 4


def killed_after(process: subprocess.Popen[bytes], folder: Path, asked: int, wait: float) -> int:
    """Kill once so many requests were made, and a moment later; 1, or 0 if it was over before."""
    until = time.monotonic() + 60
    while process.poll() is None and len(requests(folder)) < asked:
        if time.monotonic() > until:
            pytest.fail("no requests for a minute")
        time.sleep(0.005)
    time.sleep(wait)
    over = process.poll() is not None
    process.kill()
    process.communicate()
    return 0 if over else 1
