"""The smallest stage on the worker's driver: `python -m tests.bench.kafka.copier URL PREFIX FOLDER`.

tests/delivery/app.py with the worker's own bound on what waits. Prints the largest number of messages that
were fetched and not yet done.
"""

import asyncio
import sys

from tests.bench.kafka.flight import Flight
from tests.bench.kafka.place import PARTITIONS
from tests.bench.kafka.work import BATCH, COMMIT_SECONDS
from tests.delivery.app import add_stage, create_app, declare_all, run


async def main(url: str, prefix: str, folder: str) -> None:
    """Copy until SIGTERM."""
    settings = {"stream_buffer_maxsize": 2 * BATCH, "broker_commit_interval": COMMIT_SECONDS}
    app = create_app(url, f"sqlite:///{folder}/copier.rows", PARTITIONS, prefix, **settings)
    await declare_all(app, PARTITIONS)
    add_stage(app, BATCH)
    with Flight() as flight:
        await run(app)
    print(flight.most)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:4]))
