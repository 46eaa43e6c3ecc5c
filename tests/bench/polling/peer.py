"""The peer: lemon24/reader polls the same feeds into its own SQLite. See task.py for the command line."""

import os
import sys

# reader brings a feedparser of its own, which imports `sgmllib` by its old name; see tests/bench/peer.py.
import feedparser_sgmllib

sys.modules.setdefault("sgmllib", feedparser_sgmllib)

from reader import make_reader  # noqa: E402

from tests.bench.polling.task import Laps, Task, report, task  # noqa: E402


def main(given: Task) -> None:
    """All rounds."""
    os.environ["NO_PROXY"] = "*"  # a proxy that somebody set is none for loopback
    given.begin()
    laps = Laps()
    reader = make_reader(str(given.folder / "reader.db"))
    for url in given.rounds.urls(given.port):
        reader.add_feed(url)
    for number in given.rounds.numbers:
        if number:
            given.tell("next")
        laps.start()
        reader.update_feeds(scheduled=False)  # one worker: it has one core
        laps.stop(given, number)
    report(laps, {"entries": reader.get_entry_counts().total})


if __name__ == "__main__":
    main(task())
