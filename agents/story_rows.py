"""The sets of rows of stories, read from the changelog in which the `follow` stage keeps them."""

from collections import defaultdict
from collections.abc import Iterable
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
    return (await rows_by_story(broker, prefix, [story]))[story]


async def rows_by_story(broker: Broker, prefix: str, stories: Iterable[str]) -> dict[str, list[StoryRow]]:
    """All rows of each of `stories` in the log's current generation, in one reading."""
    return await _rows_of(broker, prefix, stories, await current(broker, prefix))


async def rows_until(broker: Broker, prefix: str, story: str, version: int) -> list[StoryRow]:
    """The rows that had arrived by `version`, of the generation in which that version was made."""
    made_in = [one for one in await history(broker, prefix) if one.versions.get(story, 0) < version]
    if not made_in:
        return []
    return since((await _rows_of(broker, prefix, [story], made_in[-1]))[story], version)


async def _rows_of(
    broker: Broker, prefix: str, stories: Iterable[str], generation: Generation
) -> dict[str, list[StoryRow]]:
    """Later writes of a key replace earlier ones, unless a worker wrote them that had lost the partition."""
    found: dict[str, dict[str, StoryRow]] = {story: {} for story in stories}
    fences: defaultdict[int, Fence] = defaultdict(Fence)
    async for message in scan(broker, changelog(group(prefix, generation), STORY_ROWS)):
        record = Record(message.offset, message.key or b"", message.value, claim_of(message.headers))
        if fences[message.partition].admits(record) and record.value:
            with suppress(CodecError, ValueError):  # a foreign record is no row, as the worker has it
                key = record.key.decode()
                story = parse_key(key).story
                if story in found:
                    found[story][key] = decode_row(record.value)
    return {story: [rows[key] for key in sorted(rows)] for story, rows in found.items()}
