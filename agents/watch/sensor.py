"""Hears from Faust itself when offsets are committed and partitions move."""
# ruff: noqa: ARG002  the signatures are Faust's

import logging
from typing import Any

import faust

from agents.watch.metrics import WorkerMetrics

# A sensor is a service, and tells when it starts and stops: of use to nobody at INFO.
logging.getLogger(__name__).setLevel(logging.WARNING)


class CommitSensor(faust.Sensor):  # type: ignore[misc]  # Faust is not followed by mypy
    """Counts what each commit moved. `prefix` is that of all topics."""

    def __init__(self, metrics: WorkerMetrics, prefix: str) -> None:
        super().__init__()
        self._metrics = metrics
        self._prefix = prefix

    def on_rebalance_start(self, app: Any) -> dict[str, Any]:
        self._metrics.rebalances.inc()
        return {}

    def on_commit_initiated(self, consumer: Any) -> dict[Any, int | None]:
        return dict(consumer._committed_offset)

    def on_commit_completed(self, consumer: Any, state: dict[Any, int | None]) -> None:
        for tp, offset in consumer._committed_offset.items():
            before = state.get(tp)
            topic = tp.topic.removeprefix(self._prefix)
            if before is not None and offset is not None and offset > before and topic in self._metrics.works:
                self._metrics.moved(topic, offset - before)
