"""Pointing: whom a pronoun, "the group" or a subject left out means: in the sentence itself and one sentence
back, and only where one alone fits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from pipeline.event.reading import before
from pipeline.event.saying.clause import Clause
from pipeline.event.saying.phrase import Phrase, phrase
from pipeline.event.saying.saying import two_capitals
from pipeline.event.saying.sayings import sayings
from pipeline.event.world.actor import Actor, Kind
from pipeline.event.world.gazetteer import Named

PERSON: frozenset[Kind] = frozenset(("person",))
THINGS: frozenset[Kind] = frozenset(("organisation", "state", "office"))

AHEAD = ("article", "adverb", "time", "and", "group", "official", "adjunct")
"""Roles of what may stand before the name with which a sentence begins."""

Known = tuple[str, str | None]
"""A name as written, and the actor that it names."""


@dataclass(frozen=True)
class Pointing:
    """The names that phrases of a reading may point to. `whole` and `named` are the field's."""

    clause: Clause
    actors: Mapping[str, Actor]
    whole: str
    named: Sequence[Named]

    def left_out(self) -> Known | None:
        """Whom a verb without its subject is said of."""
        clause = self._before
        people = [] if clause is None else self._fitting(clause, PERSON)
        if clause is not None and any(_behind_that(clause, one) for one in people):
            return self._spoke(clause)
        return self._back(PERSON, "") or (None if self._people else self._back(THINGS, ""))

    def _spoke(self, clause: Clause) -> Known | None:
        """The one actor who spoke in the sentence, where what was said named others."""
        who = {one.who for one in sayings(clause) if one.who is not None}
        named = [
            one
            for one in self._fitting(clause, PERSON | THINGS)
            if any(voice.start <= one.start and one.end <= voice.end for voice in who)
        ]
        return _written(clause, named[0]) if len(who) == 1 == len(named) else None

    def meant(self, who: Phrase) -> Known | None:
        """Whom a phrase that points means; None where nobody knows."""
        she = all(self.clause.has(k, "pronoun.she") for k in self.clause.words(who.first, who.last))
        if she and self._people:
            return None
        for kinds in self.kinds(who):
            found = self._own(who, kinds) or self._back(kinds, self._bare(who))
            if found is not None or (kinds == PERSON and self._people):
                return found
        return None

    def kinds(self, who: Phrase) -> tuple[frozenset[Kind], ...]:
        """What kinds of actor a phrase that names nobody may mean; none where it names somebody."""
        clause = self.clause
        words = list(clause.words(who.first, who.last))
        if any(k in clause.names or clause.has(k, "indefinite") for k in words):
            return ()
        if all(clause.has(k, "pronoun") for k in words):
            return _gender(clause, words)
        bare = [k for k in words if not clause.has(k, "article")]
        if not bare or ("title" in clause.lexicon.roles and len(bare) == len(words)):
            return ()
        if all(clause.has(k, "person") for k in bare):
            return (PERSON,)
        group = clause.has(bare[0], "group") and all(clause.has(k, "group", "attribute") for k in bare)
        return (THINGS,) if group else ()

    def _bare(self, who: Phrase) -> str:
        """The phrase without its article, in small letters."""
        clause = self.clause
        words = [k for k in clause.words(who.first, who.last) if not clause.has(k, "article")]
        return clause.reading.text[clause.tokens[words[0]].start : who.end].lower() if words else ""

    def _own(self, who: Phrase, kinds: frozenset[Kind]) -> Known | None:
        """The actor that opens the sentence itself, where no other that fits stands before the pronoun."""
        clause = self.clause
        if not clause.has(who.first, "pronoun"):
            return None
        first = clause.sentence_start(who.first)
        edge = clause.tokens[first].start
        ahead = [one for one in self._fitting(clause, kinds) if edge <= one.start and one.end <= who.start]
        if len({one.actor for one in ahead}) != 1 or not _opens(clause, ahead[0], first):
            return None
        return _written(clause, ahead[0])

    @cached_property
    def _before(self) -> Clause | None:
        """The sentence before the reading."""
        reading = before(self.clause.reading, self.whole, self.named)
        return None if reading is None else Clause(reading, self.clause.lexicon)

    @cached_property
    def _people(self) -> int:
        """How many people the sentence before names."""
        if self._before is None:
            return 0
        return len({one.actor for one in self._fitting(self._before, PERSON)}) + len(self._strangers)

    @cached_property
    def _strangers(self) -> tuple[Phrase, ...]:
        """Those who speak in the sentence before with a name that is not configured."""
        clause = self._before
        if clause is None:
            return ()
        spoke = {one.who for one in sayings(clause) if one.who is not None}
        return tuple(who for who in spoke if _stranger(clause, who))

    def _back(self, kinds: frozenset[Kind], role: str) -> Known | None:
        """The one actor of these kinds in the sentence before; of those with the role where there are any."""
        clause = self._before
        if clause is None:
            return None
        fitting = self._fitting(clause, kinds)
        bearing = [one for one in clause.reading.named if role and role in self._roles(one)]
        fitting = bearing or fitting
        if kinds == PERSON and self._strangers:
            return self._stranger(clause) if not fitting else None
        if kinds == THINGS and any(one.place is None for one in fitting):
            fitting = [one for one in fitting if one.place is None]
        if len({one.actor for one in fitting}) != 1:
            return None
        return _written(clause, fitting[0])

    def _stranger(self, clause: Clause) -> Known | None:
        """The one who spoke in the sentence before, as written there."""
        if len(self._strangers) != 1:
            return None
        one = self._strangers[0]
        return clause.reading.text[one.start : one.end], None

    def _roles(self, one: Named) -> Sequence[str]:
        known = one.actor is not None and one.form != "demonym"
        return self.actors[one.actor].roles if known and one.actor is not None else ()

    def _fitting(self, clause: Clause, kinds: frozenset[Kind]) -> list[Named]:
        """The namings of actors of these kinds."""
        return [
            one for one in clause.reading.named
            if one.actor is not None and one.form != "demonym" and self.actors[one.actor].kind in kinds
        ]  # fmt: skip


