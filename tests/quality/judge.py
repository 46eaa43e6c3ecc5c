"""What the detector makes of a labelled sentence, held beside its labels."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.article.article import Article
from pipeline.event.days.days import days
from pipeline.event.event import Event, Finding, Party
from pipeline.event.events import events
from pipeline.event.figures.quantities import line_of, quantities
from pipeline.event.lexicon import lexicons
from pipeline.event.reading import narrowed, read
from pipeline.mention.sentences import split
from pipeline.rules import Rules
from tests.quality.corpus import (
    PUBLISHED,
    Acting,
    Attributed,
    Counted,
    Dated,
    InContext,
    Mentions,
    OfMention,
    Stance,
)

SUBJECTS = ("ceasefire", "hostages", "rafah")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one case says of one measure: how many were right, found too much, and missed; `note` tells a
    reader what was wrong."""

    measure: str
    right: int = 0
    false: int = 0
    missed: int = 0
    note: str = ""

    @property
    def good(self) -> bool:
        """Nothing was wrong."""
        return not self.false and not self.missed


@dataclass(frozen=True, slots=True)
class Judge:
    """Judges cases by the rules as they are configured."""

    rules: Rules

    def verdicts(self, capability: str, case: Any, language: str) -> Iterator[Verdict]:
        """One for each measure that the case is for."""
        ways: Mapping[str, Callable[[Any, str], Iterable[Verdict]]] = {
            "mentions": self.mentions,
            "context": self.context,
            "attribution": self.attribution,
            "stance": self.stance,
            "acts": self.acts,
            "figures": self.figures,
            "dates": self.dates,
        }
        yield from ways[capability](case, language)

    def mentions(self, case: Mentions, language: str) -> Iterator[Verdict]:
        """Each subject that is mentioned or found; spans overlap."""
        found = self.rules.detector.detect(case.title, case.text, language)
        subjects = {one.subject for one in found} - set(case.ignore)
        yield _sets("mentions", set(case.subjects), subjects)
        for subject in SUBJECTS:
            yield _sets(subject, {subject} & set(case.subjects), {subject} & subjects)
        for subject, words in case.spans:
            start = case.text.index(words)
            spans = [(one.start, one.end) for one in found if one.subject == subject and one.field == "text"]
            hit = any(a < start + len(words) and start < b for a, b in spans)
            yield _one("spans", hit, f"{subject} {words!r}, found {spans}")

    def context(self, case: InContext, language: str) -> Iterator[Verdict]:
        """Actors and places named, and the stories it belongs to."""
        named = self.rules.gazetteer.find(case.title, case.text)
        real = [one for of in named for one in of if one.form != "demonym"]
        yield _sets("actors", set(case.actors), {one.actor for one in real if one.actor})
        yield _sets("places", set(case.places), {one.place for one in real if one.place})
        told = self._events(case.title, case.text, language, case)
        stories = {story for event in told.values() for story in event.stories}
        yield _one(
            "stories",
            stories == set(case.stories),
            f"{sorted(stories)}, not {sorted(case.stories)}",
            bool(told),
        )

    def attribution(self, case: Attributed, language: str) -> Iterator[Verdict]:
        """Who is credited, and with which words."""
        finding = self._finding(case, language)
        said = finding.attribution if finding else None
        if said is None:
            yield _one("speaker", case.speaker is None, f"nobody, not {case.speaker!r}", finding is not None)
            return
        alike = _alike(said.speaker, case.speaker) and said.actor == case.actor
        yield _one("speaker", alike, f"{said.speaker!r} ({said.actor}), not {case.speaker!r} ({case.actor})")
        if case.speaker is not None and alike:
            yield _one("words", said.words == case.words, f"{said.words!r}, not {case.words!r}")
            yield _one("quoted", said.quoted == case.quoted, f"quoted {said.quoted}")
            yield _one("via", _alike(said.via, case.via), f"via {said.via!r}, not {case.via!r}")

    def stance(self, case: Stance, language: str) -> Iterator[Verdict]:
        """Polarity and hedge."""
        finding = self._finding(case, language)
        polarity = finding.polarity if finding else None
        yield _one("polarity", polarity == case.polarity, f"{polarity}, not {case.polarity}")
        hedge = finding.hedge if finding else None
        yield _one("hedge", _alike(hedge, case.hedge), f"hedge {hedge!r}, not {case.hedge!r}")

    def acts(self, case: Acting, language: str) -> Iterator[Verdict]:
        """The act with who does it, and its other parties."""
        finding = self._finding(case, language)
        act = finding.act if finding else None
        if act is None:
            yield Verdict("act", missed=int(case.act is not None), note=f"none, not {case.act}")
            return
        right = act.type == case.act and _is(act.by, case.by)
        note = f"{act.type} by {act.by}, not {case.act} by {case.by}"
        missed = int(case.act is not None and not right)
        yield Verdict("act", int(right), int(not right), missed, "" if right else note)
        if right:
            parties = _is(act.to, case.to) and _is(act.mediator, case.mediator)
            note = f"to {act.to}, mediator {act.mediator}, not {case.to}, {case.mediator}"
            yield _one("parties", parties, note)

    def figures(self, case: Counted, language: str) -> Iterator[Verdict]:
        """Value, upper end, unit and surface."""
        whole = " ".join(filter(None, (case.before, case.text)))
        found = set()
        for span in split(whole, language):
            alone = narrowed(reading := read("text", whole, span, ()), *span)
            line = line_of(alone, lexicons(self.rules.grammar, language)["figures"])
            for one in quantities(alone, line) if line else ():
                surface = reading.text[one.start : one.end]
                found.add((one.number.value, one.number.high, one.unit, surface))
        yield _sets("figures", {(f.value, f.high, f.unit, f.surface) for f in case.figures}, found)

    def dates(self, case: Dated, language: str) -> Iterator[Verdict]:
        """Surface, first and last day."""
        words = lexicons(self.rules.grammar, language)["dates"]
        found = {(one.surface, one.first, one.last) for one in days(case.text, words, case.published.date())}
        yield _sets("dates", {(one.surface, one.first, one.last) for one in case.dates}, found)

    def _finding(self, case: OfMention, language: str) -> Finding | None:
        """The finding of the case's mention."""
        text = f"{case.before} {case.text}" if case.before else case.text
        start = len(text) - len(case.text) + case.text.index(case.mention)
        told = self._events("", text, language, case)
        near = [
            one
            for event in told.values()
            for one in event.mentions
            if one.start < start + len(case.mention) and start < one.end
        ]
        return min(near, key=lambda one: one.start, default=None)

    def _events(self, title: str, text: str, language: str, case: Any) -> Mapping[str, Event]:
        article = Article(
            id="u1", feed="wire", origin="feed", revision="r1", language=language, title=title, text=text,
            published=getattr(case, "published", PUBLISHED),
        )  # fmt: skip
        return {event.subject: event for event in events([article], self.rules)}


def _sets(measure: str, wanted: set[Any], found: set[Any]) -> Verdict:
    missed, false = wanted - found, found - wanted
    note = "; ".join(
        f"{what} {sorted(map(str, some))}" for what, some in (("missed", missed), ("false", false)) if some
    )
    return Verdict(measure, len(wanted & found), len(false), len(missed), note)


def _one(measure: str, right: bool, note: str, judged: bool = True) -> Verdict:
    """A case that is right or wrong; one that could not be judged, since nothing was found, is wrong."""
    good = right and judged
    return Verdict(measure, int(good), 0, int(not good), "" if good else note)


def _alike(found: str | None, wanted: str | None) -> bool:
    """The same words, or one more or one less in front or behind (an article, a title)."""
    if found is None or wanted is None:
        return found is None and wanted is None
    return found in wanted or wanted in found


def _is(party: Party | None, wanted: str | None) -> bool:
    """An actor by its id, anybody else by words."""
    if party is None or wanted is None:
        return party is None and wanted is None
    return party.actor == wanted if party.actor else _alike(party.words, wanted)
