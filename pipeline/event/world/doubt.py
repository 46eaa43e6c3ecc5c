"""Doubt: what tells a name from other words that are spelt alike, as a person declares it beside the name."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar, Literal

from pydantic import ConfigDict

from pipeline.mention.pattern import PatternError, parse
from pipeline.mention.subject import Condition, Examples, Phrases
from pipeline.outcome import Reason, Rejected


@dataclass(frozen=True, slots=True)
class Doubt:
    """Names that count only in company, with the keys that conditions of subjects have (docs/subjects.md).

    `names` are some of the actor's or place's own. Of a name that an actor and a place share, the doubts
    of either hold for both.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    names: Phrases
    needs: Phrases = ()
    barred_by: Phrases = ()
    despite: Phrases = ()
    reach: Literal["sentence", "text"] = "sentence"
    examples: Examples = field(default_factory=Examples)

    def condition(self) -> Condition:
        """The same as a condition."""
        return Condition("", self.names, self.needs, self.barred_by, self.despite, self.reach)


def shown_no_more(doubts: Iterable[Doubt]) -> tuple[Doubt, ...]:
    """The doubts by what they decide: examples show that and do not change it."""
    return tuple(replace(doubt, examples=Examples()) for doubt in doubts)


def wrong(
    doubts: Iterable[Doubt], exclusions: Mapping[str, Phrases], own: frozenset[str], where: str
) -> Rejected | None:
    """The first thing that is wrong with what one actor or place declares; `own` are its names."""
    lists = [(f"exclusions.{code}", phrases) for code, phrases in exclusions.items()]
    for number, doubt in enumerate(doubts):
        key = f"conditions.{number}"
        if stray := sorted(set(doubt.names) - own):
            return Rejected(
                Reason.BAD_FIELD, f"{key}.names: {stray[0]!r} is none of its names; list it", where
            )
        if not doubt.needs and not doubt.barred_by:
            return Rejected(Reason.BAD_FIELD, f"{key}: neither 'needs' nor 'barred_by'; add one", where)
        lists += [(f"{key}.{name}", getattr(doubt, name)) for name in ("needs", "barred_by", "despite")]
    fault = next(_unreadable(lists), None)
    return None if fault is None else Rejected(Reason.BAD_FIELD, fault, where)


def _unreadable(lists: Iterable[tuple[str, Phrases]]) -> Iterator[str]:
    for key, phrases in lists:
        for phrase in phrases:
            try:
                parse(phrase)
            except PatternError as error:
                yield f"{key}: {phrase!r} cannot be read: {error}"
