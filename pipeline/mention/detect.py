"""Detector: where a title and a text mention the tracked subjects."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from pipeline.mention.hashtags import Tags
from pipeline.mention.links import addresses
from pipeline.mention.matcher import Hit, Matcher, longest
from pipeline.mention.mention import Field, Mention, Sentence
from pipeline.mention.normal import Folded, fold
from pipeline.mention.pattern import Element, closed, parse, spelled
from pipeline.mention.reading import Lists, Reading, Role, parted
from pipeline.mention.sentences import Span, split
from pipeline.mention.subject import Condition, Subject


@dataclass(frozen=True, slots=True)
class _Alias:
    """A configured form: number of its subject, as written, number of its condition or -1."""

    subject: int
    form: str
    condition: int


Verdict = Literal["counts", "excluded", "out of company"]


@dataclass(frozen=True, slots=True)
class Judged:
    """A place where an alias stands, and whether it counts: `form` as configured, `condition` the number
    of its condition in its subject's file or -1."""

    subject: str
    surface: str
    form: str
    condition: int
    verdict: Verdict


class Detector:
    """Compiled from subjects when the first text comes; holds nothing of the texts it has seen."""

    def __init__(self, subjects: Sequence[Subject]) -> None:
        self._subjects = tuple(subjects)
        self._conditions: list[Condition] = []
        self._aliases: list[_Alias] = []
        self._firsts: list[int] = []
        self._company_of: list[Lists] = []
        self._lists: dict[tuple[str, ...], Role] = {}
        roles: dict[str, list[Role]] = {}
        for number, subject in enumerate(self._subjects):
            self._add(number, subject, roles)
        self._roles = list(roles.values())
        self._phrases = tuple(roles)

    @cached_property
    def _patterns(self) -> list[tuple[Element, ...]]:
        words = [subject.words for subject in self._subjects]
        return [parse(spelled(alias.form, words[alias.subject])) for alias in self._aliases]

    @cached_property
    def _matcher(self) -> Matcher:
        return Matcher(self._patterns, dense=True)

    @cached_property
    def _tags(self) -> Tags:
        return Tags(self._patterns)

    @cached_property
    def _company(self) -> Matcher:
        return Matcher([parse(phrase) for phrase in self._phrases])

    def _add(self, number: int, subject: Subject, roles: dict[str, list[Role]]) -> None:
        """Take in a subject's aliases, and its other phrases by what they do."""
        self._aliases += [_Alias(number, form, -1) for forms in subject.aliases.values() for form in forms]
        for phrases in subject.exclusions.values():
            _take(roles, [spelled(phrase, subject.words) for phrase in phrases], ("excludes", number))
        self._firsts.append(len(self._conditions))
        for condition in subject.conditions:
            place = len(self._conditions)
            self._conditions.append(condition)
            self._aliases += [_Alias(number, form, place) for form in condition.aliases]
            self._company_of.append(
                (
                    self._list(condition.needs, roles),
                    self._list(condition.barred_by, roles),
                    self._list(condition.despite, roles),
                )
            )

    def _list(self, phrases: tuple[str, ...], roles: dict[str, list[Role]]) -> Role | None:
        """The role of a list of company: one for all conditions that refer to the same phrases."""
        if phrases and phrases not in self._lists:
            self._lists[phrases] = ("company", len(self._lists))
            _take(roles, phrases, self._lists[phrases])
        return self._lists.get(phrases)

    def detect(self, title: str, text: str, language: str | None = None) -> tuple[Mention, ...]:
        """Mentions in title and text, sorted by field (title first), place and subject.

        `language` (BCP 47 tag, None when unknown) only guides where sentences end: aliases of every
        language apply, since titles and quotations mix them. Any string will do; time is linear.
        """
        mentions: list[Mention] = []
        for name, reading, hits in self._readings(title, text, language):
            mentions += self._mentions(reading, name, hits)
        return tuple(mentions)

    def judged(self, text: str, language: str | None = None) -> tuple[Judged, ...]:
        """Every readable place of an alias in a text without a title, and why it counts or not."""
        found: list[Judged] = []
        for _, reading, hits in self._readings("", text, language):
            for hit in sorted(hits, key=lambda hit: (hit.start, hit.pattern)):
                if self._readable(reading, hit):
                    alias, (start, end) = self._aliases[hit.pattern], reading.span(hit)
                    subject = self._subjects[alias.subject].id
                    number = alias.condition - self._firsts[alias.subject] if alias.condition >= 0 else -1
                    verdict = self._verdict(reading, hit)
                    found.append(Judged(subject, text[start:end], alias.form, number, verdict))
        return tuple(found)

    def _readings(
        self, title: str, text: str, language: str | None
    ) -> Iterator[tuple[Field, Reading, list[Hit]]]:
        """Title and text as far as aliases stand in them, each with what its aliases are judged by."""
        found = [self._found("title", title), self._found("text", text)]
        if not any(hits for _, _, hits in found):
            return
        company = [self._find_company(folded) for _, folded, _ in found]
        for n, (name, folded, hits) in enumerate(found):
            if hits:
                sentences = split(folded.original, language)
                links = addresses(folded.original)
                yield name, Reading(folded, sentences, links, company[n], company[1 - n].keys()), hits

    def _found(self, name: Field, original: str) -> tuple[Field, Folded, list[Hit]]:
        """Where aliases stand in one string. Most have none, which costs folding and one automaton run."""
        folded = fold(original)
        return name, folded, [*self._matcher.find(folded), *self._tags.find(folded)]

    def _mentions(self, reading: Reading, name: Field, hits: Iterable[Hit]) -> Iterator[Mention]:
        """The hits that count, as mentions; those of a sentence share it."""
        sentences: dict[Span, Sentence] = {}
        for hit, subject in self._counted(reading, hits):
            span = reading.sentence(reading.span(hit))
            if span not in sentences:
                sentences[span] = Sentence(name, *span, reading.folded.original[slice(*span)])
            form = self._aliases[hit.pattern].form
            yield _mention(reading, hit, self._subjects[subject].id, form, sentences[span])

    def _find_company(self, folded: Folded) -> dict[Role, list[Hit]]:
        """Where the phrases of exclusions and conditions stand."""
        found: dict[Role, list[Hit]] = {}
        for hit in sorted(self._company.find(folded), key=lambda hit: (hit.start, hit.end)):
            for role in self._roles[hit.pattern]:
                found.setdefault(role, []).append(hit)
        return found

    def _counted(self, reading: Reading, hits: Iterable[Hit]) -> list[tuple[Hit, int]]:
        """The hits that count with their subject's number: the longest of each, in order of place."""
        by_subject: dict[int, list[Hit]] = {}
        for hit in hits:
            if self._readable(reading, hit) and self._verdict(reading, hit) == "counts":
                by_subject.setdefault(self._aliases[hit.pattern].subject, []).append(hit)
        counted = [(hit, subject) for subject, found in by_subject.items() for hit in longest(found)]
        return sorted(counted, key=lambda pair: (pair[0].start, pair[1]))

    def _readable(self, reading: Reading, hit: Hit) -> bool:
        """Is it something one reads, and as one name where the alias is one?"""
        return reading.readable(hit) and not (
            parted(reading.folded, hit) and closed(self._patterns[hit.pattern])
        )

    def _verdict(self, reading: Reading, hit: Hit) -> Verdict:
        """Excluded, without the company its condition asks for, or neither."""
        alias = self._aliases[hit.pattern]
        if reading.excluded(hit, alias.subject):
            return "excluded"
        number = alias.condition
        if number < 0 or reading.holds(
            self._conditions[number],
            self._company_of[number],
            hit,
            reading.own(hit, not closed(self._patterns[hit.pattern])),
        ):
            return "counts"
        return "out of company"


def _take(roles: dict[str, list[Role]], phrases: Iterable[str], role: Role) -> None:
    for phrase in phrases:
        roles.setdefault(phrase, []).append(role)


def _mention(reading: Reading, hit: Hit, subject: str, form: str, sentence: Sentence) -> Mention:
    """The hit in original offsets."""
    start, end = reading.span(hit)
    surface = reading.folded.original[start:end]
    return Mention(subject, sentence.field, start, end, surface, form, sentence)
