"""`make crowd`: workers come and go on a cluster of its own; exit code 1 where a feed was asked amiss.

python -m tests.polling.crowd [--seconds 600] [--feeds 300] [--workers 3] [--seed 1]
"""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from tests.kafka.cluster import Cluster
from tests.polling.crowd.crowd import Course, course


def main() -> int:
    """Run, print, judge."""
    parser = argparse.ArgumentParser(prog="crowd", description=__doc__)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--feeds", type=int, default=300)
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    known = parser.parse_args()
    plan = Course(known.seconds, known.feeds, known.workers, known.seed)
    with tempfile.TemporaryDirectory(prefix="crowd-") as folder, Cluster(Path(folder) / "kafka") as cluster:
        verdict = asyncio.run(course(f"kafka://{cluster.bootstrap}", Path(folder), "crowd.", plan))
        print(verdict.text(), flush=True)
        if verdict.wrong:
            print((Path(folder) / "workers.log").read_text()[-4000:], file=sys.stderr)
    return 1 if verdict.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
