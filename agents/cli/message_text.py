"""One message of a public topic as lines for a person, free of control characters."""

from agents.brokers.message import Message
from agents.cli.safe import safe
from agents.cli.summary_text import render, render_changes
from agents.dead_letters import KIND as DEAD_LETTER
from agents.dead_letters import read as read_dead_letter
from agents.envelope import attribute
from pipeline.article.article import Article
from pipeline.codec import CodecError, decode
from pipeline.event.event import Event, Finding
from pipeline.story.change import Changes
from pipeline.story.summary import Summary

WIDTH = 100
"""Columns of the text; a terminal of usual width shows it unbroken."""


def message_text(message: Message) -> str:
    """The message as text; one that is not of ours is shown as where it stands and why."""
    kind = attribute(message.headers, "type")
    try:
        if kind == DEAD_LETTER:
            return _dead_letter(message)
        return _public(kind, message.value or b"")
    except (CodecError, ValueError) as error:
        return safe(f"{message.topic}/{message.partition}/{message.offset}: not a message of ours: {error}")


def _public(kind: str, value: bytes) -> str:
    if kind.startswith("storywire.event."):
        return event_text(decode(Event, value))
    if kind.startswith("storywire.article."):
        return _article(decode(Article, value))
    if kind.startswith("storywire.changes."):
        return render_changes(decode(Changes, value))
    if kind.startswith("storywire.story."):
        return render(decode(Summary, value), WIDTH)
    raise ValueError(f"unknown type {kind!r}")


def event_text(event: Event) -> str:
    """Head line (time, publisher, title) and one line for each mention with who says it."""
    article = event.article
    when = article.published or article.observed
    moment = when.strftime("%Y-%m-%d %H:%M") if when else "undated"
    head = f"{moment}  {article.publisher or 'unknown publisher'} · {article.title}"
    if event.retracted:
        return safe(f"{head}\n    retracted: {event.subject} (revision {article.revision})")
    if event.ended:
        return safe(f"{head}\n    {event.subject} left the article: {event.ended}")
    return "\n".join([safe(head), *(_finding(finding) for finding in event.mentions)])


def _finding(finding: Finding) -> str:
    said = finding.attribution
    by = f"  [{said.speaker} {said.verb}]" if said else ""
    hedge = f"  [{finding.hedge}]" if finding.hedge else ""
    return f"    «{safe(finding.surface)}» {safe(finding.sentence.text)}{safe(by)}{safe(hedge)}"


def _article(article: Article) -> str:
    mark = "retracted " if article.retracted else "withdrawn " if article.withdrawn else ""
    return safe(f"{article.revision}  {article.publisher or 'unknown publisher'} · {mark}{article.title}")


def _dead_letter(message: Message) -> str:
    letter = read_dead_letter(message)
    return safe(f"{letter.stage}: {letter.reason}: {letter.message} ({letter.origin})")
