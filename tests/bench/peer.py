"""The peer: lemon24/reader stores the same snapshots in SQLite: `python -m tests.bench.peer FEEDS FILE`.

As if polled: each snapshot replaces the feed's file, then the feed is updated. Prints the entries stored.
"""

import shutil
import sys
import tempfile
import tomllib
from pathlib import Path

# reader brings a feedparser of its own, which imports `sgmllib` by its old name. That one is on the
# registries as source only; feedparser-sgmllib is the same module and comes with our own feedparser.
import feedparser_sgmllib

sys.modules.setdefault("sgmllib", feedparser_sgmllib)

from reader import make_reader  # noqa: E402


def main(snapshots: Path, database: Path) -> None:
    """Poll every snapshot of the manifest in the order of observation."""
    listed = tomllib.loads((snapshots / "manifest.toml").read_text("utf-8"))["document"]
    with tempfile.TemporaryDirectory() as folder:
        reader = make_reader(str(database), feed_root=folder)
        known: set[str] = set()
        for document in sorted(listed, key=lambda document: document["observed"]):
            name = document["feed"].rpartition("//")[2].replace("/", "-") + ".xml"
            shutil.copyfile(snapshots / document["path"], Path(folder) / name)
            if name not in known:
                reader.add_feed(name)
                known.add(name)
            reader.update_feed(name)
        print(reader.get_entry_counts().total)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
