"""The peer: the work on quix-streams: `python -m tests.bench.kafka.quix SERVERS PREFIX FOLDER`.

Rows are bytes in its state store (RocksDB, with a changelog), per key. At every checkpoint it flushes what
was produced, then the store, then commits: at least once. It leaves out what work.py leaves out.
"""

import sys
from collections.abc import Sequence
from typing import Any

from quixstreams import Application, State
from quixstreams.models.serializers.base import Serializer

from agents.brokers.message import Outgoing
from tests.bench.kafka.work import COMMIT_SECONDS, LINGER_MS, apply, rules

GROUP = "quix"
ROW = "row"


class Value(Serializer):  # type: ignore[misc]
    """The bytes of an output; topic, key and headers are taken from it beforehand."""

    def __call__(self, value: Outgoing, ctx: Any) -> bytes:  # noqa: ARG002
        return value.value or b""


def main(servers: str, prefix: str, folder: str, topics: Sequence[str]) -> None:
    """Work until SIGTERM. `topics` are those that outputs go to."""
    app = Application(
        servers,
        consumer_group=prefix + GROUP,
        auto_offset_reset="earliest",
        commit_interval=COMMIT_SECONDS,
        processing_guarantee="at-least-once",
        producer_extra_config={"acks": "all", "linger.ms": LINGER_MS, "partitioner": "murmur2_random"},
        state_dir=folder,
        loglevel="WARNING",
    )
    outputs = {name: app.topic(name, value_serializer=Value()) for name in topics}
    known = rules()

    def work(value: bytes, key: bytes, _time: int, _headers: Any, state: State) -> list[Outgoing]:
        row, found = apply(key, value, state.get_bytes(ROW), known, prefix)
        state.set_bytes(ROW, row)
        return found

    (
        app.dataframe(app.topic(prefix + "entries", value_deserializer="bytes"))
        .apply(work, stateful=True, expand=True, metadata=True)
        .set_headers(lambda one, *_: list(one.headers))
        .to_topic(lambda one, *_: outputs[one.topic], key=lambda one: one.key)
    )
    app.run()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:])
