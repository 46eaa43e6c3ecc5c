"""What is told of a worker: health, metrics, and the silence of its loop."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import orjson
import pytest

from agents.brokers.errors import MessageTooLarge
from agents.brokers.message import Outgoing
from agents.outbox import Outbox
from agents.watch.health import Health
from agents.watch.heart import Silence, listened
from agents.watch.metrics import WorkerMetrics
from agents.watch.probe import probe
from agents.watch.seen import Phase, Seen
from agents.watch.serve import served
from agents.watch.watch import Instruments, patience
from config.settings import Settings
from pipeline.outcome import Reason, Rejected
from tests.watch.looks import BLIND, OTHER, reach, running

WELL = running(reach(10, 12), reach(7, 7))


def instruments(now: float = 0.0) -> Instruments:
    """Those of a worker whose clock stands."""
    return Instruments(WorkerMetrics(), Health(120, clock=lambda: now))


@pytest.mark.parametrize(
    ("seen", "stuck", "ready", "live", "reason"),
    [
        pytest.param(None, "", 503, 200, "starting", id="starts"),
        pytest.param(WELL, "", 200, 200, None, id="at work"),
        pytest.param(replace(WELL, held=frozenset()), "", 200, 200, None, id="spare"),
        pytest.param(Seen(Phase.RECOVERING, reach={}), "", 503, 200, "recovering", id="recovers"),
        pytest.param(Seen(Phase.REBALANCING, reach={}), "", 503, 200, "rebalancing", id="rebalances"),
        pytest.param(BLIND, "", 503, 200, "the broker does not answer: no answer", id="no broker"),
        pytest.param(WELL, "no progress", 503, 503, "no progress", id="stuck"),
    ],
)
def test_health(seen: Seen | None, stuck: str, ready: int, live: int, reason: str | None) -> None:
    """Ready is who does its work; live is who need not be ended."""
    health = instruments().health
    if seen:
        health.look(seen, stuck)
    assert (health.ready().status, health.live().status) == (ready, live)
    assert health.ready().told.get("reason") == reason


def test_a_loop_that_does_not_turn_is_told() -> None:
    """Not ready after ten seconds, to be ended after the watchdog's patience."""
    now = [0.0]
    health = Health(120, clock=lambda: now[0])
    health.look(WELL, "")
    now[0] = 10.0
    assert health.ready().told["reason"] == "the event loop has not turned for 10 s"
    assert health.live().status == 200
    now[0] = 120.0
    assert health.live().status == 503
    health.beat()
    assert health.ready().status == 200


def test_silence_counts_only_what_was_listened_to() -> None:
    """A process that was stopped for an hour was silent for two ticks; a turn ends every silence."""
    silence = listened(Silence(5, 0.0), 5, 3_600.0)
    assert silence.seconds == 2
    assert listened(silence, 5, 3_601.0).seconds == 3
    assert listened(silence, 6, 3_601.0).seconds == 0


def test_patience_is_longer_than_a_broker_may_take() -> None:
    """A stage that waits for the broker's answer is not stuck before it gives up."""
    assert patience(Settings(stuck_after=10, event_timeout=50)) == 60
    assert patience(Settings(stuck_after=90, event_timeout=50)) == 90


@pytest.fixture
def site() -> Iterator[tuple[Instruments, str]]:
    """A served worker, and its address."""
    shown = instruments()
    with served(shown, "127.0.0.1:0") as port:
        yield shown, f"127.0.0.1:{port}"


def test_paths(site: tuple[Instruments, str], capsys: pytest.CaptureFixture[str]) -> None:
    """Health is JSON with a status that a supervisor understands, and a command asks for it."""
    shown, bind = site
    assert probe(bind, "/health") == 1
    assert orjson.loads(capsys.readouterr().out)["reason"] == "starting"
    shown.health.look(WELL, "")
    assert probe(bind, "/health") == probe(bind, "/live") == 0
    told = {"status": "ok", "phase": "running", "partitions": {"entries": 2}, "lag": {"entries": 2}}
    with urlopen(f"http://{bind}/health", timeout=5) as answer:
        assert orjson.loads(answer.read()) == told
    with urlopen(f"http://{bind}/metrics", timeout=5) as answer:
        assert b"storywire_rebalances_total 0.0" in answer.read()
    with pytest.raises(HTTPError, match="404"):
        urlopen(f"http://{bind}/", timeout=5)


def test_nobody_there_is_no_health(capsys: pytest.CaptureFixture[str]) -> None:
    """A port at which nobody listens ends the probe with 1."""
    with served(instruments(), "127.0.0.1:0") as port:
        pass
    assert probe(f"127.0.0.1:{port}", "/health") == 1
    assert "refused" in capsys.readouterr().out


def figure(metrics: WorkerMetrics, name: str, **labels: str) -> float | None:
    return metrics.registry.get_sample_value(name, labels)


def test_each_worker_reports_what_it_holds() -> None:
    """Lag of partitions that others hold is theirs to report, and the age is that of the oldest."""
    metrics = WorkerMetrics()
    metrics.work("article", "entries")
    metrics.show(replace(running(reach(10, 15), reach(1, 9)), held=frozenset({OTHER})), 3.0)
    assert figure(metrics, "storywire_lag", topic="entries") == 8
    assert figure(metrics, "storywire_partitions_held", topic="entries") == 1
    assert (figure(metrics, "storywire_oldest_waiting_seconds", topic="entries") or 0) > 1e9
    assert figure(metrics, "storywire_standing_seconds") == 3
    metrics.show(BLIND, 3.0)
    assert figure(metrics, "storywire_lag", topic="entries") == 8
    assert figure(metrics, "storywire_broker_reached") == 0


def test_a_batch_that_fails_does_not_count() -> None:
    """Messages and times are those of batches that ended well."""
    metrics = WorkerMetrics()
    work = metrics.work("article", "entries")
    with work.batch(3):
        work.part()
    with pytest.raises(OSError, match="broken"), work.batch(5):
        raise OSError("broken")
    assert (work.done.parts, work.done.messages) == (1, 3)
    assert figure(metrics, "storywire_messages_total", stage="article") == 3
    assert figure(metrics, "storywire_batch_seconds_count", stage="article") == 1


class Refusing:
    """A producer's side that takes dead letters and no other message."""

    async def send_claimed(self, topic: str, *_: object) -> "asyncio.Future[Any]":
        if topic != "t.dead-letters":
            raise MessageTooLarge("too large")
        taken: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        taken.set_result(SimpleNamespace(offset=0))
        return taken


async def test_dead_letters_are_counted_by_stage_and_reason() -> None:
    """What a stage rejects and what the broker refuses, each under its reason; both letters are confirmed."""
    metrics = WorkerMetrics()
    outbox = Outbox(SimpleNamespace(producer=Refusing()), "t.", 1, metrics)
    message = SimpleNamespace(topic="t.entries", partition=0, offset=7, headers=())
    event: Any = SimpleNamespace(message=message, key=b"k", value=b"v")
    rejected = outbox.dead_letter("article", Rejected(Reason.UNDECODABLE, "no entry"), event)
    await outbox.confirm("article", [rejected, outbox.sending(event, Outgoing("articles", b"k", b"v"))])
    for reason in ("undecodable", "oversize"):
        assert figure(metrics, "storywire_dead_letters_total", stage="article", reason=reason) == 1
    assert figure(metrics, "storywire_sent_total", outcome="confirmed") == 2
    assert figure(metrics, "storywire_sent_total", outcome="refused") == 1
