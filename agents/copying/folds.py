"""What the public topics add up to on either side: the files of `replay --out`, compared by their digests."""

import hashlib
import tempfile
from pathlib import Path

from agents.brokers.broker import Broker
from agents.copying.check import Compared
from agents.copying.plan import Plan
from agents.replay.out import write_out
from agents.topics import ARTICLES, DEAD_LETTERS, STORY_EVENTS, subject_topic
from pipeline.rules import Rules

FILES = {
    "articles.jsonl": ARTICLES.name,
    "events.jsonl": subject_topic(""),
    "stories.json": STORY_EVENTS.name,
    "dead-letters.jsonl": DEAD_LETTERS.name,
}
"""Each file and what the names of its topics begin with."""


async def compare_folds(source: Broker, target: Broker, plan: Plan, rules: Rules) -> list[Compared]:
    """One per file. Those of topics with a retention are left out: either side may have dropped more."""
    expiring = [topic.name for topic in plan.topics if topic.config.retention is not None]
    with tempfile.TemporaryDirectory(prefix="storywire-") as scratch:
        folders = (Path(scratch) / "source", Path(scratch) / "target")
        for broker, folder in zip((source, target), folders, strict=True):
            await write_out(broker, plan.prefix, rules, folder)
        return [
            _compared(name, *(folder / name for folder in folders))
            for name, topics in FILES.items()
            if not any(one.startswith(plan.prefix + topics) for one in expiring)
        ]


def _compared(name: str, here: Path, there: Path) -> Compared:
    one, other = _read(here), _read(there)
    said = "" if one == other else f"{name}: what the public topics add up to differs"
    return Compared(name, 0, "fold", (one[0], other[0]), (one[1], other[1]), said)


def _read(path: Path) -> tuple[int, str]:
    """Lines, and the digest of the bytes."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
        file.seek(0)
        return sum(1 for _ in file), digest.hexdigest()
