"""`storywire run`, of which one part is ill: what a fault in the program would do.

    python -m tests.watch.ill hang|block|clutch|deaf|slow|none RUN_ARGUMENT...

`hang`: the stage `article` awaits for ever. `block`: it blocks the event loop. `clutch`: the loop is blocked
by whoever writes to standard error, as a pipe does that nobody reads. `deaf`: the consumer fetches nothing
after the first batch. `slow`: the stage needs a second for each part. `none`: it is well.
"""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from agents import batches
from agents.article import ArticleStage
from agents.cli.main import main

FOR_EVER = 10_000.0


async def hang(stage: ArticleStage, events: Sequence[Any]) -> None:
    await asyncio.Event().wait()


async def block(stage: ArticleStage, events: Sequence[Any]) -> None:
    time.sleep(FOR_EVER)  # noqa: ASYNC251  this is the fault


async def clutch(stage: ArticleStage, events: Sequence[Any]) -> None:
    while True:
        sys.stderr.write("." * 10_000)


well = ArticleStage.__call__


async def slow(stage: ArticleStage, events: Sequence[Any]) -> None:
    await asyncio.sleep(1)
    await well(stage, events)


async def deaf(stage: ArticleStage, events: Sequence[Any]) -> None:
    stage._outbox._app.consumer.stop_flow()
    await well(stage, events)


FAULTS: dict[str, Callable[[ArticleStage, Sequence[Any]], Awaitable[None]]] = {
    "hang": hang,
    "block": block,
    "clutch": clutch,
    "deaf": deaf,
    "slow": slow,
    "none": well,
}

if __name__ == "__main__":
    fault = sys.argv.pop(1)
    ArticleStage.__call__ = FAULTS[fault]  # type: ignore[method-assign,assignment]
    if fault == "slow":
        batches.parts.__defaults__ = (1,)  # one message is a part
    main()
