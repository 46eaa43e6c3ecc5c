"""The topics of the pipeline: one screen that says what lies on which, for code, documents and checks."""

from dataclasses import dataclass
from typing import Literal

Cleanup = Literal["keep", "compact"]


@dataclass(frozen=True, slots=True)
class TopicSpec:
    """A topic without its prefix. `cleanup` is what the broker may drop: nothing, or superseded keys."""

    name: str
    key: str
    value: str
    cleanup: Cleanup
    public: bool
    single: bool = False
    """One partition whatever the setting says: its order matters, its rate does not."""


ARTICLES = TopicSpec("articles", "article id", "Article revision", "keep", public=True)
EVENTS = TopicSpec("events.<subject>", "article id", "Event", "keep", public=True)
STORY_EVENTS = TopicSpec("story-events", "story id", "Event", "keep", public=True)
STORIES = TopicSpec("stories", "story id", "Summary", "compact", public=True)
STORY_CHANGES = TopicSpec("story-changes", "story id", "Changes", "keep", public=True)
DEAD_LETTERS = TopicSpec("dead-letters", "key of the original", "bytes of the original", "keep", public=True)
FEED_NOTES = TopicSpec("feed-notes", "feed's address", "FeedNote", "keep", public=True)
ENTRIES = TopicSpec("entries", "article id", "Entry", "keep", public=False)
FEED_POLLS = TopicSpec("feed-polls", "feed's address", "what to remember of a feed", "keep", public=False)
FEED_STATES = TopicSpec("feed-states", "feed's address", "FeedState", "compact", public=False)
FEED_LISTINGS = TopicSpec("feed-listings", "feed's address", "Listing, packed", "compact", public=False)
FEED_ASKED = TopicSpec("feed-asked", "feed's address", "time of the last request", "compact", public=False)
GENERATIONS = TopicSpec("generations", "none", "Generation", "keep", public=False, single=True)

TOPICS = (
    *(ARTICLES, EVENTS, STORY_EVENTS, STORIES, STORY_CHANGES, DEAD_LETTERS, FEED_NOTES),
    *(ENTRIES, FEED_POLLS, FEED_STATES, FEED_LISTINGS, FEED_ASKED, GENERATIONS),
)


def subject_topic(subject: str) -> str:
    """Name, without prefix, of the topic that carries the events of one subject."""
    return f"events.{subject}"


def flow_topics() -> tuple[str, ...]:
    """The topics that the worker reads, without prefix, in the order of the flow."""
    return (ENTRIES.name, STORY_EVENTS.name)
