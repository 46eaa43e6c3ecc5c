"""`make kafka`: a cluster on this machine until Ctrl-C; its messages stay in the folder.

python -m tests.kafka [--brokers 1|3] [--folder state/kafka]
"""

import argparse
import os
import signal
import sys
from pathlib import Path

from tests.kafka.cluster import Cluster
from tests.kafka.jars import VERSION, Unavailable
from tests.kafka.node import NotStarted


def main() -> int:
    """0 where it was told to end; 1, with the reason, where it could not start or a broker ended."""
    parser = argparse.ArgumentParser(prog="make kafka", description=__doc__)
    parser.add_argument("--brokers", type=int, choices=(1, 3), default=1)
    parser.add_argument("--folder", type=Path, default=Path("state/kafka"))
    given = parser.parse_args()
    cluster = Cluster(given.folder, given.brokers)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    print(f"storywire: starting Kafka {VERSION} (its jars are fetched once) ...", file=sys.stderr, flush=True)
    try:
        return _until_told(cluster)
    except (Unavailable, NotStarted) as error:
        print(f"storywire: no cluster: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0
    finally:
        cluster.stop()


def _until_told(cluster: Cluster) -> int:
    cluster.start()
    program = os.path.relpath(Path(sys.executable).with_name("storywire"))
    print(f"{cluster.url}\n\nRun storywire on it, in another terminal:", flush=True)
    print(f"  {program} run --broker {cluster.url}\n\nCtrl-C stops the cluster.", flush=True)
    ended = cluster.watch()
    print(f"storywire: broker {ended} ended by itself; its log: {cluster.log(ended)}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
