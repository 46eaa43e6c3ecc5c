"""Every kind of public message: its CloudEvents type, what its value is, and the topics it lies on."""

from dataclasses import dataclass

from agents import dead_letters, follow
from agents.envelope import BYTES, JSON
from agents.polling import outlet
from agents.topics import (
    ARTICLES,
    DEAD_LETTERS,
    EVENTS,
    FEED_NOTES,
    STORIES,
    STORY_CHANGES,
    STORY_EVENTS,
    TopicSpec,
)
from pipeline.article.article import Article
from pipeline.event.event import Event
from pipeline.kinds import ARTICLE_KIND, ARTICLE_RETRACTED_KIND, EVENT_KIND, EVENT_RETRACTED_KIND
from pipeline.poll.note import FeedNote
from pipeline.story.change import Changes
from pipeline.story.summary import Summary


@dataclass(frozen=True, slots=True)
class MessageSpec:
    """A kind of message. `name` is what it is called in the document, `kind` its `ce_type`.

    `payload` is the type of its JSON value, None for bytes that are no JSON. `extensions` are the
    attributes beside CloudEvents' own that each such message carries.
    """

    name: str
    kind: str
    topics: tuple[TopicSpec, ...]
    payload: type | None
    says: str
    extensions: tuple[str, ...] = ("sequence",)

    @property
    def content_type(self) -> str:
        """The media type of the value."""
        return BYTES if self.payload is None else JSON


MESSAGES = (
    MessageSpec("article", ARTICLE_KIND, (ARTICLES,), Article, "One revision of an article."),
    MessageSpec(
        "articleRetracted",
        ARTICLE_RETRACTED_KIND,
        (ARTICLES,),
        Article,
        "A revision that was published on partial knowledge and is none; `retracted` is true.",
    ),
    MessageSpec(
        "event",
        EVENT_KIND,
        (EVENTS, STORY_EVENTS),
        Event,
        "What one revision of an article says about one subject.",
    ),
    MessageSpec(
        "eventRetracted",
        EVENT_RETRACTED_KIND,
        (EVENTS, STORY_EVENTS),
        Event,
        "An event whose revision turned out to be none; `retracted` is true, `mentions` is empty.",
    ),
    MessageSpec("story", follow.SUMMARY, (STORIES,), Summary, "The summary of a story as it stands."),
    MessageSpec(
        "changes", follow.CHANGES, (STORY_CHANGES,), Changes, "What changed since the summary before."
    ),
    MessageSpec(
        "feedNote",
        outlet.NOTE,
        (FEED_NOTES,),
        FeedNote,
        "Something that readers of a feed should know, such as a probable loss.",
        extensions=(),
    ),
    MessageSpec(
        "deadLetter",
        dead_letters.KIND,
        (DEAD_LETTERS,),
        None,
        "Something that could not go on: its original bytes; who gave up and why stands in the headers.",
        extensions=("stage", "reason", "message", "origin", "attempts"),
    ),
)


def messages_on(topic: TopicSpec) -> tuple[MessageSpec, ...]:
    """The kinds of messages that a topic carries."""
    return tuple(spec for spec in MESSAGES if topic in spec.topics)
