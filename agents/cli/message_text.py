"""One message of a public topic as lines for a person, free of control characters."""

from agents.brokers.message import Message
from agents.cli.event_text import event_text
from agents.cli.page import NO_NAMES, Names
from agents.cli.safe import safe
from agents.cli.summary_text import render, render_changes
from agents.cli.width import line_width, width
from agents.dead_letters import KIND as DEAD_LETTER
from agents.dead_letters import read as read_dead_letter
from agents.envelope import attribute
from agents.follow import CHANGES, SUMMARY
from agents.polling.outlet import NOTE
from pipeline.article.article import Article
from pipeline.codec import CodecError, decode
from pipeline.event.event import Event
from pipeline.kinds import ARTICLE_KINDS, EVENT_KINDS
from pipeline.poll.note import FeedNote
from pipeline.story.change import Changes
from pipeline.story.summary import Summary


def message_text(message: Message, names: Names = NO_NAMES) -> str:
    """The message as text; one that is not of ours is shown as where it stands and why."""
    kind = attribute(message.headers, "type")
    try:
        if kind == DEAD_LETTER:
            return _dead_letter(message)
        return _public(kind, message.value or b"", names)
    except (CodecError, ValueError) as error:
        return safe(f"{message.topic}/{message.partition}/{message.offset}: not a message of ours: {error}")


def _public(kind: str, value: bytes, names: Names) -> str:
    if kind in EVENT_KINDS:
        return event_text(decode(Event, value), names, line_width())
    if kind in ARTICLE_KINDS:
        return _article(decode(Article, value))
    if kind == CHANGES:
        return render_changes(decode(Changes, value), width(), names)
    if kind == SUMMARY:
        return render(decode(Summary, value), width(), names)
    if kind == NOTE:
        return _note(decode(FeedNote, value))
    raise ValueError(f"unknown type {kind!r}")


def _article(article: Article) -> str:
    mark = "retracted " if article.retracted else "withdrawn " if article.withdrawn else ""
    return safe(f"{article.revision}  {article.publisher or 'unknown publisher'} · {mark}{article.title}")


def _note(note: FeedNote) -> str:
    what = f"{note.kind} {note.of}" if note.of else str(note.kind)
    return safe(f"{note.at:%Y-%m-%d %H:%M} {note.title or note.feed}: {what}: {note.message}")


def _dead_letter(message: Message) -> str:
    letter = read_dead_letter(message)
    return safe(f"{letter.stage}: {letter.reason}: {letter.message} ({letter.origin})")
