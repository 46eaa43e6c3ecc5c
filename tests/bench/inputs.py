"""What is replayed: two forms of a generated corpus, and real articles where they are at hand."""

import json
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from tests.bench.children import MODULE, ROOT, run
from tests.bench.published import Published

SEED = 20240428
REAL = ROOT.parent / "shared" / "corpora" / "articles.jsonl"
REAL_ROWS = 6_363
JSONL, FEEDS = "articles.jsonl", "feeds"


@dataclass(frozen=True, slots=True)
class Expected:
    """What must come out: articles, revisions, events, and entries stored by who stores each feed's own."""

    articles: int
    revisions: int
    events: int
    listed: int

    def differences(self, who: str, found: Published) -> list[str]:
        """Each count that is another than it must be."""
        wanted = {"articles": self.articles, "revisions": self.revisions, "events": self.events}
        counts = {name: getattr(found, name) for name in wanted} | {"dead_letters": found.dead_letters}
        return [
            f"{who}: {counts[name]} {name}, not {number}"
            for name, number in (wanted | {"dead_letters": 0}).items()
            if counts[name] != number
        ]


@dataclass(frozen=True, slots=True)
class Input:
    """Something to replay; without `expected` the bare script tells what must come out."""

    name: str
    path: Path
    expected: Expected | None
    aim: float | None = None

    @property
    def is_feeds(self) -> bool:
        return self.path.is_dir()


@dataclass(frozen=True, slots=True)
class Corpus:
    """A generated corpus in a folder: what is true of it, and its shape."""

    folder: Path
    expected: Expected
    lengths: tuple[int, ...]
    snapshots: int


def make(folder: Path, count: int, hits: int | None = None) -> Corpus:
    """Generate `count` articles into `folder`; with `hits` given as JSON lines alone."""
    folder.mkdir(parents=True, exist_ok=True)
    words = [str(number) for number in (count, SEED, hits) if number is not None]
    facts = json.loads(run([*MODULE, "tests.bench.corpora", folder.absolute(), *words], folder).output)
    lengths, snapshots = tuple(facts.pop("lengths")), facts.pop("snapshots")
    return Corpus(folder, Expected(**facts), lengths, snapshots)


def real(folder: Path, scale: float) -> Input | None:
    """The real articles, or that share of them; None where they are absent."""
    if not REAL.exists():
        return None
    path = folder / "real.jsonl"
    with REAL.open("rb") as rows, path.open("wb") as kept:
        kept.writelines(islice(rows, round(REAL_ROWS * min(scale, 1))))
    return Input("real articles", path, None)
