"""Holds what a stormy run published beside an undisturbed run of the same articles."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from agents.topics import ARTICLES
from tests.chaos.account import Account, Identity
from tests.whole.command import FILES

SHOWN = 3
"""Cases that are named of each kind of fault."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What must be empty: each list names what is wrong, in words."""

    unfed: list[str]
    lost: list[Identity]
    invented: list[Identity]
    disagree: list[Identity]
    stories: list[str]
    folds: list[str]
    others: list[str]

    @property
    def good(self) -> bool:
        """Nothing is wrong."""
        return not any(self.faults())

    def faults(self) -> Iterator[str]:
        """A line for each kind of fault, with its number and first cases."""
        kinds = (
            ("articles that were fed have no revision on `articles`", self.unfed),
            ("messages of the undisturbed run are missing", self.lost),
            ("messages are none of the undisturbed run", self.invented),
            ("messages have another value than in the undisturbed run", self.disagree),
            ("of the stories", self.stories),
            ("files of the fold differ", self.folds),
            ("other faults", self.others),
        )
        for words, found in kinds:
            if found:
                yield f"WRONG: {len(found)} {words}: {'; '.join(map(str, found[:SHOWN]))}"


def judge(
    fed: set[bytes], expected: Account, found: Account, folds: tuple[Path, Path], waiting: str = ""
) -> Verdict:
    """The verdict on `found`. `fed` are the articles' ids, `waiting` says what was never drained."""
    there = {key for topic, key, _, _ in found.values if topic == ARTICLES.name}
    return Verdict(
        unfed=[key.decode() for key in sorted(fed - there)],
        lost=sorted(expected.values.keys() - found.values.keys()),
        invented=sorted(found.values.keys() - expected.values.keys()),
        disagree=sorted(_disagreeing(expected, found)),
        stories=list(_stories(expected, found)),
        folds=[name for name in FILES if (folds[0] / name).read_bytes() != (folds[1] / name).read_bytes()],
        others=list(_others(found, waiting)),
    )


def _disagreeing(expected: Account, found: Account) -> Iterator[Identity]:
    """Each copy counts: a set of two values disagrees with itself."""
    for identity, values in found.values.items():
        if identity in expected.values and values != expected.values[identity]:
            yield identity


def _stories(expected: Account, found: Account) -> Iterator[str]:
    wanted, last = expected.stories.last, found.stories.last
    for story in sorted(wanted.keys() | last.keys()):
        if wanted.get(story) != last.get(story):
            yield f"{story.decode()}: its last summary is another"
    for where in found.stories.back:
        yield f"the sequence goes back: {where}"


def _others(found: Account, waiting: str) -> Iterator[str]:
    if waiting:
        yield waiting
    if found.dead:
        yield f"{len(found.dead)} dead letters, the first: {found.dead[0]}"
    if found.unreadable:
        yield f"{found.unreadable} messages cannot be read"
