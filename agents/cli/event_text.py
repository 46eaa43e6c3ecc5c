"""An event as text: its article, then a line for each mention with who says it."""

from agents.cli.citation_text import publisher_text
from agents.cli.page import NO_NAMES, Names
from agents.cli.safe import one_line
from agents.cli.speaker_text import name_text
from pipeline.event.event import Attribution, Event, Finding
from pipeline.event.stance import EVIDENTIAL

INDENT = "    "
CUT = "…"


def event_text(event: Event, names: Names = NO_NAMES, width: int | None = None) -> str:
    """Head line (time, publisher, title) and one line per mention, cut to `width` around the mention."""
    article = event.article
    when = article.published or article.observed
    moment = when.strftime("%Y-%m-%d %H:%M") if when else "undated"
    head = f"{moment}  {publisher_text(article)} · {one_line(article.title)}"
    if event.retracted:
        return f"{head}\n{INDENT}retracted: {event.subject} (revision {article.revision})"
    if event.ended:
        return f"{head}\n{INDENT}{event.subject} left the article: {event.ended}"
    return "\n".join([head, *(_finding(finding, event.subject, names, width) for finding in event.mentions)])


def _finding(finding: Finding, subject: str, names: Names, width: int | None) -> str:
    hedge = (finding.hedge or "").casefold()
    said = f"{_said(finding.attribution, names)} · " if finding.attribution else ""
    start = f"{INDENT}{subject}{f' ({hedge})' if hedge in EVIDENTIAL else ''} · {said}"
    text = _marked(finding)
    return start + (text if width is None else around(text, one_line(finding.surface), width - len(start)))


def _said(said: Attribution, names: Names) -> str:
    """Speaker and verb in the order of a sentence: "UNRWA said", "according to UNRWA"."""
    who, verb = name_text(said.speaker, said.actor, names), one_line(said.verb)
    return f"{verb.casefold()} {who}" if verb.casefold().endswith(" to") else f"{who} {verb}"


def _marked(finding: Finding) -> str:
    """The sentence with the mention between angle quotes, or behind it where it is no part of it."""
    start, end = finding.start - finding.sentence.start, finding.end - finding.sentence.start
    text = finding.sentence.text
    if text[max(0, start) : end] != finding.surface:
        return f"«{one_line(finding.surface)}» {one_line(text)}"
    return one_line(f"{text[:start]}«{finding.surface}»{text[end:]}")


def around(text: str, surface: str, room: int) -> str:
    """`text` cut at blanks to about `room` characters, so that «surface» stays in sight."""
    room = max(room, len(surface) + 24)
    if len(text) <= room:
        return text
    last = text.find(f"«{surface}»") + len(surface) + 2
    first = 0 if last < room else text.find(" ", max(0, last - room * 2 // 3)) + 1
    shown = text[first : first + room - 2 * len(CUT)]
    whole = first + len(shown) >= len(text)
    kept = shown if whole else shown[: max(shown.rfind(" "), last - first)]
    return (CUT if first else "") + kept + ("" if whole else CUT)
