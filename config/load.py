"""Reads a configuration folder into rules, or names every problem of every file at once."""

import difflib
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any, TypeVar

from config import checked
from config.settings import FILE, FOLDER
from pipeline.article.publisher import PublisherError, Publishers, parse_publishers
from pipeline.event import lexicon
from pipeline.event.lexicon import CAPABILITIES, Roles, Words
from pipeline.event.world import actor, place, scope
from pipeline.event.world import examples as name_examples
from pipeline.event.world.actor import Actor
from pipeline.event.world.place import Place
from pipeline.event.world.scope import StoryScope
from pipeline.mention import examples, subject
from pipeline.mention.subject import Subject
from pipeline.outcome import Rejected
from pipeline.rules import Rules, compile_rules

T = TypeVar("T")
Reader = Callable[[Mapping[str, Any], str], T | Rejected]
"""How a room reads one document; the string names the file in its messages."""

SUBJECTS = "subjects"
STORIES = "stories"
GRAMMAR = "grammar"
ACTORS = "actors.toml"
PLACES = "places.toml"
PUBLISHERS = "publishers.toml"
FILES = (ACTORS, PLACES, PUBLISHERS)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong and what to do, a line for each fault; `where` names the file, and the entry where
    all faults are of one."""

    where: str
    message: str

    def __str__(self) -> str:
        return "\n".join(f"{self.where}: {line}" for line in self.message.splitlines())


@dataclass(frozen=True, slots=True)
class ConfigProblems:
    """Why a configuration cannot be used; as text a line for each fault."""

    problems: tuple[Problem, ...]

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))


def load_rules(config_dir: Path) -> Rules | ConfigProblems:
    """The rules that the files of `config_dir` declare; docs/reference.md lists the files."""
    if not config_dir.is_dir():
        return ConfigProblems((Problem(str(config_dir), "no such folder; the setting config_dir names it"),))
    files = Files(
        _each(config_dir, SUBJECTS, _subject),
        _each(config_dir, STORIES, lambda folder, name: _read(folder, name, scope.read)),
        _read(config_dir, ACTORS, actor.read),
        _read(config_dir, PLACES, place.read),
        _publishers(config_dir),
        {name: _grammar(config_dir, f"{GRAMMAR}/{name}") for name in CAPABILITIES},
    )
    problems = (*_strays(config_dir), *files.problems())
    rules = ConfigProblems(problems) if problems else _compiled(files)
    return _held(config_dir, rules) if isinstance(rules, Rules) else rules


@dataclass(frozen=True, slots=True)
class Files:
    """What each file holds, or what is wrong with it; subjects and stories by file name, words by what they
    tell and file name."""

    subjects: Mapping[str, Subject | Problem]
    stories: Mapping[str, StoryScope | Problem]
    actors: tuple[Actor, ...] | Problem
    places: tuple[Place, ...] | Problem
    publishers: Publishers | Problem
    grammar: Mapping[str, Mapping[str, Words | Problem]]

    def problems(self) -> Iterator[Problem]:
        """Everything that is wrong with single files, and between files that could be read."""
        everything = (
            *self.subjects.values(),
            *self.stories.values(),
            self.actors,
            self.places,
            self.publishers,
            *(found for files in self.grammar.values() for found in files.values()),
        )
        yield from (found for found in everything if isinstance(found, Problem))
        yield from _twice(self.subjects)
        yield from _twice(self.stories)
        yield from self._shared()
        yield from self._unknown()

    def _shared(self) -> Iterator[Problem]:
        """Aliases that two subjects have and neither says that it shares."""
        readable = [(name, found) for name, found in self.subjects.items() if isinstance(found, Subject)]
        for (name, one), (other_name, other) in combinations(readable, 2):
            for key, alias in subject.shared(other, one):
                yield Problem(
                    other_name,
                    f"{key}: {alias!r} is an alias of {one.id!r} ({name}), too; remove one of them, or write "
                    f"shares = [{one.id!r}] if an article is to count for both",
                )

    def _unknown(self) -> Iterator[Problem]:
        """Stories that name what no file declares; nothing is said while a file cannot be read."""
        subjects = [found.id for found in self.subjects.values() if isinstance(found, Subject)]
        if isinstance(self.actors, Problem) or isinstance(self.places, Problem):
            return
        if len(subjects) < len(self.subjects):
            return
        for name, story in self.stories.items():
            if isinstance(story, StoryScope):
                wrong = scope.check(story, subjects, self.actors, self.places)
                if wrong is not None:
                    yield Problem(name, f"{wrong.message}; declare it or take it out")


def _twice(files: Mapping[str, Subject | Problem] | Mapping[str, StoryScope | Problem]) -> Iterator[Problem]:
    """Ids that stand in two files."""
    seen: dict[str, str] = {}
    for name, found in files.items():
        if isinstance(found, Problem):
            continue
        if found.id in seen:
            yield Problem(
                name, f"id: {found.id!r} stands already in {seen[found.id]}; give one of them another"
            )
        seen.setdefault(found.id, name)


def _compiled(files: Files) -> Rules | ConfigProblems:
    """The rules of files without problems of their own; what they say together may still not fit."""
    rules = compile_rules(
        _good(files.subjects.values()),
        _only(files.publishers),
        _only(files.actors),
        _only(files.places),
        _good(files.stories.values()),
        {name: _by_language(found) for name, found in files.grammar.items()},
    )
    return ConfigProblems((_problem(rules, "the files together"),)) if isinstance(rules, Rejected) else rules


def _held(config_dir: Path, rules: Rules) -> Rules | ConfigProblems:
    """The rules, when the examples of names hold. Those of files as the project ships them were looked at by
    the project's tests."""
    wrong = [
        Problem(name, line)
        for name, declared in ((ACTORS, rules.actors), (PLACES, rules.places))
        if (config_dir / name).read_bytes() != (FOLDER / name).read_bytes()
        for line in name_examples.unheld(declared, rules.gazetteer)
    ]
    return ConfigProblems(tuple(wrong)) if wrong else rules


