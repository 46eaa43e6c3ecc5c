"""Scope: which articles belong to a configured story, told by the actors and places around its subjects.

A ceasefire is mentioned in every war; the story is one war's. Each naming of a configured actor or
place is evidence: *here* when the story declares it and it has a theatre, *support* when the story
declares it and it has none (a mediator, a state at war on several sides), *elsewhere* when it has a
theatre that nothing which the story declares has. Where a naming stands decides its weight.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from pydantic import ConfigDict, Field

from pipeline.article.article import Article
from pipeline.event.event import Finding
from pipeline.event.world.actor import Actor, Ident, Words
from pipeline.event.world.declared import declared, unknown_ids
from pipeline.event.world.gazetteer import Named
from pipeline.event.world.place import Place, surroundings
from pipeline.feed.entry import Origin
from pipeline.outcome import Reason, Rejected

IN_TITLE, IN_SENTENCE, IN_LEAD, IN_TEXT = 4, 2, 2, 1
"""Weights of a naming: in the title, in a sentence with a mention, in the lead, anywhere in the text."""

LEAD = 300
"""Characters of text that count as the lead: dateline, first sentence, often the second."""

MOST = 6
"""Namings of one actor or place that count, so that a name repeated does not outvote all others."""

PASSING = ("unlike in", "unlike", "as in", "like in", "similar to", "compared with", "compared to",
           "not just in", "other than", "apart from", "reminiscent of")  # fmt: skip
"""Words before a naming that only compare: it counts for nothing."""


@dataclass(frozen=True, slots=True)
class StoryScope:
    """A story's declaration: what it follows (`subjects`), whom and where, and from which origins.

    `actors` and `places` are ids; a place holds those within it. `note` is shown with every view.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    id: Ident
    title: Words
    subjects: Annotated[tuple[Ident, ...], Field(min_length=1)]
    origins: Annotated[tuple[Origin, ...], Field(min_length=1)]
    actors: tuple[Ident, ...] = ()
    places: tuple[Ident, ...] = ()
    note: str = ""


def read(data: Mapping[str, Any], where: str) -> StoryScope | Rejected:
    """The story that a file declares; `where` names the file. Ids are checked by `check`."""
    return declared(StoryScope, data, where)


def check(
    scope: StoryScope, subjects: Iterable[str], actors: Iterable[Actor], places: Iterable[Place]
) -> Rejected | None:
    """The first id in a story's declaration that no other declaration knows."""
    lists = (
        ("subjects", scope.subjects, list(subjects)),
        ("actors", scope.actors, [actor.id for actor in actors]),
        ("places", scope.places, [place.id for place in places]),
    )
    for key, wanted, known in lists:
        if unknown := unknown_ids(wanted, known):
            message = f"{key!r} names {unknown[0]!r}, which is not declared"
            return Rejected(Reason.BAD_FIELD, message, f"story {scope.id}")
    return None


@dataclass(frozen=True, slots=True)
class Anchors:
    """What a name says about a story: per actor and place the theatre it tells, or None for support."""

    here_actors: Mapping[str, str | None]
    here_places: Mapping[str, str | None]
    elsewhere_actors: Mapping[str, str]
    elsewhere_places: Mapping[str, str]


def anchors(scope: StoryScope, actors: Iterable[Actor], places: Sequence[Place]) -> Anchors:
    """The evidence table of a story, built once."""
    theatre = {actor.id: actor.theatre for actor in actors}
    around = surroundings(places)
    own = {place.id: place.theatre for place in places}
    locale = {ident: next((own[p] for p in chain if own[p]), None) for ident, chain in around.items()}
    inside = {ident for ident, chain in around.items() if set(chain) & set(scope.places)}
    told = {theatre[ident] for ident in scope.actors} | {locale[ident] for ident in inside}
    return Anchors(
        {ident: theatre[ident] for ident in scope.actors},
        {ident: locale[ident] for ident in inside},
        {ident: there for ident, there in theatre.items() if there and there not in told},
        {ident: there for ident, there in locale.items() if there and there not in told},
    )


def belongs(
    scope: StoryScope,
    evidence: Anchors,
    article: Article,
    findings: Sequence[Finding],
    named: tuple[Sequence[Named], Sequence[Named]],
) -> bool:
    """Whether an article with these findings of one subject is the story's.

    Its origin must be admitted. Then the weight of *here* must be at least that of the weightiest
    other theatre; without either, one naming in support in the title or beside a mention decides.
    """
    if article.origin not in scope.origins or not findings:
        return False
    weights = _weights(article, findings, named)
    here = support = 0
    elsewhere: Counter[str] = Counter()
    for (kind, ident), weight in weights.items():
        mine = evidence.here_actors if kind == "actor" else evidence.here_places
        other = evidence.elsewhere_actors if kind == "actor" else evidence.elsewhere_places
        if ident in mine:
            here += weight if mine[ident] else 0
            support += 0 if mine[ident] else weight
        elif ident in other:
            elsewhere[other[ident]] += weight
    rival = max(elsewhere.values(), default=0)
    return here >= rival if here else (support >= IN_SENTENCE and not rival)


def _weights(
    article: Article, findings: Sequence[Finding], named: tuple[Sequence[Named], Sequence[Named]]
) -> dict[tuple[str, str], int]:
    """The summed weight of each actor and place named, none counted more than MOST times."""
    sentences = {(f.sentence.field, f.sentence.start, f.sentence.end) for f in findings}
    spans = sorted((start, end) for field, start, end in sentences if field == "text")
    seen: Counter[tuple[str, str]] = Counter()
    weights: Counter[tuple[str, str]] = Counter()
    for whole, side, titled in ((article.title, named[0], True), (article.text, named[1], False)):
        for one, weight in _weighed(side, spans, titled):
            if _in_passing(whole, one.start):
                continue
            for key in _keys(one):
                seen[key] += 1
                weights[key] += weight if seen[key] <= MOST else 0
    return dict(weights)


def _weighed(
    side: Sequence[Named], spans: Sequence[tuple[int, int]], titled: bool
) -> Iterable[tuple[Named, int]]:
    """Each naming with its weight; both lists are sorted, so one pass does."""
    at = 0
    for one in side:
        while at < len(spans) and spans[at][1] <= one.start:
            at += 1
        beside = at < len(spans) and spans[at][0] <= one.start
        text = IN_SENTENCE if beside else IN_LEAD if one.start < LEAD else IN_TEXT
        yield one, IN_TITLE if titled else text


def _keys(one: Named) -> Iterable[tuple[str, str]]:
    """An actor that is a place as well ("Egypt") counts once, as the actor."""
    if one.actor is not None:
        yield "actor", one.actor
    elif one.place is not None:
        yield "place", one.place


def _in_passing(whole: str, start: int) -> bool:
    """Whether the naming stands behind words that only compare."""
    before = whole[max(0, start - 24) : start].lower().rstrip()
    before = before.removesuffix(" the") if before.endswith(" the") else before
    return before.endswith(PASSING)
