"""The set of rows of a story, read from the changelog in which the `follow` stage keeps it."""

from collections import defaultdict
from contextlib import suppress

from agents.brokers.broker import Broker
from agents.brokers.changelog import Fence, Record, claim_of
from agents.generations import Generation, current, group, history
from agents.scan import scan
from agents.topics import STORY_ROWS, changelog
from pipeline.codec import CodecError
from pipeline.story.row import StoryRow, decode_row, parse_key, since


async def story_rows(broker: Broker, prefix: str, story: str) -> list[StoryRow]:
    """All rows of `story` in the log's current generation."""
    return await _rows_of(broker, prefix, story, await current(broker, prefix))


async def rows_until(broker: Broker, prefix: str, story: str, version: int) -> list[StoryRow]:
    """The rows that had arrived by `version`, of the generation in which that version was made."""
    made_in = [one for one in await history(broker, prefix) if one.versions.get(story, 0) < version]
    return since(await _rows_of(broker, prefix, story, made_in[-1]), version) if made_in else []


async def _rows_of(broker: Broker, prefix: str, story: str, generation: Generation) -> list[StoryRow]:
    """Later writes of a key replace earlier ones, unless a worker wrote them that had lost the partition."""
    found: dict[str, StoryRow] = {}
    fences: defaultdict[int, Fence] = defaultdict(Fence)
    async for message in scan(broker, changelog(group(prefix, generation), STORY_ROWS)):
        record = Record(message.offset, message.key or b"", message.value, claim_of(message.headers))
        if fences[message.partition].admits(record) and record.value:
            with suppress(CodecError, ValueError):  # a foreign record is no row, as the worker has it
                key = record.key.decode()
                if parse_key(key).story == story:
                    found[key] = decode_row(record.value)
    return [found[key] for key in sorted(found)]
