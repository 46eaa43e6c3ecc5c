"""Rules: the whole configuration that articles and events depend on, compiled once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from types import MappingProxyType

from pipeline.article.publisher import Publishers
from pipeline.codec import encode
from pipeline.event.lexicon import Lexicon, Words
from pipeline.event.world.actor import Actor
from pipeline.event.world.doubt import shown_no_more
from pipeline.event.world.gazetteer import Gazetteer, gazetteer
from pipeline.event.world.place import Place
from pipeline.event.world.scope import Anchors, StoryScope, anchors, check
from pipeline.ids import rules_digest
from pipeline.mention.detect import Detector
from pipeline.mention.subject import Subject, without_examples
from pipeline.outcome import Reason, Rejected

DETECTION_VERSION = 7
"""Counts the changes of code that find other things under the same configuration: raise it with each,
so that `rebuild` publishes under new ids instead of passing the old events off as current."""


Grammar = Mapping[str, Mapping[str, Lexicon]]
"""Lexicons by what they tell (lexicon.CAPABILITIES) and language."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The configuration, each list sorted by id, with what is compiled from it and its digest; `words` holds
    the digests of those in `grammar`."""

    subjects: tuple[Subject, ...]
    publishers: Publishers
    actors: tuple[Actor, ...]
    places: tuple[Place, ...]
    stories: tuple[StoryScope, ...]
    detector: Detector
    gazetteer: Gazetteer
    actors_by_id: Mapping[str, Actor]
    scopes: tuple[tuple[StoryScope, Anchors], ...]
    grammar: Grammar
    words: Mapping[str, Mapping[str, str]]
    digest: str


def compile_rules(
    subjects: Iterable[Subject],
    publishers: Publishers,
    actors: Iterable[Actor] = (),
    places: Iterable[Place] = (),
    stories: Iterable[StoryScope] = (),
    words: Mapping[str, Mapping[str, Words]] = MappingProxyType({}),
) -> Rules | Rejected:
    """The rules of a configuration, in whatever order its files were read; `words` by what they tell and
    language.

    Rejected: an id given twice, a name that stands for two actors or places, a story that names an
    unknown subject, actor or place.
    """
    listed_subjects = tuple(sorted(subjects, key=lambda one: one.id))
    listed_actors = tuple(sorted(actors, key=lambda one: one.id))
    listed_places = tuple(sorted(places, key=lambda one: one.id))
    listed_stories = tuple(sorted(stories, key=lambda one: one.id))
    wrong = _wrong(listed_subjects, listed_actors, listed_places, listed_stories)
    names = gazetteer(listed_actors, listed_places)
    digests = {name: {code: one.digest for code, one in of.items()} for name, of in words.items()}
    if wrong is not None or isinstance(names, Rejected):
        return wrong or names  # type: ignore[return-value]
    return Rules(
        listed_subjects,
        publishers,
        listed_actors,
        listed_places,
        listed_stories,
        Detector(listed_subjects),
        names,
        MappingProxyType({actor.id: actor for actor in listed_actors}),
        tuple((story, anchors(story, listed_actors, listed_places)) for story in listed_stories),
        {name: {code: Lexicon(one.roles) for code, one in of.items()} for name, of in words.items()},
        digests,
        _digest(listed_subjects, publishers, listed_actors, listed_places, listed_stories, digests),
    )


def _wrong(
    subjects: tuple[Subject, ...],
    actors: tuple[Actor, ...],
    places: tuple[Place, ...],
    stories: tuple[StoryScope, ...],
) -> Rejected | None:
    """The first thing that is wrong between the declarations."""
    for kind, listed in (("subject", subjects), ("actor", actors), ("place", places), ("story", stories)):
        if (twice := _twice([one.id for one in listed])) is not None:
            return Rejected(Reason.BAD_FIELD, f"the {kind} {twice!r} is declared twice", twice)
    ids = [subject.id for subject in subjects]
    return next((bad for story in stories if (bad := check(story, ids, actors, places))), None)


def _twice(ids: list[str]) -> str | None:
    """The first id of a sorted list that stands there again."""
    return next((one for one, other in pairwise(ids) if one == other), None)


def _digest(
    subjects: tuple[Subject, ...],
    publishers: Publishers,
    actors: tuple[Actor, ...],
    places: tuple[Place, ...],
    stories: tuple[StoryScope, ...],
    words: Mapping[str, Mapping[str, str]],
) -> str:
    """16 hex over the canonical JSON of everything that decides what is found."""
    listed = sorted(publishers.all, key=lambda one: one.id)
    rules = {
        "version": DETECTION_VERSION,
        "subjects": [without_examples(subject) for subject in subjects],
        "publishers": [one.model_dump(mode="json") for one in listed],
        "actors": [replace(one, conditions=shown_no_more(one.conditions)) for one in actors],
        "places": [replace(one, conditions=shown_no_more(one.conditions)) for one in places],
        "stories": stories,
        "words": words,
    }
    return rules_digest(encode(rules))
