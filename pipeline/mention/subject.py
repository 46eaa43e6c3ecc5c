"""Subject: what a user tracks, read from one TOML file. The format is described in docs/subjects.md."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from pipeline.mention.pattern import PatternError, parse
from pipeline.outcome import Reason, Rejected

Phrases = tuple[str, ...]
ByLanguage = dict[str, Phrases]

_STRICT = ConfigDict(extra="forbid")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_REFERENCE = "@"


@dataclass(frozen=True, slots=True)
class Condition:
    """Aliases that count only in company.

    `needs`: one of these must stand near by. `barred_by`: none of these may, unless one of `despite`
    does too. Near is the same sentence, or with reach "text" the title and text together.
    """

    language: str
    aliases: Phrases
    needs: Phrases = ()
    barred_by: Phrases = ()
    despite: Phrases = ()
    reach: Literal["sentence", "text"] = "sentence"


@dataclass(frozen=True, slots=True)
class Subject:
    """A tracked subject. Phrases are patterns (pattern.py); aliases and exclusions go by language code.

    An alias that overlaps a place of one of the `exclusions` does not count. References to word
    lists ("@captors") in conditions are resolved.
    """

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
    title: Annotated[str, Field(min_length=1)]
    description: str = ""
    aliases: ByLanguage = field(default_factory=dict)
    exclusions: ByLanguage = field(default_factory=dict)
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class _File(Subject):
    """The file as written: with named word lists that conditions refer to."""

    words: dict[str, Phrases] = field(default_factory=dict)


_File.__pydantic_config__ = _STRICT  # type: ignore[attr-defined]
Condition.__pydantic_config__ = _STRICT  # type: ignore[attr-defined]
_READER: TypeAdapter[_File] = TypeAdapter(_File)


class _Wrong(ValueError):
    """What is wrong with a subject file, at `args[1]`."""


def read(data: Mapping[str, Any], where: str) -> Subject | Rejected:
    """The subject that a TOML document holds, or what is wrong with it, where, and what to do.

    `where` names the file. Rejections carry Reason.BAD_FIELD.
    """
    try:
        file = _READER.validate_python(dict(data))
        subject = _resolved(file)
        _check(subject)
    except ValidationError as error:
        key, problem = _first(error)
        return Rejected(Reason.BAD_FIELD, f"{key}: {problem}", where)
    except _Wrong as error:
        return Rejected(Reason.BAD_FIELD, f"{error.args[1]}: {error.args[0]}", where)
    return subject


def _first(error: ValidationError) -> tuple[str, str]:
    """The key and the problem of the first thing that validation found."""
    first = error.errors(include_url=False)[0]
    key = ".".join(str(part) for part in first["loc"])
    if first["type"] == "unexpected_keyword_argument":
        known = ", ".join(_FIELDS if len(first["loc"]) == 1 else _CONDITION_FIELDS)
        return key, f"unknown key; the keys here are {known}"
    if first["type"] in ("missing", "missing_argument"):
        return key, "missing; add it to the file"
    return key, f"{first['msg']} (it is {first['input']!r:.60})"


_FIELDS = ("id", "title", "description", "aliases", "exclusions", "words", "conditions")
_CONDITION_FIELDS = ("language", "aliases", "needs", "barred_by", "despite", "reach")


def _resolved(file: _File) -> Subject:
    """The file's subject with its word lists put where they are referred to."""
    conditions = tuple(
        Condition(
            condition.language,
            condition.aliases,
            _phrases(file, condition.needs, f"conditions.{number}.needs"),
            _phrases(file, condition.barred_by, f"conditions.{number}.barred_by"),
            _phrases(file, condition.despite, f"conditions.{number}.despite"),
            condition.reach,
        )
        for number, condition in enumerate(file.conditions)
    )
    return Subject(file.id, file.title, file.description, file.aliases, file.exclusions, conditions)


def _phrases(file: _File, written: Phrases, key: str) -> Phrases:
    """Phrases with each "@name" replaced by that list of [words]."""
    found: list[str] = []
    for phrase in written:
        name = phrase.removeprefix(_REFERENCE)
        if name == phrase:
            found.append(phrase)
        elif name in file.words:
            found += file.words[name]
        else:
            known = ", ".join(sorted(file.words)) or "none"
            raise _Wrong(f"there is no list {name!r} in [words] (known: {known})", key)
    return tuple(found)


def _check(subject: Subject) -> None:
    """Raises _Wrong for an alias listed twice, a bad language code, a condition without a condition."""
    if not any(True for _ in aliases(subject)):
        raise _Wrong("there is no alias to find; list some under [aliases] by language", "aliases")
    seen: dict[tuple[object, ...], str] = {}
    for language, alias, key in aliases(subject):
        _check_language(language, key)
        parsed = (language, *_parsed(alias, key))
        if parsed in seen:
            raise _Wrong(f"alias {alias!r} stands already in {seen[parsed]}; remove one of the two", key)
        seen[parsed] = key
    for language, phrases in subject.exclusions.items():
        _check_language(language, f"exclusions.{language}")
        for phrase in phrases:
            _parsed(phrase, f"exclusions.{language}")
    for number, condition in enumerate(subject.conditions):
        _check_condition(condition, f"conditions.{number}")


def _check_condition(condition: Condition, key: str) -> None:
    """A condition has aliases and a condition, in phrases that can be read."""
    if not condition.aliases:
        raise _Wrong("it has no aliases; list those that it is for", key)
    if not condition.needs and not condition.barred_by:
        raise _Wrong("it has neither 'needs' nor 'barred_by'; move its aliases to [aliases]", key)
    if condition.despite and not condition.barred_by:
        raise _Wrong("'despite' lifts 'barred_by', which is empty; remove it", key)
    for phrase in (*condition.needs, *condition.barred_by, *condition.despite):
        _parsed(phrase, key)


def _check_language(code: str, key: str) -> None:
    if not _LANGUAGE.fullmatch(code):
        raise _Wrong(f"{code!r} is no language code; use two or three small letters, such as 'en'", key)


def _parsed(phrase: str, key: str) -> Iterable[object]:
    try:
        return parse(phrase)
    except PatternError as error:
        raise _Wrong(f"{phrase!r} cannot be read: {error}", key) from None


def aliases(subject: Subject) -> Iterator[tuple[str, str, str]]:
    """(language, alias, key in the file) of every alias, those of conditions included."""
    for language, phrases in subject.aliases.items():
        for phrase in phrases:
            yield language, phrase, f"aliases.{language}"
    for number, condition in enumerate(subject.conditions):
        for phrase in condition.aliases:
            yield condition.language, phrase, f"conditions.{number}.aliases"
