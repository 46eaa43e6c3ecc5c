"""Publication: the public messages of an article, a pure function of its row."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from pipeline.article.article import Article
from pipeline.article.revise import revise
from pipeline.article.row import ArticleRow
from pipeline.codec import encode
from pipeline.event.event import Event
from pipeline.event.events import Memory, events
from pipeline.ids import message_id
from pipeline.kinds import ARTICLE_KIND, ARTICLE_RETRACTED_KIND, EVENT_KIND, EVENT_RETRACTED_KIND
from pipeline.rules import Rules

ARTICLES = "articles"
STORY_EVENTS = "story-events"

_ORDER = {ARTICLES: 0, STORY_EVENTS: 2}
"""Articles before events before story-events."""


class MessageKey(NamedTuple):
    """What one message is about: of several for one key the one with the highest `sequence` counts.

    `key` is the message's key, an article or story id; `subject` is empty for an article.
    """

    topic: str
    key: str
    article: str
    revision: str
    subject: str


@dataclass(frozen=True, slots=True)
class Publication:
    """A public message without its envelope: topic (unprefixed), key, CloudEvents type and id, JSON."""

    topic: str
    key: str
    kind: str
    ce_id: str
    value: bytes


class _Message(NamedTuple):
    """A message as a value, before it is written."""

    about: Article | Event
    kind: str
    value: bytes


def messages(row: ArticleRow | None, rules: Rules) -> dict[MessageKey, Publication]:
    """All public messages of a row by key: its revisions, their events, and the events of each story."""
    found = _messages(row, rules, {})
    return {key: _publication(key, message, rules) for key, message in found.items()}


def publications(
    before: ArticleRow | None, after: ArticleRow | None, rules: Rules
) -> tuple[Publication, ...]:
    """What has to be published when a row grows: messages new or changed, and retractions of those gone.

    A retraction is the message with `retracted` (and, of an event, no mentions) under a type and id of
    its own. Articles come first, then events, then story-events, each by revision, subject and key.
    """
    if before is after:
        return ()
    if before is None or not before.observations:
        return () if after is None else tuple(messages(after, rules).values())
    memory: Memory = {}
    old, new = _messages(before, rules, memory), _messages(after, rules, memory)
    changed = {key: one for key, one in new.items() if key not in old or old[key].value != one.value}
    gone = {key: _retracted(one.about) for key, one in old.items() if key not in new}
    both = changed | gone
    return tuple(_publication(key, both[key], rules) for key in sorted(both, key=_in_order))


def _in_order(key: MessageKey) -> tuple[int, str, str, str]:
    return _ORDER.get(key.topic, 1), key.revision, key.subject, key.key


def _messages(row: ArticleRow | None, rules: Rules, memory: Memory) -> dict[MessageKey, _Message]:
    if row is None:
        return {}
    revisions: Sequence[Article] = revise(row, rules.publishers)
    found: dict[MessageKey, _Message] = {}
    for article in revisions:
        key = MessageKey(ARTICLES, article.id, article.id, article.revision, "")
        found[key] = _Message(article, ARTICLE_KIND, encode(article))
    published = [(event, encode(event)) for event in events(revisions, rules, memory)]
    for event, value in published:
        found[_event_key(event, f"events.{event.subject}", event.article.id)] = _Message(
            event, EVENT_KIND, value
        )
    for event, value in published:
        for story in event.stories:
            found[_event_key(event, STORY_EVENTS, story)] = _Message(event, EVENT_KIND, value)
    return found


def _event_key(event: Event, topic: str, key: str) -> MessageKey:
    return MessageKey(topic, key, event.article.id, event.article.revision, event.subject)


def _retracted(about: Article | Event) -> _Message:
    """The message that takes an article's revision or an event back."""
    if isinstance(about, Article):
        article = replace(about, retracted=True)
        return _Message(article, ARTICLE_RETRACTED_KIND, encode(article))
    event = replace(about, retracted=True, mentions=(), salience=0.0, mentions_dropped=0)
    return _Message(event, EVENT_RETRACTED_KIND, encode(event))


def _publication(key: MessageKey, message: _Message, rules: Rules) -> Publication:
    ce_id = message_id(message.kind, key.article, key.subject, key.revision, rules.digest)
    return Publication(key.topic, key.key, message.kind, ce_id, message.value)
