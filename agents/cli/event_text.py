"""An event as text: its article, then a line for each mention with who says it."""

from agents.cli.citation_text import hanging, publisher_text
from agents.cli.page import NO_NAMES, Names
from agents.cli.safe import one_line
from agents.cli.speaker_text import name_text
from pipeline.event.doing.stance import EVIDENTIAL
from pipeline.event.event import Attribution, Event, Finding

INDENT = "    "
CUT = "…"
LEAST = 24
"""Characters shown around a mention, even where a long name leaves less of the line."""


def event_text(event: Event, names: Names = NO_NAMES, width: int | None = None) -> str:
    """Head line (time, publisher, title) and one line per mention, cut to `width` around the mention."""
    article = event.article
    when = article.published or article.observed
    moment = when.strftime("%Y-%m-%d %H:%M") if when else "undated"
    head = _head(moment, f"{publisher_text(article)} · {one_line(article.title)}", width)
    if event.retracted:
        return f"{head}\n{INDENT}retracted: {one_line(event.subject)} (revision {one_line(article.revision)})"
    if event.ended:
        return f"{head}\n{INDENT}{one_line(event.subject)} left the article: {event.ended}"
    return "\n".join(
        [head, *(_finding(finding, one_line(event.subject), names, width) for finding in event.mentions)]
    )


def _head(moment: str, text: str, width: int | None) -> str:
    return f"{moment}  {text}" if width is None else "\n".join(hanging(f"{moment}  ", text, width))


def _finding(finding: Finding, subject: str, names: Names, width: int | None) -> str:
    hedge = (finding.hedge or "").casefold()
    said = _said(finding.attribution, names) if finding.attribution else ""
    if width is not None:
        said = _tail(said, width // 3)
    start = f"{INDENT}{subject}{f' ({hedge})' if hedge in EVIDENTIAL else ''} · {said}{' · ' if said else ''}"
    text = _marked(finding)
    return start + (text if width is None else around(text, one_line(finding.surface), width - len(start)))


def _tail(said: str, room: int) -> str:
    """The end of a long speaker's description: there stand the name and the verb."""
    return said if len(said) <= room else CUT + (said[-room:].partition(" ")[2] or said[-room:])


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
    """`text` cut at blanks to `room` characters (never fewer than LEAST) with «surface» in sight."""
    room = max(room, LEAST + len(surface))
    if len(text) <= room:
        return text
    at = text.find(f"«{surface}»")
    last = at + len(surface) + 2
    first = (
        0
        if last <= room - 2 * len(CUT)
        else _start(text, at, min(last - room * 2 // 3, len(text) - room + 1))
    )
    whole = first + room - len(CUT) >= len(text)
    shown = text[first : first + room - 2 * len(CUT)] if not whole else text[first:]
    kept = shown if whole else shown[: max(shown.rfind(" "), last - first)]
    return (CUT if first else "") + kept + ("" if whole else CUT)


def _start(text: str, at: int, earliest: int) -> int:
    """Where a word begins between `earliest` and `at`."""
    return text.find(" ", earliest - 1, at) + 1 or at
