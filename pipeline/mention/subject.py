"""Subject: what a user tracks, read from one TOML file. The format is described in docs/subjects.md."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from pipeline.faults import NAME, Location, faults, like, lines
from pipeline.mention.pattern import PatternError, parse, spelled
from pipeline.outcome import Reason, Rejected

Phrases = tuple[str, ...]
ByLanguage = dict[str, Phrases]
Alias = tuple[str, str, str]
"""Language, alias as written, key in the file."""

Reach = Literal["sentence", "nearest", "text"]
"""How far from an alias its company may stand."""

_STRICT = ConfigDict(extra="forbid")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_NAME = re.compile(r"@[\w-]+")


@dataclass(frozen=True, slots=True)
class Examples:
    """Sentences that a rule `finds` something in, and sentences that it `leaves` without a mention."""

    finds: Phrases = ()
    leaves: Phrases = ()


@dataclass(frozen=True, slots=True)
class Condition:
    """Aliases that count only in company.

    `needs`: one of these must stand near by. `barred_by`: none of these may, unless one of `despite`
    does too. Near is the same sentence; with reach "text" the title and text together, and with "nearest"
    the sentence where one of all these phrases stands in it, or else the title and text together.
    """

    language: str
    aliases: Phrases
    needs: Phrases = ()
    barred_by: Phrases = ()
    despite: Phrases = ()
    reach: Reach = "sentence"
    examples: Examples = Examples()


@dataclass(frozen=True, slots=True)
class Subject:
    """A tracked subject. Phrases are patterns (pattern.py); aliases and exclusions go by language code.

    An alias that overlaps a place of one of the `exclusions` does not count. Phrases may refer to the
    lists of `words` ("@captors"); where one is all of a phrase of a condition's company it is resolved.
    `examples` by language are of its aliases and exclusions. `shares` names the subjects that may have
    an alias of this one, too.
    """

    id: Annotated[str, like(r"[a-z][a-z0-9-]{0,39}", f"at most 40 {NAME}")]
    title: Annotated[str, Field(min_length=1)]
    description: str = ""
    aliases: ByLanguage = field(default_factory=dict)
    exclusions: ByLanguage = field(default_factory=dict)
    conditions: tuple[Condition, ...] = ()
    words: dict[str, Phrases] = field(default_factory=dict)
    examples: dict[str, Examples] = field(default_factory=dict)
    shares: Phrases = ()


Subject.__pydantic_config__ = _STRICT  # type: ignore[attr-defined]
Condition.__pydantic_config__ = _STRICT  # type: ignore[attr-defined]
Examples.__pydantic_config__ = _STRICT  # type: ignore[attr-defined]
_READER: TypeAdapter[Subject] = TypeAdapter(Subject)


def read(data: Mapping[str, Any], where: str) -> Subject | Rejected:
    """The subject that a TOML document holds, or what is wrong with it and what to do, a line for each
    fault.

    `where` names the file. Rejections carry Reason.BAD_FIELD.
    """
    wrong: list[object] = []
    try:
        file = _READER.validate_python(dict(data))
    except ValidationError as error:
        wrong = [*faults(error, _known), *_in_aliases(_readable(data), _readable_words(data))]
    else:
        wrong = [*_in_aliases(aliases(file), file.words), *_in_file(file)]
        if not wrong:
            return _resolved(file)
    return Rejected(Reason.BAD_FIELD, lines(wrong), where)


_FIELDS = tuple(one.name for one in fields(Subject))
_CONDITION_FIELDS = tuple(one.name for one in fields(Condition))
_EXAMPLE_FIELDS = tuple(one.name for one in fields(Examples))


def _known(location: Location) -> tuple[str, ...]:
    if "examples" in location:
        return _EXAMPLE_FIELDS
    return _CONDITION_FIELDS if location else _FIELDS


def _readable(data: Mapping[str, Any]) -> Iterator[Alias]:
    """The aliases under [aliases] of a document that has faults, as far as they are lists of texts."""
    listed = data.get("aliases")
    for language, phrases in listed.items() if isinstance(listed, Mapping) else ():
        for phrase in phrases if isinstance(phrases, list) else ():
            if isinstance(phrase, str):
                yield language, phrase, f"aliases.{language}"


def _readable_words(data: Mapping[str, Any]) -> dict[str, Phrases]:
    """The lists under [words] of a document that has faults, as far as they are lists of texts."""
    listed = data.get("words")
    return {
        name: tuple(phrase for phrase in phrases if isinstance(phrase, str))
        for name, phrases in (listed.items() if isinstance(listed, Mapping) else ())
        if isinstance(phrases, list)
    }


def _in_aliases(listed: Iterable[Alias], words: Mapping[str, Phrases]) -> Iterator[str]:
    """Aliases listed twice or unreadable, and bad language codes."""
    seen: dict[tuple[object, ...], str] = {}
    coded: set[str] = set()
    for language, alias, key in listed:
        if key not in coded:
            coded.add(key)
            yield from _in_language(language, key)
        yield from _in_phrases((alias,), key, words)
        parsed = (language, *_parts(alias, words))
        if len(parsed) > 1 and parsed in seen:
            yield f"{key}: alias {alias!r} stands already in {seen[parsed]}; remove one of the two"
        seen.setdefault(parsed, key)


def _in_file(file: Subject) -> Iterator[str]:
    """No alias at all, and what is wrong with exclusions and conditions."""
    if not any(True for _ in aliases(file)):
        yield "aliases: there is no alias to find; list some under [aliases] by language"
    for language, phrases in file.exclusions.items():
        yield from _in_language(language, f"exclusions.{language}")
        yield from _in_phrases(phrases, f"exclusions.{language}", file.words)
    for language in file.examples:
        if language not in file.aliases and language not in file.exclusions:
            yield f"examples.{language}: there are neither aliases nor exclusions of {language!r} to show"
    for number, condition in enumerate(file.conditions):
        yield from _in_condition(condition, file.words, f"conditions.{number}")


def _in_condition(condition: Condition, words: Mapping[str, Phrases], key: str) -> Iterator[str]:
    """A condition has aliases and a condition, in phrases that can be read and lists that are there."""
    if not condition.aliases:
        yield f"{key}: it has no aliases; list those that it is for"
    if not condition.needs and not condition.barred_by:
        yield f"{key}: it has neither 'needs' nor 'barred_by'; move its aliases to [aliases]"
    if condition.despite and not condition.barred_by:
        yield f"{key}: 'despite' lifts 'barred_by', which is empty; remove it"
    for name in ("needs", "barred_by", "despite"):
        for phrase in getattr(condition, name):
            listed = words.get(phrase[1:]) if _NAME.fullmatch(phrase) else None
            yield from _in_phrases((phrase,) if listed is None else listed, f"{key}.{name}", words)


def _in_language(code: str, key: str) -> Iterator[str]:
    if not _LANGUAGE.fullmatch(code):
        yield f"{key}: {code!r} is no language code; use two or three small letters, such as 'en'"


def _in_phrases(phrases: Iterable[str], key: str, words: Mapping[str, Phrases]) -> Iterator[str]:
    for phrase in phrases:
        try:
            parse(spelled(phrase, words))
        except PatternError as error:
            yield f"{key}: {phrase!r} cannot be read: {error}"


def _parts(phrase: str, words: Mapping[str, Phrases]) -> tuple[object, ...]:
    """What a phrase is compared by; nothing when it cannot be read."""
    try:
        return tuple(parse(spelled(phrase, words)))
    except PatternError:
        return ()


def _resolved(file: Subject) -> Subject:
    """The file's subject with its word lists put where a condition's company is one of them."""
    conditions = tuple(
        replace(
            condition,
            needs=_phrases(file, condition.needs),
            barred_by=_phrases(file, condition.barred_by),
            despite=_phrases(file, condition.despite),
        )
        for condition in file.conditions
    )
    return replace(file, conditions=conditions)


def _phrases(file: Subject, written: Phrases) -> Phrases:
    """Phrases with their lists: one that is a list alone gives the phrases of that list."""
    found: list[str] = []
    for phrase in written:
        listed = file.words[phrase[1:]] if _NAME.fullmatch(phrase) else (phrase,)
        found += (spelled(one, file.words) for one in listed)
    return tuple(found)


def without_examples(subject: Subject) -> Subject:
    """The subject by what it finds: examples show that and do not change it."""
    conditions = tuple(replace(condition, examples=Examples()) for condition in subject.conditions)
    return replace(subject, conditions=conditions, examples={})


def shared(subject: Subject, other: Subject) -> Iterator[tuple[str, str]]:
    """(key in `subject`, alias) of each alias of a language that `other` has, too, unless one of them says
    that it shares it."""
    if other.id == subject.id or other.id in subject.shares or subject.id in other.shares:
        return
    theirs = {(language, *_parts(alias, other.words)) for language, alias, _ in aliases(other)}
    for language, alias, key in aliases(subject):
        if (language, *_parts(alias, subject.words)) in theirs:
            yield key, alias


def aliases(subject: Subject) -> Iterator[Alias]:
    """(language, alias, key in the file) of every alias, those of conditions included."""
    for language, phrases in subject.aliases.items():
        for phrase in phrases:
            yield language, phrase, f"aliases.{language}"
    for number, condition in enumerate(subject.conditions):
        for phrase in condition.aliases:
            yield condition.language, phrase, f"conditions.{number}.aliases"
