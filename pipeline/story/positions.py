"""Positions: each actor's latest attributed statement on each subject, and the one before it.

Statements are put in order of their article's moment. Copies of one statement (same words, or articles
that copy one another) are one statement, cited from the original.
"""

from collections.abc import Iterable
from operator import attrgetter

from pipeline.story.contribution import Said
from pipeline.story.provenance import LONGEST_CITED, LONGEST_NAME, cite
from pipeline.story.story import Story
from pipeline.story.summary import Position, Statement

Voices = dict[tuple[str, str], list[Said]]
"""Statements by speaker and subject, in order."""


def voices(story: Story) -> Voices:
    """Every statement of every speaker on every subject, in order."""
    found: Voices = {}
    for row in story.rows:
        for said in row.statements:
            found.setdefault((said.by, row.subject), []).append(said)
    for statements in found.values():
        statements.sort(key=attrgetter("order"))
    return found


def positions(story: Story, found: Voices, size: int) -> tuple[Position, ...]:
    """The positions of at most `size` (speaker, subject): configured actors first, then the newest."""
    kept = sorted(found, key=lambda key: _rank(key, found[key][-1]))[:size]
    return tuple(_position(story, subject, found[by, subject]) for by, subject in kept)


def _rank(key: tuple[str, str], latest: Said) -> tuple[bool, int, tuple[str, str]]:
    return latest.attribution.actor is None, -latest.source.moment, key


def _position(story: Story, subject: str, statements: list[Said]) -> Position:
    last = statements[-1]
    run = _run(story, statements)
    earlier = statements[: len(statements) - len(run)]
    before = next((said for said in reversed(earlier) if not _known(story, said, run)), None)
    return Position(
        by=last.by,
        actor=last.attribution.actor,
        subject=subject,
        latest=_statement(min(run, key=lambda said: (_is_copy(story, said), said.order))),
        before=None if before is None else _statement(before),
    )


def _run(story: Story, statements: list[Said]) -> list[Said]:
    """The last statement and the reports right before it that repeat it."""
    last = statements[-1]
    run: list[Said] = []
    for said in reversed(statements):
        if not _repeats(story, said, last):
            break
        run.append(said)
    return run


def _known(story: Story, said: Said, run: Iterable[Said]) -> bool:
    return any(_repeats(story, said, other) for other in run)


def _repeats(story: Story, said: Said, other: Said) -> bool:
    """Whether two reports are of one statement: same words, or articles that copy one another."""
    return said.same == other.same or _text(story, said) == _text(story, other)


def _text(story: Story, said: Said) -> str:
    """The id of the article whose text this is: of the original, for a copy."""
    return story.traced[said.source.article].copy_of or said.source.article


def _is_copy(story: Story, said: Said) -> bool:
    return story.traced[said.source.article].copy_of is not None


def _statement(said: Said) -> Statement:
    words = said.attribution.words[:LONGEST_CITED]
    return Statement(
        speaker=said.attribution.speaker[:LONGEST_NAME],
        verb=said.attribution.verb[:LONGEST_NAME],
        quoted=said.attribution.quoted,
        hedge=said.hedge,
        polarity=said.polarity,
        words=words,
        start=said.attribution.start,
        end=said.attribution.start + len(words),
        citation=cite(said.source, said.sentence),
    )
