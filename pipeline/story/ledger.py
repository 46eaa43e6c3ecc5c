"""Claim ledger: figures grouped by quantity, side by side with whoever claims them; nothing is averaged.

Reports of a quantity by one claimant are put in order of what they speak of: as-of day (else the
article's day), then the article's moment. The values of the last article stand; other values before
them are superseded. A copy's own figures are its origin's, so seven reprints make one claim.
Where no article says closely what is counted (words.is_specific), each value stands.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from operator import attrgetter
from typing import NamedTuple

from pipeline.story.contribution import Place, Reported, Value
from pipeline.story.limits import Limits
from pipeline.story.provenance import UNDATED, Provenance, cite
from pipeline.story.story import Story
from pipeline.story.summary import Claim, Quantity, Superseded
from pipeline.story.words import quantity_words

SAME_DAYS = 3
"""Days within which two claims speak of the same state of things: counts of the displaced or the dead are
published every one to three days."""
Quantities = dict[str, list[Reported]]
"""Reports by quantity, in order."""


class Standing(NamedTuple):
    """A value that `by` stands by: the reports of it since, and what it replaced."""

    by: str
    value: Value
    reports: list[Reported]
    superseded: list[Reported]


def quantities(story: Story) -> Quantities:
    """Every report of every quantity, in order; a figure that several subjects' rows carry counts once."""
    grouped: Quantities = {}
    for row in story.rows:
        for reported in row.figures:
            grouped.setdefault(reported.quantity, []).append(reported)
    for quantity, reports in grouped.items():
        reports.sort(key=attrgetter("order"))
        grouped[quantity] = [each for at, each in enumerate(reports) if not at or _moved(reports, at)]
    return grouped


def _moved(reports: list[Reported], at: int) -> bool:
    return reports[at].order != reports[at - 1].order


@dataclass(frozen=True, slots=True)
class Ledger:
    """The reports of each quantity in order, and the values that stand after them."""

    reports: Quantities
    standing: dict[str, list[Standing]]

    def stale(self, articles: Collection[str]) -> set[Place]:
        """Sentences of these articles that give a value which its claimant has replaced since."""
        return {
            (report.source.article, report.sentence.field, report.sentence.start)
            for values in self.standing.values()
            for each in values
            for report in each.superseded
            if report.source.article in articles
        }


def settle(story: Story) -> Ledger:
    """Works out which of the story's figures stand."""
    grouped = quantities(story)
    return Ledger(grouped, {ident: _settled(story, reports) for ident, reports in grouped.items()})


def _settled(story: Story, reports: list[Reported]) -> list[Standing]:
    settled = _standing if comparable(reports) else _all_standing
    claimants = _by_claimant(story, reports)
    return [value for by in sorted(claimants) for value in settled(by, claimants[by])]


def comparable(reports: Iterable[Reported]) -> bool:
    """Whether the reports of a quantity can be taken to count the same thing."""
    return any(report.specific for report in reports)


def figures(story: Story, ledger: Ledger, limits: Limits) -> tuple[Quantity, ...]:
    """Comparable quantities first, then those of most independent origins, then the newest reported."""
    ranked = sorted(ledger.reports, key=lambda ident: _rank(story, ident, ledger.reports[ident]))
    return tuple(_quantity(story, ident, ledger, limits) for ident in ranked[: limits.quantities])


def _rank(story: Story, quantity: str, reports: list[Reported]) -> tuple[bool, int, int, str]:
    origins = len({story.traced[report.source.article].origin for report in reports})
    newest = max(report.source.moment for report in reports)
    return not comparable(reports), -origins, -newest, quantity


def _quantity(story: Story, ident: str, ledger: Ledger, limits: Limits) -> Quantity:
    reports, standing = ledger.reports[ident], ledger.standing[ident]
    figure = reports[-1].figure
    compared = comparable(reports)
    shown = _side_by_side(standing)[: limits.claims]
    return Quantity(
        id=ident,
        unit=figure.unit,
        counted=figure.counted if quantity_words(figure.counted or "") else None,
        comparable=compared,
        disputed=compared and _disputed(standing),
        claims=tuple(_claim(story, each, limits.superseded) for each in shown),
    )


