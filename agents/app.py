"""`create_app`: a Faust app of our own making, new for every caller; none exists at import time."""

import logging
from pathlib import Path
from urllib.parse import quote

import faust

from agents.brokers import sqlite
from config.settings import Settings


def create_app(settings: Settings, group: str, tables: Path) -> faust.App:
    """An app without agents. `group` is its consumer group and names its changelogs.

    `tables` is the file of its table rows. Faust's settings are those that keep every message:
    no leader topic, no stand-by tables, raw bytes (we parse where a failure has an address), and
    `stream_wait_empty`, without which a stop acknowledges what is still in work.
    """
    sqlite.register()
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
        datadir=str(settings.state_dir),
        loghandlers=[],
    )
    # Every service of Faust, and of our driver, tells when it starts and stops: of use to nobody at INFO.
    for name in ("faust", "mode", "agents.brokers"):
        logging.getLogger(name).setLevel(logging.WARNING)
    return app
