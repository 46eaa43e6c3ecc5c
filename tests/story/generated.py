"""Seeded events with the shape of real ones, for figures of time and size.

Per article 1 to 3 subjects, per event 1 to 4 findings in sentences of about 24 words, as frequent as in
a language; 15 % reprints of three agencies with near-identical sketches, 3 % revised, 2 % ended, 1 %
undated; 90 days.
"""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import accumulate

from pipeline.event.event import ArticleRef, Attribution, Ended, Event, Figure, Finding
from pipeline.ids import article_by_url, content_hash, revision_name
from pipeline.mention.mention import Sentence
from pipeline.story.row import StoryRow

START = datetime(2031, 2, 1, tzinfo=UTC)
SUBJECTS = ("ceasefire", "hostages", "rafah")
ACTORS = tuple(f"actor-{number}" for number in range(30))
AGENCIES = ("Nadir Press", "Wire North", "Union Telegraph")
COUNTED = ("pause in hostilities", "people sheltering", "prisoners to be released", "trucks of aid", "killed")


class Generator:
    """Events of one story; the same seed gives the same events."""

    def __init__(self, seed: int = 7) -> None:
        self._random = random.Random(seed)
        lengths = [2 if rank < 40 else 7 for rank in range(20_000)]
        self._words = ["".join(self._random.choices("abcdefghijklmnoprstuvwy", k=size)) for size in lengths]
        self._weights = list(accumulate(1 / rank for rank in range(3, 20_003)))
        self._wires: list[ArticleRef] = []

    def rows(self, count: int) -> list[StoryRow]:
        """The first `count` rows, as they would be delivered, one version per ten rows."""
        rows: list[StoryRow] = []
        number = 0
        while len(rows) < count:
            number += 1
            for sequence, event in self._article(number):
                rows.append(StoryRow(event, f"0001.{sequence:08d}", 1 + len(rows) // 10))
        return rows[:count]

    def _article(self, number: int) -> Iterator[tuple[int, Event]]:
        ref = self._ref(number)
        subjects = self._random.sample(SUBJECTS, self._random.choice((1, 1, 2, 2, 3)))
        events = [self._event(ref, subject) for subject in subjects]
        yield from ((1, event) for event in events)
        fate = self._random.random()
        if fate < 0.05:
            later = self._later(ref)
            ended: Ended | None = self._random.choice(("edited", "withdrawn")) if fate < 0.02 else None
            for event in events:
                mentions = () if ended else event.mentions
                yield 2, replace(event, article=later, mentions=mentions, ended=ended)

    def _ref(self, number: int) -> ArticleRef:
        published = START + timedelta(minutes=self._random.randrange(90 * 24 * 60))
        outlet = self._random.randrange(60)
        url = f"https://outlet-{outlet}.example/{published:%Y/%m/%d}/{'-'.join(self._sample(6))}-{number}"
        undated = self._random.random() < 0.01
        observed = None if undated else published + timedelta(minutes=self._random.randrange(600))
        ref = ArticleRef(
            id=article_by_url(url),
            revision=revision_name(observed, content_hash(url, "", (), False)),
            origin="archive",
            title=" ".join(self._sample(10)).capitalize(),
            url=url,
            publisher=f"Outlet {outlet}",
            family=f"House {outlet // 2}",
            language="en",
            published=None if undated else published,
            dated_by=None if undated else "published",
            observed=observed,
            fingerprint=self._sketch(),
        )
        return self._reprinted(ref)

    def _reprinted(self, ref: ArticleRef) -> ArticleRef:
        chance = self._random.random()
        if chance < 0.05 or not self._wires:
            ref = replace(ref, publisher=self._random.choice(AGENCIES), family=None)
            self._wires.append(ref)
        elif chance < 0.2:
            wire = self._random.choice(self._wires[-50:])
            credit = wire.publisher if self._random.random() < 0.7 else None
            ref = replace(ref, credit=credit, title=wire.title, fingerprint=self._edited(wire.fingerprint))
        return ref

    def _later(self, ref: ArticleRef) -> ArticleRef:
        observed = None if ref.observed is None else ref.observed + timedelta(hours=3)
        return replace(
            ref, observed=observed, revision=revision_name(observed, content_hash(ref.id, "2", (), False))
        )

    def _event(self, ref: ArticleRef, subject: str) -> Event:
        findings, start = [], 0
        for _ in range(self._random.choice((1, 1, 2, 2, 3, 4))):
            finding = self._finding(subject, start)
            findings.append(finding)
            start = finding.sentence.end + 1
        return Event(
            article=ref,
            subject=subject,
            stories=("generated",),
            mentions=tuple(findings),
            salience=round(self._random.random(), 3),
            rules="0123456789abcdef",
        )

    def _finding(self, subject: str, start: int) -> Finding:
        words = self._sample(self._random.randrange(12, 36))
        value = self._random.randrange(10, 2_000)
        words[3:3] = [f"{value} people", subject]
        text = " ".join(words).capitalize() + "."
        at = start + text.index(subject)
        return Finding(
            field="text",
            start=at,
            end=at + len(subject),
            surface=subject,
            alias=subject,
            sentence=Sentence("text", start, start + len(text), text),
            attribution=self._attribution(text, start),
            figures=self._figures(text, start, value),
            polarity="asserted",
        )

    def _attribution(self, text: str, start: int) -> Attribution | None:
        if self._random.random() > 0.4:
            return None
        actor = self._random.choice(ACTORS)
        words = text[10:-1]
        return Attribution(actor.title(), "said", False, words, start + 10, start + 10 + len(words), actor)

    def _figures(self, text: str, start: int, value: int) -> tuple[Figure, ...]:
        if self._random.random() > 0.3:
            return ()
        surface = f"{value} people"
        at = start + text.index(surface)
        actor = self._random.choice((None, *ACTORS[:5]))
        counted = self._random.choice((None, *COUNTED))
        return (
            Figure(
                value, "people", surface, at, at + len(surface), counted=counted, claimant=actor, actor=actor
            ),
        )

    def _sample(self, count: int) -> list[str]:
        return self._random.choices(self._words, cum_weights=self._weights, k=count)

    def _sketch(self) -> str:
        values = sorted(self._random.randrange(1 << 28) for _ in range(32))
        return "".join(f"{value:08x}" for value in values)

    def _edited(self, sketch: str) -> str:
        values = [int(sketch[at : at + 8], 16) for at in range(0, len(sketch), 8)]
        for at in self._random.sample(range(32), 5):
            values[at] = self._random.randrange(1 << 28)
        return "".join(f"{value:08x}" for value in sorted(values))
