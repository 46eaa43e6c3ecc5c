"""Metrics of polling, in Prometheus' form, in the registry of the worker (agents/watch/metrics.py)."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

LATE = (0.5, 1, 2, 5, 10, 30, 60, 300, 900, 3_600)
"""Seconds after the moment a feed was due; the host's pace and busy slots are why."""


class Metrics:
    """What polling counts. `outcome` is a word of FeedState.outcome, `reason` a reason code."""

    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        self.registry = registry or CollectorRegistry()
        self.polls = Counter(
            "storywire_feed_polls", "Looks at feeds, by outcome.", ["outcome"], registry=self.registry
        )
        self.entries = Counter(
            "storywire_feed_entries", "Entries sent to the topic `entries`.", registry=self.registry
        )
        self.rejected = Counter(
            "storywire_feed_rejected",
            "What feeds lost on the way, by reason.",
            ["reason"],
            registry=self.registry,
        )
        self.notes = Counter(
            "storywire_feed_notes", "Notes about feeds, by kind.", ["kind"], registry=self.registry
        )
        self.late = Histogram(
            "storywire_feed_late_seconds",
            "How long after its due time a feed was asked.",
            buckets=LATE,
            registry=self.registry,
        )
        self.in_work = Gauge(
            "storywire_feeds_in_work", "Feeds being read at this moment.", registry=self.registry
        )
        self.feeds = Gauge("storywire_feeds", "Feeds by health.", ["health"], registry=self.registry)
