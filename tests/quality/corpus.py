"""The labelled sentences: one file per capability and language, each case checked when it is read."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, ClassVar, Literal

from pydantic import ConfigDict, TypeAdapter, ValidationError

from pipeline.event.event import ActType, Polarity

FOLDER = Path(__file__).with_name("sentences")
HELD = Path(__file__).with_name("held")
"""Sentences that nobody looks at while writing rules: what is reached on them is what to expect."""
LANGUAGES = ("en", "ar", "he", "fr", "es", "de", "hi", "ru")
PUBLISHED = datetime(2024, 5, 4, 12, tzinfo=UTC)
STRICT = ConfigDict(extra="forbid")

Subject = Literal["ceasefire", "hostages", "rafah"]
Unit = Literal[
    "days", "weeks", "months", "years", "hours", "minutes", "people", "hostages", "prisoners", "soldiers",
    "bodies", "trucks", "rockets", "missiles", "drones", "strikes", "tanks", "homes", "buildings",
    "hospitals", "schools", "tents", "villages", "tonnes", "kilograms", "litres", "kilometres", "miles",
    "metres", "percent", "USD", "EUR", "GBP", "ILS", "RUB", "INR", "EGP",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What every labelled sentence has."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    why: str
    text: str

    def wrong(self) -> Iterator[str]:
        """What the labels say that the text does not hold."""
        return iter(())


@dataclass(frozen=True, slots=True, kw_only=True)
class Mentions(Case):
    """Which subjects the text mentions; `spans` are pairs of subject and words."""

    title: str = ""
    subjects: tuple[Subject, ...] = ()
    ignore: tuple[Subject, ...] = ()
    spans: tuple[tuple[Subject, str], ...] = ()

    def wrong(self) -> Iterator[str]:
        for subject, words in self.spans:
            if words not in self.text:
                yield f"the text does not hold {words!r}"
            if subject not in self.subjects:
                yield f"a span of {subject}, which is not among the subjects"


@dataclass(frozen=True, slots=True, kw_only=True)
class InContext(Case):
    """Actors, places and stories of an article."""

    title: str = ""
    published: datetime = PUBLISHED
    actors: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    stories: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class OfMention(Case):
    """A case about one mention, which begins in `text`; `before` is what stands in front of it."""

    mention: str
    before: str = ""

    def wrong(self) -> Iterator[str]:
        whole = f"{self.before} {self.text}"
        told = [self.mention, *(getattr(self, name, None) for name in ("verb", "words", "via", "hedge"))]
        for words in filter(None, told):
            if words not in self.text:
                yield f"the text does not hold {words!r}"
        speaker = getattr(self, "speaker", None)
        if speaker and speaker not in whole:
            yield f"neither the text nor what stands before it holds {speaker!r}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attributed(OfMention):
    """Whose words hold the mention; without `speaker` nobody's."""

    speaker: str | None = None
    actor: str | None = None
    verb: str | None = None
    words: str | None = None
    quoted: bool = False
    via: str | None = None

    def wrong(self) -> Iterator[str]:
        yield from OfMention.wrong(self)
        if self.speaker is None and (self.actor or self.verb or self.words):
            yield "there is no speaker, but an actor, a verb or words"
        if self.speaker is not None and not (self.verb and self.words):
            yield "a speaker needs the verb and the words attributed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stance(OfMention):
    """How the sentence stands to the thing mentioned."""

    polarity: Polarity = "unknown"
    hedge: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Acting(OfMention):
    """What somebody does about it; parties are ids of actors or words of the text."""

    act: ActType | None = None
    by: str | None = None
    to: str | None = None
    mediator: str | None = None

    def wrong(self) -> Iterator[str]:
        yield from OfMention.wrong(self)
        if self.act is None and (self.by or self.to or self.mediator):
            yield "parties without an act"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """One figure that the text gives."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    value: float
    unit: Unit
    surface: str
    high: float | None = None
    qualifier: str | None = None
    counted: str | None = None
    claimant: str | None = None
    as_of: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted(Case):
    """All figures of the text, in order."""

    before: str = ""
    figures: tuple[Quantity, ...] = ()

    def wrong(self) -> Iterator[str]:
        for one in self.figures:
            for words in filter(None, (one.surface, one.qualifier, one.counted, one.claimant)):
                if words not in self.text:
                    yield f"the text does not hold {words!r}"
            if one.qualifier and one.qualifier not in one.surface:
                yield f"{one.surface!r} does not hold its qualifier {one.qualifier!r}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """An expression of days and what it means, both days included."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    surface: str
    first: date
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated(Case):
    """All expressions of days in the text, in order."""

    published: datetime = PUBLISHED
    dates: tuple[Day, ...] = ()

    def wrong(self) -> Iterator[str]:
        for one in self.dates:
            if one.surface not in self.text:
                yield f"the text does not hold {one.surface!r}"
            if one.first > one.last:
                yield f"{one.surface!r} ends before it begins"


CAPABILITIES: dict[str, type[Case]] = {
    "mentions": Mentions,
    "context": InContext,
    "attribution": Attributed,
    "stance": Stance,
    "acts": Acting,
    "figures": Counted,
    "dates": Dated,
}


class CorpusError(Exception):
    """A file of the corpus that cannot be used; the message names the case and what is wrong with it."""


def read(
    capability: str, language: str, known: Mapping[str, frozenset[str]], folder: Path = FOLDER
) -> tuple[Any, ...]:
    """The cases of one file, in its order; none where there is no file. `known` are the ids of `actors`,
    `places` and `stories`.

    Raises CorpusError with a line for each fault.
    """
    path = folder / capability / f"{language}.toml"
    if not path.exists():
        return ()
    kind = CAPABILITIES[capability]
    adapter: TypeAdapter[Any] = TypeAdapter(kind)
    cases, wrong = [], []
    for number, given in enumerate(tomllib.loads(path.read_text("utf-8"))["case"], 1):
        where = f"{path.name} {capability} {number} ({given.get('why')})"
        try:
            case = adapter.validate_python(given)
        except ValidationError as error:
            wrong += [f"{where}: {'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()]
            continue
        wrong += [f"{where}: {fault}" for fault in (*case.wrong(), *_unknown(case, known))]
        cases.append(case)
    if wrong:
        raise CorpusError("\n".join(wrong))
    return tuple(cases)


def _unknown(case: Any, known: Mapping[str, frozenset[str]]) -> Iterator[str]:
    for name, ids in known.items():
        for one in sorted(getattr(case, name, frozenset()) - ids):
            yield f"{name}: there is no {one!r}"
    if isinstance(case, Attributed) and case.actor is not None and case.actor not in known["actors"]:
        yield f"there is no actor {case.actor!r}"
    if isinstance(case, Acting):
        for one in filter(None, (case.by, case.to, case.mediator)):
            if one not in known["actors"] and one not in case.text and one not in case.before:
                yield f"{one!r} is neither an actor nor in the text"
