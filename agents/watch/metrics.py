"""Metrics of a worker, in Prometheus' form: one registry for each worker, also for what polling counts."""

import time
from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from agents.brokers.errors import NeverError
from agents.watch.seen import Seen
from agents.watch.work import Work
from pipeline.outcome import Reason

SECONDS = (0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
"""A batch of 200 articles takes about 0.1 s; a broker's answer may take as long as `event_timeout`."""


class WorkerMetrics:
    """Each worker reports the partitions that it holds, so that sums over workers are those of the group.

    `stage` is article, follow, remember or read; `topic` one that they read, without prefix.
    """

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.works: dict[str, Work] = {}
        self._add_topics()
        self._add_work()
        self._add_worker()

    def _add_topics(self) -> None:
        of, topic = self.registry, ["topic"]
        self.lag = Gauge("storywire_lag", "Messages not yet processed.", topic, registry=of)
        self.oldest = Gauge(
            "storywire_oldest_waiting_seconds",
            "Age of the oldest message not yet processed.",
            topic,
            registry=of,
        )
        self.held = Gauge(
            "storywire_partitions_held", "Partitions that this worker reads.", topic, registry=of
        )
        self.committed = Counter(
            "storywire_committed", "Messages whose processing is committed.", topic, registry=of
        )
        self.last_commit = Gauge(
            "storywire_last_commit_timestamp_seconds", "When an offset moved last.", topic, registry=of
        )

    def _add_work(self) -> None:
        of = self.registry
        self.messages = Counter("storywire_messages", "Messages processed, by stage.", ["stage"], registry=of)
        self.batches = Histogram(
            "storywire_batch_seconds", "How long a batch took.", ["stage"], buckets=SECONDS, registry=of
        )
        self.dead_letters = Counter(
            "storywire_dead_letters",
            "Dead letters, by who gave up and why.",
            ["stage", "reason"],
            registry=of,
        )
        self.sent = Counter(
            "storywire_sent", "Messages that the broker confirmed or refused.", ["outcome"], registry=of
        )
        for outcome in ("confirmed", "refused"):
            self.sent.labels(outcome)

    def _add_worker(self) -> None:
        of = self.registry
        self.rebalances = Counter("storywire_rebalances", "Times that partitions were moved.", registry=of)
        self.remaining = Gauge(
            "storywire_recovery_remaining", "Records that the tables lack before work begins.", registry=of
        )
        self.stood = Gauge(
            "storywire_standing_seconds",
            "How long what should move has not; the watchdog ends it.",
            registry=of,
        )
        self.reached = Gauge(
            "storywire_broker_reached", "1 if the broker answered the last look, else 0.", registry=of
        )
        self.at_work = Gauge("storywire_at_work", "1 if /health says ok, else 0.", registry=of)

    def work(self, stage: str, topic: str) -> Work:
        """The account of a stage that reads `topic` (without prefix)."""
        for labelled in (self.lag, self.held, self.committed):
            labelled.labels(topic)
        work = self.works[topic] = Work(self.messages.labels(stage), self.batches.labels(stage))
        return work

    def buried(self, stage: str, reason: Reason) -> None:
        """A dead letter was made."""
        self.dead_letters.labels(stage, reason.value).inc()

    def answered(self, outcomes: Iterable[int | NeverError]) -> None:
        """The broker's last word on messages sent."""
        found = list(outcomes)
        refused = sum(isinstance(outcome, NeverError) for outcome in found)
        self.sent.labels("confirmed").inc(len(found) - refused)
        self.sent.labels("refused").inc(refused)

    def moved(self, topic: str, messages: int) -> None:
        """The worker committed an offset `messages` further on."""
        self.committed.labels(topic).inc(messages)
        self.last_commit.labels(topic).set_to_current_time()

    def show(self, seen: Seen, stood: float) -> None:
        """What a look has shown. Where nothing could be known the figures stay, and ages grow."""
        self.remaining.set(seen.remaining)
        self.stood.set(stood)
        self.reached.set(seen.reach is not None)
        if seen.reach is None:
            return
        for topic in self.works:
            reached = [seen.reach[place] for place in seen.held & seen.reach.keys() if place[0] == topic]
            self.held.labels(topic).set(len(reached))
            self.lag.labels(topic).set(sum(reach.waiting for reach in reached))
            oldest = [reach.oldest for reach in reached if reach.oldest is not None]
            self.oldest.labels(topic).set_function(Age(min(oldest, default=None)))


class Age:
    """Seconds since a moment (since 1970), at whatever moment it is asked for; 0 where there is none."""

    def __init__(self, since: float | None) -> None:
        self._since = since

    def __call__(self) -> float:
        return 0.0 if self._since is None else max(0.0, time.time() - self._since)