def _by_language(files: Mapping[str, Words | Problem]) -> dict[str, Words]:
    return {Path(name).stem: _only(found) for name, found in files.items()}


def _good(found: Iterable[T | Problem]) -> list[T]:
    return [_only(one) for one in found]


def _only(found: T | Problem) -> T:
    assert not isinstance(found, Problem), "problems were reported before"
    return found


def _each(config_dir: Path, folder: str, read: Callable[[Path, str], T | Problem]) -> dict[str, T | Problem]:
    """What is read from each TOML file of a folder, by name; a folder without one is a problem."""
    names = [f"{folder}/{path.name}" for path in sorted((config_dir / folder).glob("*.toml"))]
    if not names:
        return {f"{folder}/": Problem(f"{folder}/", "no file *.toml; one is needed for each of them")}
    return {name: read(config_dir, name) for name in names}


def _subject(config_dir: Path, name: str) -> Subject | Problem:
    """A subject whose examples hold. Those of a file that is as the project ships it were looked at by the
    project's tests: to look again would cost each start 400 ms."""
    data = _bytes(config_dir, name)
    if isinstance(data, Problem):
        return data
    found = _made(data, name, subject.read)
    if isinstance(found, Problem) or checked.known(data):
        return found
    wrong = tuple(examples.wrong(found))
    return Problem(name, "\n".join(wrong)) if wrong else found


def _grammar(config_dir: Path, folder: str) -> dict[str, Words | Problem]:
    """The words of each language; a file of the folder stands in for the project's of the same name."""
    own = {path.name for path in (config_dir / folder).glob("*.toml")}
    names = sorted(own | {path.name for path in (FOLDER / folder).glob("*.toml")})
    return {name: _words(config_dir if name in own else FOLDER, f"{folder}/{name}") for name in names}


def _words(config_dir: Path, name: str) -> Words | Problem:
    """The words of a file. One that is as the project ships it is sound, as the project's tests found, and is
    read when a text is in its language: all of them would cost each start 250 ms."""
    data = _bytes(config_dir, name)
    if isinstance(data, Problem):
        return data
    known = checked.words(data)
    if known is not None:
        return Words(known, lambda: _roles(data, name))
    found = _made(data, name, lexicon.read)
    return found if isinstance(found, Problem) else lexicon.words(found)


def _roles(data: bytes, name: str) -> Roles:
    """The roles of a file that is known to be sound."""
    return _only(_made(data, name, lexicon.read))


def _bytes(config_dir: Path, name: str) -> bytes | Problem:
    try:
        return (config_dir / name).read_bytes()
    except FileNotFoundError:
        return Problem(name, "no such file; create it, empty if there is nothing to declare")
    except OSError as error:
        return Problem(name, f"cannot be read: {error.strerror}")


def _text(data: bytes, name: str) -> str | Problem:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return Problem(name, f"not UTF-8 (byte {error.start}); save it as UTF-8")


def _read(config_dir: Path, name: str, read: Reader[T]) -> T | Problem:
    """What a room makes of one file."""
    data = _bytes(config_dir, name)
    return data if isinstance(data, Problem) else _made(data, name, read)


def _made(data: bytes, name: str, read: Reader[T]) -> T | Problem:
    """What a room makes of the bytes of one file."""
    text = _text(data, name)
    if isinstance(text, Problem):
        return text
    try:
        found = read(tomllib.loads(text), name)
    except tomllib.TOMLDecodeError as error:
        return Problem(name, f"not TOML: {error}; mend that line")
    return _problem(found, name) if isinstance(found, Rejected) else found


def _problem(why: Rejected, name: str) -> Problem:
    """A room's rejection as a problem whose place begins with the file."""
    return Problem(why.where if why.where.startswith(name) else f"{name}: {why.where}", why.message)


def _publishers(config_dir: Path) -> Publishers | Problem:
    data = _bytes(config_dir, PUBLISHERS)
    text = data if isinstance(data, Problem) else _text(data, PUBLISHERS)
    if isinstance(text, Problem):
        return text
    try:
        return parse_publishers(text, PUBLISHERS)
    except PublisherError as error:
        return Problem(PUBLISHERS, str(error).replace(f"{PUBLISHERS}: ", ""))


def _strays(config_dir: Path) -> Iterator[Problem]:
    """TOML files beside the known ones: a misspelt name would otherwise go unread."""
    for path in sorted(config_dir.glob("*.toml")):
        if path.name not in (*FILES, FILE):
            near = difflib.get_close_matches(path.name, FILES, n=1)
            meant = f"; did you mean {near[0]}?" if near else f"; the files here are {', '.join(FILES)}"
            yield Problem(path.name, f"no file of this name is read{meant}")
