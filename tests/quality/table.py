"""The quality of the detector as numbers: each measure by language, with its floor."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tests.quality.corpus import LANGUAGES
from tests.quality.judge import Verdict

ALL = "all"

KIND: Mapping[str, str] = {
    "mentions": "f1",
    "ceasefire": "f1",
    "hostages": "f1",
    "rafah": "f1",
    "spans": "share",
    "actors": "f1",
    "places": "f1",
    "stories": "share",
    "speaker": "share",
    "words": "share",
    "quoted": "share",
    "via": "share",
    "polarity": "share",
    "hedge": "share",
    "act": "precision",
    "acts found": "recall",
    "parties": "share",
    "figures": "f1",
    "dates": "share",
}
"""How each measure is summed up. `share` is that of right ones among all that are right, false or missed."""

COUNTED_AS = {"acts found": "act"}
"""Measures that sum up another one's verdicts in their own way."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Verdicts added up."""

    right: int = 0
    false: int = 0
    missed: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.right + other.right, self.false + other.false, self.missed + other.missed)

    @property
    def count(self) -> int:
        """What could be right or wrong."""
        return self.right + self.false + self.missed

    def value(self, kind: str) -> float:
        """From 0 to 1; 1 where there is nothing to find and nothing was found."""
        of = {
            "f1": self.right + (self.false + self.missed) / 2,
            "precision": self.right + self.false,
            "recall": self.right + self.missed,
            "share": self.count,
        }[kind]
        return self.right / of if of else 1.0


Tallies = Mapping[tuple[str, str], Tally]
"""By measure and language; ALL is every language together."""


def tallies(verdicts: Iterable[tuple[str, Verdict]]) -> dict[tuple[str, str], Tally]:
    """Add up (language, verdict) pairs."""
    found: dict[tuple[str, str], Tally] = {}
    for language, one in verdicts:
        for code in (language, ALL):
            key = (one.measure, code)
            found[key] = found.get(key, Tally()) + Tally(one.right, one.false, one.missed)
    return found


def values(found: Tallies) -> dict[str, dict[str, float]]:
    """Each measure's value by language, rounded down to a hundredth."""
    result: dict[str, dict[str, float]] = {}
    for measure, kind in KIND.items():
        for code in (ALL, *LANGUAGES):
            tally = found.get((COUNTED_AS.get(measure, measure), code))
            if tally is not None:
                result.setdefault(measure, {})[code] = int(100 * tally.value(kind) + 1e-9) / 100
    return result


def as_text(found: Tallies, floors: Mapping[str, Mapping[str, float]]) -> str:
    """A line for each measure; a value below its floor is marked."""
    shown = values(found)
    head = f"{'measure':12}{'kind':10}{'n':>6}" + "".join(f"{code:>7}" for code in (ALL, *LANGUAGES))
    lines = [head, "-" * len(head)]
    for measure, by_language in shown.items():
        count = found[COUNTED_AS.get(measure, measure), ALL].count
        cells = "".join(_cell(by_language, floors.get(measure, {}), code) for code in (ALL, *LANGUAGES))
        lines.append(f"{measure:12}{KIND[measure]:10}{count:6}{cells}")
    return "\n".join(lines)


def _cell(measured: Mapping[str, float], floors: Mapping[str, float], code: str) -> str:
    value = measured.get(code)
    if value is None:
        return f"{'':>7}"
    below = value < floors.get(code, 0.0)
    return f"{value:>6.2f}{'!' if below else ' '}"
