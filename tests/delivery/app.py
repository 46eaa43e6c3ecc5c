"""The smallest app that does everything right: a stage with confirmed outputs and a table.

    python -m tests.delivery.app --broker sqlite:////tmp/log.db --state sqlite:////tmp/state.db --partitions 4

`in` (key -> text) is copied to `out`; the table holds per key how many messages it saw and the last
offset, so that a message applied again changes nothing. It ends by SIGTERM or SIGINT.
"""

import argparse
import asyncio
import signal
from collections.abc import Sequence
from typing import Any

import faust
import orjson

from agents.brokers import sqlite
from agents.brokers.broker import log_path, open_broker
from agents.brokers.errors import BrokerError
from agents.brokers.kafka import transport as kafka
from agents.brokers.message import Outgoing
from agents.brokers.topic import TopicConfig
from agents.sending import confirm_all
from agents.tables import rows_of, write_row

GROUP = "copier"
NAMES = ("in", "out", f"{GROUP}-seen-changelog")


def create_app(broker: str, state: str, partitions: int, prefix: str = "", **settings: Any) -> faust.App:
    """A Faust app on either engine, as every app of this project is made; `prefix` goes before all names."""
    sqlite.register()
    kafka.register()
    defaults: dict[str, Any] = {
        "broker": broker,
        "store": state,
        "datadir": str(log_path(state).parent / "faust"),
        "topic_partitions": partitions,
        "TableManager": sqlite.PromptTables,
        "topic_disable_leader": True,
        "table_standby_replicas": 0,
        "value_serializer": "raw",
        "key_serializer": "raw",
        "cython_optimizations": True,
        "broker_commit_interval": 0.5,
        "stream_wait_empty": True,
        "web_enabled": False,
        "canonical_url": kafka.unique_url(),
        "broker_session_timeout": 6,
        "broker_heartbeat_interval": 0.5,
        "broker_rebalance_timeout": 20,
    }
    app = faust.App(prefix + GROUP, **(defaults | settings))
    app.prefix = prefix
    return app


async def declare_all(app: faust.App, partitions: int) -> None:
    """On a cluster nothing is created by the way; the embedded log's driver creates what is subscribed."""
    url = ",".join(map(str, app.conf.broker)).replace(",kafka://", ",")
    if url.startswith("kafka://"):
        broker = open_broker(url, prefix=app.prefix)
        there = await broker.topics()
        for name in NAMES:
            config = TopicConfig("compact" if "changelog" in name else "delete")
            if app.prefix + name not in there:
                await broker.declare(app.prefix + name, partitions, config)
        await broker.close()


def add_stage(app: faust.App, size: int = 200, within: float = 0.05) -> Any:
    """`in` -> `out` + the table `seen`: confirm, then write rows, then let Faust acknowledge."""
    seen, out = app.Table("seen", key_type=bytes, value_type=bytes), app.prefix + "out"

    async def copy(stream: Any) -> None:
        async for events in stream.take_events(size, within=within):
            await confirm_all(app, [Outgoing(out, e.key, e.value, (("from", b"copier"),)) for e in events])
            for event in events:
                count(seen, event)

    app.agent(app.topic(app.prefix + "in", key_type=bytes, value_type=bytes), name="copy")(copy)
    return seen


def count(seen: Any, event: Any) -> None:
    """Apply an event to its key's row, once, however often it comes."""
    row = orjson.loads(rows_of(seen, [event.key]).get(event.key) or b'{"n": 0, "last": -1}')
    if event.message.offset > row["last"]:
        row = {"n": row["n"] + 1, "last": event.message.offset}
        write_row(seen, event, event.key, orjson.dumps(row))


async def run(app: faust.App) -> None:
    """Start, until a signal comes or the app ends by itself; then stop, committing what was done."""
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    try:
        await app.start()
    except BrokerError as error:
        sqlite.end_process(str(error))
    print("ready", flush=True)
    await app.wait_for_stopped(ended)
    await app.stop()


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--broker", required=True)
    parser.add_argument("--state", required=True)
    parser.add_argument("--partitions", type=int, default=4)
    parser.add_argument("--prefix", default="")
    parser.add_argument("--session", type=float, default=2)
    options = parser.parse_args(arguments)

    async def go() -> None:
        session = {"broker_session_timeout": options.session}
        app = create_app(options.broker, options.state, options.partitions, options.prefix, **session)
        await declare_all(app, options.partitions)
        add_stage(app)
        await run(app)

    asyncio.run(go())


if __name__ == "__main__":
    main()
