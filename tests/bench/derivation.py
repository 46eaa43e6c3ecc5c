"""How long a summary takes: `python -m tests.bench.derivation COUNT...` prints JSON, one object for each."""

import sys
import time
from collections.abc import Callable
from statistics import median
from types import SimpleNamespace

import orjson

from pipeline.codec import encode
from pipeline.story.contribution import contribution
from pipeline.story.derive import summarise
from tests.story.generated import Generator

TIMES = 5
SCOPE = SimpleNamespace(id="generated", title="Generated", note=None)


def main(counts: list[int]) -> None:
    """For each count of rows the CPU milliseconds of contributing and deriving, and the summary's bytes."""
    sys.stdout.buffer.write(orjson.dumps([measured(count) for count in counts]))


def measured(count: int) -> dict[str, float]:
    """One line of the table."""
    rows = Generator(7).rows(count)
    contributions = [contribution(row) for row in rows]
    return {
        "rows": len(rows),
        "contribute": milliseconds(lambda: [contribution(row) for row in rows]),
        "derive": milliseconds(lambda: summarise(SCOPE, contributions)),
        "bytes": len(encode(summarise(SCOPE, contributions))),
    }


def milliseconds(work: Callable[[], object]) -> float:
    """CPU time of one call, the median of several."""
    took = []
    for _ in range(TIMES):
        started = time.process_time()
        work()
        took.append(time.process_time() - started)
    return median(took) * 1_000


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]])
