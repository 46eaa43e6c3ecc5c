"""Reference: whom "the group" or "he" means, looked for one sentence back and only when certain."""

from collections.abc import Mapping, Sequence

from pipeline.event.reading import Reading
from pipeline.event.reading import before as sentence_before
from pipeline.event.wire.attribution import statements
from pipeline.event.wire.speakers import Phrase, person, resolve, written
from pipeline.event.world.actor import Actor, Kind
from pipeline.event.world.gazetteer import Named

THINGS: frozenset[Kind] = frozenset(("organisation", "state", "office"))
PRONOUNS: dict[str, frozenset[Kind]] = {
    "he": frozenset(("person",)),
    "she": frozenset(("person",)),
    "it": THINGS,
    "they": THINGS,
}


def speaker_of(
    reading: Reading, who: Phrase, actors: Mapping[str, Actor], whole: str, named: Sequence[Named]
) -> str | None:
    """The actor that a speaker's phrase names, or refers back to; `whole` and `named` are the field's."""
    direct = resolve(reading, who, actors)
    if direct is not None:
        return direct
    phrase = written(reading, who).lower()
    if phrase not in PRONOUNS and not phrase.startswith("the "):
        return None
    if phrase in PRONOUNS and (own := _subject(reading, who, actors, PRONOUNS[phrase])) is not None:
        return own
    before = sentence_before(reading, whole, named)
    if before is None:
        return None
    if phrase in PRONOUNS:
        return _who_spoke(before, actors, PRONOUNS[phrase])
    return _in_role(before, actors, phrase.removeprefix("the "))


def naming_of(reading: Reading, who: Phrase, actor: str, whole: str, named: Sequence[Named]) -> str | None:
    """The actor's name as the sentence itself has it before the phrase that refers to it, else as the
    sentence before has it."""
    edge = reading.tokens[who.first].start
    before = sentence_before(reading, whole, named)
    own = [(reading, one) for one in reading.named if one.end <= edge]
    earlier = [(before, one) for one in before.named] if before is not None else []
    for of, one in own + earlier:
        if one.actor == actor and one.form != "demonym":
            return of.text[one.start : one.end]
    return None


def name_before(reading: Reading, who: Phrase, whole: str, named: Sequence[Named]) -> str | None:
    """For "he" or "she" the one person who spoke in the sentence before, as written there."""
    if written(reading, who).lower() not in ("he", "she"):
        return None
    before = sentence_before(reading, whole, named)
    spoke = {statement.who for statement in statements(before)} if before is not None else set()
    if before is None or len(spoke) != 1:
        return None
    one = spoke.pop()
    return written(before, one) if person(before, one) else None


def _subject(
    reading: Reading, who: Phrase, actors: Mapping[str, Actor], kinds: frozenset[Kind]
) -> str | None:
    """The actor that opens the sentence, when no other that the pronoun fits stands before it."""
    edge = reading.tokens[who.first].start
    fitting = [
        named
        for named in reading.named
        if named.end <= edge and named.actor is not None and named.form != "demonym"
        if actors[named.actor].kind in kinds
    ]
    opens = bool(fitting) and reading.text[: fitting[0].start].strip().lower() in {"", "the"}
    return fitting[0].actor if opens and len({named.actor for named in fitting}) == 1 else None


def _who_spoke(before: Reading, actors: Mapping[str, Actor], kinds: frozenset[Kind]) -> str | None:
    """The one speaker of the sentence before, when it alone there is of the kind that the pronoun fits; else
    the one that the sentence begins with."""
    spoke = {resolve(before, statement.who, actors) for statement in statements(before)}
    named = [
        one
        for one in before.named
        if one.actor is not None and one.form != "demonym" and actors[one.actor].kind in kinds
    ]
    fitting = {one.actor for one in named}
    opens = bool(named) and before.text[: named[0].start].strip().lower() in {"", "the"}
    if len(fitting) != 1 or not (spoke == fitting or (opens and not spoke)):
        return None
    return named[0].actor


def _in_role(before: Reading, actors: Mapping[str, Actor], role: str) -> str | None:
    """The one actor named in the sentence before that has the role."""
    bearers = {
        named.actor
        for named in before.named
        if named.actor is not None and named.form != "demonym" and role in actors[named.actor].roles
    }
    return bearers.pop() if len(bearers) == 1 else None
