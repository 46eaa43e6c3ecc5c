"""The set of rows of a story, read from the changelog in which the `follow` stage keeps it."""

from agents.brokers.broker import Broker
from agents.generations import current, group
from agents.scan import scan
from pipeline.story.row import StoryRow, decode_row, parse_key

FOLLOW_TABLE = "story-rows"
"""Name of the table of the `follow` stage."""


def changelog(group_id: str, table: str) -> str:
    """The topic to which Faust writes every change of a table."""
    return f"{group_id}-{table}-changelog"


async def story_rows(broker: Broker, prefix: str, story: str) -> list[StoryRow]:
    """All rows of `story` in the log's current generation; later writes of a key replace earlier ones."""
    topic = changelog(group(prefix, await current(broker, prefix)), FOLLOW_TABLE)
    found: dict[str, StoryRow] = {}
    async for message in scan(broker, topic):
        key = (message.key or b"").decode()
        if message.value and parse_key(key).story == story:
            found[key] = decode_row(message.value)
    return [found[key] for key in sorted(found)]
