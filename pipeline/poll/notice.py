"""notice: what a look at a feed gives reason to say: what was probably lost, what began, what is over.

A loss is an event of its own. A condition that lasts is noted when it begins, and again only after it was
over. What dates a note (`since`) comes from what was remembered before the poll: the same poll, done once
more after a crash, gives notes with the same ids.
"""

from dataclasses import replace
from typing import Any

from pipeline.dates import Utc
from pipeline.poll.clocks import CLOCK
from pipeline.poll.condition import Condition, Finding, Look, Sign, read
from pipeline.poll.faulty import FAULTS, damage
from pipeline.poll.losing import rolled
from pipeline.poll.note import FeedNote, NoteKind
from pipeline.poll.note_text import lasting, moment, shown
from pipeline.poll.poll import Poll
from pipeline.poll.reach import REACH
from pipeline.poll.silence import SILENCE, lull
from pipeline.poll.spec import FeedSpec
from pipeline.poll.state import FeedState, changed

_ALWAYS = (*REACH, *SILENCE)
_OF_DOCUMENTS = (*_ALWAYS, CLOCK, *FAULTS)


def noticed(
    spec: FeedSpec, before: FeedState, after: FeedState, poll: Poll
) -> tuple[FeedState, tuple[FeedNote, ...]]:
    """The notes that a poll gives rise to, and the state with what is to be remembered of them.

    `after` is the state after the poll but for that: `noted`, `damage`, `lull` and `counts.lost` are set
    here. Never raises.
    """
    look = Look(before, after, poll, poll.at)
    notes = _events(spec, look) if poll.comparison is not None and poll.comparison.gap is not None else []
    lost = any(note.kind is NoteKind.LOSS for note in notes)
    conditions = _ALWAYS if poll.document is None else _OF_DOCUMENTS
    noted = before.noted
    for condition in conditions:
        note = _note(spec, look, condition, condition.sign(look))
        if note is not None:
            noted = _remembered(noted, condition.kind, note)
            notes.append(note)
    return _state(look, noted, lost), tuple(notes)


def _events(spec: FeedSpec, look: Look) -> list[FeedNote]:
    """What happens once and does not last."""
    found = read(look)
    event = rolled(found) if found else None
    return [_begun(spec, look, *event)] if event else []


def _note(spec: FeedSpec, look: Look, condition: Condition, sign: Sign) -> FeedNote | None:
    """The note that the sign of a condition calls for."""
    since = look.before.noted.get(condition.kind)
    if sign is Sign.AGAIN or (sign is Sign.HOLDS and since is None):
        return _begun(spec, look, condition.kind, condition.tell(look))
    if sign is Sign.FINE and since is not None:
        return _over(spec, look, condition, since)
    return None


def _begun(spec: FeedSpec, look: Look, kind: NoteKind, found: Finding) -> FeedNote:
    title = _title(spec, look)
    return FeedNote(spec.url, kind, look.at, found.since, found.message, title, facts=found.facts)


def _over(spec: FeedSpec, look: Look, condition: Condition, since: Utc) -> FeedNote:
    passed = look.at - since
    after = f", after {lasting(passed)}" if look.at > since else ""
    message = f"{condition.over}, as of {moment(look.at)}{after}."
    facts: dict[str, str | int | float] = {"seconds": max(round(passed.total_seconds()), 0)}
    title = _title(spec, look)
    return FeedNote(spec.url, NoteKind.OVER, look.at, since, message, title, condition.kind, facts)


def _title(spec: FeedSpec, look: Look) -> str | None:
    """What the feed is called: by whoever configured it, else by itself."""
    title = spec.title or look.after.title
    return shown(title) or None if title else None


def _remembered(noted: dict[NoteKind, Utc], kind: NoteKind, note: FeedNote) -> dict[NoteKind, Utc]:
    """The conditions that are noted, after this note about one of them."""
    if note.kind is NoteKind.OVER:
        return {one: since for one, since in noted.items() if one is not kind}
    return {**noted, kind: note.since or note.at}


def _state(look: Look, noted: dict[NoteKind, Utc], lost: bool) -> FeedState:
    """`after` with what is remembered of notes; the very same object if nothing differs."""
    before, after = look.before, look.after
    known = damage(look) if look.poll.document is not None else before.damage
    parts: dict[str, Any] = {}
    if after.noted != noted:
        parts["noted"] = noted
    if after.damage != known:
        parts["damage"] = known
    if after.lull != (latest := lull(look)):
        parts["lull"] = latest
    if after.counts.lost != before.counts.lost + lost:
        parts["counts"] = replace(after.counts, lost=before.counts.lost + lost)
    return changed(after, **parts) if parts else after
