"""`create_app`: a Faust app of our own making, new for every caller; none exists at import time."""

import logging
from pathlib import Path
from urllib.parse import quote

import faust

from agents.access import access_of
from agents.brokers import sqlite
from agents.brokers.kafka import transport as kafka
from config.settings import Settings

SESSION_SECONDS = 30.0
"""Without a heartbeat for so long a worker of a cluster has lost its partitions."""
REBALANCE_SECONDS = 60.0
"""What a batch in hand may take when partitions move; it is bounded by `event_timeout`, at most 55."""
POLL_SECONDS = 600.0
"""A worker that fetches nothing for so long leaves its group: longer than any batch or catching up."""


def create_app(settings: Settings, group: str, tables: Path) -> faust.App:
    """An app without agents. `group` is its consumer group and names its changelogs.

    `tables` is the file of its table rows. Faust's settings are those that keep every message:
    no leader topic, no stand-by tables, raw bytes (we parse where a failure has an address), and
    `stream_wait_empty`, without which a stop acknowledges what is still in work.
    """
    sqlite.register()
    kafka.register()
    app = faust.App(
        group,
        broker=settings.broker,
        store=f"sqlite:///{quote(str(tables))}",
        TableManager=sqlite.PromptTables,
        topic_partitions=settings.partitions,
        topic_disable_leader=True,
        table_standby_replicas=0,
        key_serializer="raw",
        value_serializer="raw",
        consumer_auto_offset_reset="earliest",
        broker_commit_interval=settings.commit_interval,
        stream_wait_empty=True,
        stream_buffer_maxsize=2 * settings.batch,
        cython_optimizations=True,
        web_enabled=False,
        canonical_url=kafka.unique_url(),
        topic_allow_declare=False,
        broker_session_timeout=SESSION_SECONDS,
        broker_rebalance_timeout=REBALANCE_SECONDS,
        broker_heartbeat_interval=SESSION_SECONDS / 10,
        broker_max_poll_interval=POLL_SECONDS,
        datadir=str(settings.state_dir),
        loghandlers=[],
    )
    if settings.broker.startswith("kafka://"):
        app.transport.access = access_of(settings)
    # Every service of Faust, and of our driver, tells when it starts and stops: of use to nobody at INFO.
    for name in ("faust", "mode", "agents.brokers"):
        logging.getLogger(name).setLevel(logging.WARNING)
    return app
