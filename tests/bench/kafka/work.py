"""The work that every program does with an entry: observe, revise, detect, keep a row, publish.

It is the stage of agents/article.py without what guards it: an entry that cannot be read, or a row too large,
would end the program here, where the stage makes a dead letter of it.
"""

from agents.brokers.message import Outgoing
from agents.envelope import headers, sequence
from config.load import ConfigProblems, load_rules
from config.settings import FOLDER
from pipeline.article.observe import observe
from pipeline.article.row import ArticleRow, add, size
from pipeline.codec import decode, encode
from pipeline.feed.entry import Entry
from pipeline.publication import publications
from pipeline.rules import Rules

BATCH = 200
LINGER_MS = 5
COMMIT_SECONDS = 0.25
"""As storywire has them."""


def rules() -> Rules:
    """The project's own."""
    found = load_rules(FOLDER)
    assert not isinstance(found, ConfigProblems), found
    return found


def apply(
    key: bytes, value: bytes, row: bytes | None, known: Rules, prefix: str
) -> tuple[bytes, list[Outgoing]]:
    """The row of the article as it is with this entry, and what to publish, by full names of topics."""
    before = ArticleRow(key.decode()) if row is None else decode(ArticleRow, row)
    after = add(before, observe(decode(Entry, value), known.publishers))
    if after is before:
        return row or encode(after), []
    knowledge = sequence(1, size(after))
    found = [
        Outgoing(
            prefix + one.topic,
            one.key.encode(),
            one.value,
            headers(one.kind, one.ce_id, sequence=knowledge),
        )
        for one in publications(before, after, known)
    ]
    return encode(after), found