def _gender(clause: Clause, words: Sequence[int]) -> tuple[frozenset[Kind], ...]:
    """What kinds of actor the pronouns may mean."""
    if all(clause.has(k, "pronoun.person") for k in words):
        return (PERSON,)
    return (THINGS,) if all(clause.has(k, "pronoun.thing") for k in words) else (PERSON, THINGS)


def _stranger(clause: Clause, who: Phrase) -> bool:
    """Whether the phrase ends with two capitalised words and names nobody configured."""
    words = list(clause.words(who.first, who.last))[-2:]
    known = any(k in clause.names or clause.has(k, "group", "source") for k in range(who.first, who.last))
    return not known and two_capitals(clause, Phrase(words[0], who.last, who.start, who.end))


def _behind_that(clause: Clause, one: Named) -> bool:
    """Whether a conjunction stands in front of the name, so that it is what somebody said of him."""
    at = clause.token_at(one.start)
    return any(clause.has(k, "that") for k in range(clause.sentence_start(at), at))


def _opens(clause: Clause, one: Named, first: int) -> bool:
    """Whether the sentence begins with the name, with adverbs, conjunctions and offices in front at most."""
    return all(clause.has(k, *AHEAD) for k in clause.words(first, clause.token_at(one.start)))


def _written(clause: Clause, one: Named) -> Known:
    """The name with its article, and its actor; no article of a word that the name is a part of."""
    at = clause.token_at(one.start)
    own = at and clause.has(at - 1, "article") and not clause.has(at - 1, "article.of")
    found = phrase(clause, at - 1, at) if own and clause.reading.text[one.end : one.end + 1] != "-" else None
    return clause.reading.text[one.start if found is None else found.start : one.end], one.actor
