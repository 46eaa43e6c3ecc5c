"""storywire's worker with the article stage alone: `python -m tests.bench.kafka.stage SERVERS PREFIX FOLDER`.

What `agents.worker.running` starts, without the stage that derives summaries, which no other program does.
Prints the largest number of entries that were fetched and not yet done.
"""

import asyncio
import signal
import sys
from pathlib import Path
from typing import Any

from agents.app import create_app
from agents.article import NAME, ArticleStage
from agents.batches import batches
from agents.brokers.broker import open_broker
from agents.generations import ensure, group
from agents.outbox import Outbox
from agents.rows import Rows
from agents.topics import ARTICLE_ROWS, ENTRIES, wanted_changelogs
from agents.watch.metrics import WorkerMetrics
from agents.worker import declare_all, end_process, spare_the_collector
from config.settings import Settings
from pipeline.rules import Rules
from tests.bench.kafka.flight import Flight
from tests.bench.kafka.work import rules


async def main(settings: Settings) -> None:
    """Work until SIGTERM."""
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    known, broker = rules(), open_broker(settings.broker, prefix=settings.topic_prefix)
    generation = await ensure(broker, settings.topic_prefix, known)
    name = group(settings.topic_prefix, generation)
    await declare_all(broker, wanted_changelogs(name, settings.partitions))
    settings.state_dir.mkdir(parents=True, exist_ok=True)
    app = create_app(settings, name, settings.state_dir / "stage.rows")
    wire(app, settings, known, generation.number)
    spare_the_collector()
    with Flight() as flight:
        await app.start()
        await ended.wait()
        await app.stop()
    await broker.close()
    print(flight.most)


def wire(app: Any, settings: Settings, known: Rules, generation: int) -> None:
    """As agents/wiring.py, but one stage."""
    metrics = WorkerMetrics()
    rows = Rows(app.Table(ARTICLE_ROWS, partitions=settings.partitions, key_type=bytes, value_type=bytes))
    outbox = Outbox(app, settings.topic_prefix, settings.event_timeout, metrics)
    stage = ArticleStage(known, generation, rows, outbox)
    topic = app.topic(
        settings.topic_prefix + ENTRIES.name, partitions=settings.partitions, key_type=bytes, value_type=bytes
    )
    work = metrics.work(NAME, ENTRIES.name)
    app.agent(topic, name=NAME)(batches(stage, settings.batch_within, settings, end_process, work))


if __name__ == "__main__":
    servers, prefix, folder, *within = sys.argv[1:]
    given: dict[str, Any] = {"batch_within": float(within[0])} if within else {}
    given |= {"topic_prefix": prefix, "state_dir": Path(folder) / "state"}
    asyncio.run(main(Settings(broker=f"kafka://{servers}", **given)))
