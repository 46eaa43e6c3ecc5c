"""Positions as text: the cited sentence, led by its subjects and who speaks in it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from agents.cli.page import Page
from agents.cli.safe import one_line
from agents.cli.speaker_text import speaker_text
from pipeline.event.doing.stance import EVIDENTIAL
from pipeline.story.change import NewPosition
from pipeline.story.summary import Citation, Position, Statement


@dataclass(frozen=True, slots=True)
class Stand:
    """A speaker's statement with the subjects it is on, and the statements it stood by before, by subject."""

    by: str
    actor: str | None
    subjects: tuple[str, ...]
    latest: Statement
    before: tuple[tuple[str, Statement], ...]


def stands(positions: Iterable[Position | NewPosition]) -> list[Stand]:
    """Positions in their order, those of one speaker in one sentence joined."""
    joined: dict[tuple[str, str, str, int], list[Position | NewPosition]] = {}
    for position in positions:
        source = _latest(position).citation
        key = (position.by, source.article, source.field, source.start)
        joined.setdefault(key, []).append(position)
    return [_stand(same) for same in joined.values()]


def _latest(position: Position | NewPosition) -> Statement:
    return position.after if isinstance(position, NewPosition) else position.latest


def _stand(same: list[Position | NewPosition]) -> Stand:
    first = same[0]
    return Stand(
        by=first.by,
        actor=first.actor,
        subjects=tuple(position.subject for position in same),
        latest=_latest(first),
        before=tuple((position.subject, position.before) for position in same if position.before),
    )


def stand_text(stand: Stand, page: Page) -> str:
    """Subjects, speaker, and the sentence with its mark."""
    return f"{', '.join(stand.subjects)} — {_said(stand.latest, stand.actor, page)}"


def before_texts(stand: Stand, page: Page) -> Iterator[str]:
    """What the speaker said before, each sentence once; on which subject, where that is not all of them."""
    earlier: dict[tuple[str, str, int], list[tuple[str, Statement]]] = {}
    for subject, statement in stand.before:
        earlier.setdefault(_place(statement.citation), []).append((subject, statement))
    for same in earlier.values():
        subjects = tuple(subject for subject, _ in same)
        on = "" if subjects == stand.subjects else f" on {', '.join(subjects)}"
        yield f"before{on}: {_said(same[0][1], stand.actor, page)}"


def _place(citation: Citation) -> tuple[str, str, int]:
    return citation.article, citation.field, citation.start


def _said(statement: Statement, actor: str | None, page: Page) -> str:
    who = speaker_text(statement, actor, page.names)
    hedge = one_line(statement.hedge or "")
    doubt = f" ({hedge.casefold()})" if hedge.casefold() in EVIDENTIAL else ""
    return f'{who}{doubt}: "{one_line(statement.citation.words)}" {page.mark(statement.citation)}'
