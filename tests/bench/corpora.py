"""Makes the inputs of the bench: `python -m tests.bench.corpora FOLDER COUNT SEED [HITS]`.

In a process of its own, so that 100,000 articles never lie in the memory of the one that measures.
"""

import sys
from dataclasses import asdict
from pathlib import Path
from statistics import quantiles

import orjson

from tests.bench.generate import Made, make_corpus, truth, write_feeds, write_jsonl

JSONL, FEEDS = "articles.jsonl", "feeds"


def main(folder: Path, count: int, seed: int, hits: int | None = None) -> None:
    """Write both forms of a corpus (with `hits` given the JSON lines alone) and print what is true of it."""
    made = list(make_corpus(count, seed, hits))
    write_jsonl(made, folder / JSONL)
    snapshots = write_feeds(made, folder / FEEDS) if hits is None else 0
    facts = asdict(truth(made)) | {"lengths": lengths(made), "snapshots": snapshots}
    sys.stdout.buffer.write(orjson.dumps(facts))


def lengths(made: list[Made]) -> list[int]:
    """The quartiles of the texts' lengths in characters."""
    return [round(cut) for cut in quantiles((len(one.text) for one in made), n=4)]


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(int, sys.argv[2:]))