def _by_claimant(story: Story, reports: Iterable[Reported]) -> dict[str, list[Reported]]:
    claimants: dict[str, list[Reported]] = {}
    for report in reports:
        by = report.by or f"source:{story.traced[report.source.article].origin}"
        claimants.setdefault(by, []).append(report)
    return claimants


def _all_standing(by: str, reports: Iterable[Reported]) -> Iterator[Standing]:
    """Each value on its own, where nothing says that two of them count the same."""
    values: dict[Value, list[Reported]] = {}
    for report in reports:
        values.setdefault(report.value, []).append(report)
    return (Standing(by, value, theirs, []) for value, theirs in values.items())


def _standing(by: str, reports: list[Reported]) -> Iterator[Standing]:
    """The values of the last article, each with its reports since the claimant last said anything else.

    Two values of one article about one day stand together: its author meant both. What they
    superseded is listed with the first.
    """
    last = reports[-1]
    now = list(takewhile(lambda report: _same_word(report, last), reversed(reports)))
    runs: dict[Value, list[Reported]] = {report.value: [] for report in reversed(now)}
    for report in reversed(reports):
        if report.value not in runs:
            break
        runs[report.value].append(report)
    superseded = [report for report in reports if report.value not in runs]
    for value, run in runs.items():
        yield Standing(by, value, run[::-1], superseded)
        superseded = []


def _same_word(report: Reported, last: Reported) -> bool:
    return report.source.article == last.source.article and report.order[0] == last.order[0]


def _disputed(standing: list[Standing]) -> bool:
    """Whether two claims about the same days exclude each other.

    They do when the largest lower end lies above the smallest upper end. Claims about days long before
    the newest may have been true then.
    """
    newest = max(each.reports[-1].order[0] for each in standing)
    values = [each.value for each in standing if newest - each.reports[-1].order[0] <= SAME_DAYS]
    return max(low for low, _ in values) > min(low if high is None else high for low, high in values)


def _side_by_side(standing: Iterable[Standing]) -> list[Standing]:
    """Newest first; claims of a value not yet listed before those that repeat one, so both sides show."""
    seen: set[Value] = set()
    new: list[Standing] = []
    again: list[Standing] = []
    for each in sorted(standing, key=_newest_first):
        (again if each.value in seen else new).append(each)
        seen.add(each.value)
    return new + again


def _newest_first(standing: Standing) -> tuple[int, str, tuple[int, int, str, str, int]]:
    return -standing.reports[-1].source.moment, standing.by, standing.reports[0].order


def _claim(story: Story, standing: Standing, size: int) -> Claim:
    first = min(standing.reports, key=lambda report: (_is_copy(story, report), report.order))
    figure = first.figure
    return Claim(
        by=standing.by,
        claimant=figure.claimant or story.names[story.traced[first.source.article].origin],
        actor=figure.actor,
        value=figure.value,
        high=figure.high,
        qualifier=figure.qualifier,
        surface=figure.surface,
        as_of=figure.as_of,
        reported=_when(first.source),
        repeated=_when(standing.reports[-1].source),
        citation=cite(first.source, first.sentence),
        superseded=tuple(_earlier(report) for report in _latest(standing.superseded)[:size]),
    )


def _is_copy(story: Story, report: Reported) -> bool:
    return story.traced[report.source.article].copy_of is not None


def _when(source: Provenance) -> datetime | None:
    return None if source.moment == UNDATED else source.published or source.observed


def _latest(reports: Iterable[Reported]) -> list[Reported]:
    """The last report of each value, newest first."""
    latest = {report.value: report for report in reports}
    return sorted(latest.values(), key=attrgetter("order"), reverse=True)


def _earlier(report: Reported) -> Superseded:
    figure = report.figure
    return Superseded(
        value=figure.value,
        high=figure.high,
        qualifier=figure.qualifier,
        surface=figure.surface,
        as_of=figure.as_of,
        citation=cite(report.source, report.sentence),
    )
