"""The chaos run in small, on both engines: the very code of `make chaos`, for about a minute."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import orjson

from tests.chaos.chaos import Chaos, chaos
from tests.kafka.fixtures import Clusters

LIMIT = 300.0
"""Seconds in which each of these has ended whatever happens; a busy machine takes a third of it."""


async def judged(what: Chaos, figures: Callable[[str], None]) -> None:
    """Run it, print its figures, and hold it to everything."""
    async with asyncio.timeout(LIMIT):
        text, verdict = await chaos(what)
    figures(text)
    assert list(verdict.faults()) == []
    assert kinds(what.folder / "fold-storm") >= {"edited", "withdrawn", "ceasefire", "hostages", "rafah"}


def kinds(fold: Path) -> set[str]:
    """What the events of a fold tell of: subjects, and how events ended. Else this has shown nothing."""
    return set(filter(None, _kinds(fold)))


def _kinds(fold: Path) -> Iterator[str]:
    for line in (fold / "events.jsonl").read_bytes().splitlines():
        event = orjson.loads(line)
        yield event["ended"]
        yield event["subject"]


async def test_on_a_cluster(kafka_clusters: Clusters, tmp_path: Path, figures: Callable[[str], None]) -> None:
    """Three brokers and three workers, killed, told to end, joined and left: nothing is lost or differs."""
    cluster = kafka_clusters(brokers=3)
    await judged(Chaos("kafka", tmp_path, 3_000, 50, seed=3, cluster=cluster, patience=120), figures)


async def test_on_the_embedded_log(tmp_path: Path, figures: Callable[[str], None]) -> None:
    """The one worker killed with -9 again and again: nothing is lost or differs."""
    await judged(Chaos("sqlite", tmp_path, 3_000, 20, seed=3, patience=120), figures)
