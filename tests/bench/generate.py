"""A seeded generator of articles with the shape of real ones, and the truth about them.

`make_corpus(count, seed)` yields the articles; `write_jsonl` and `write_feeds` put the same articles
into the two forms that `storywire replay` reads. Shape: text lengths distributed as in a real
twelve-day stream of 56 outlets, 10 % of articles mention one subject, 3 % are revised, 15 % are listed
by a second feed, five languages.
"""

import math
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from xml.sax.saxutils import escape

import orjson

from tests.bench.words import HITS, WORDS

HIT, REVISED, SECOND = 0.10, 0.03, 0.15
LANGUAGES = ("en", "en", "en", "fr", "es", "ar", "he")
PUBLISHERS = 20
PER_FEED = 50
START = datetime(2024, 4, 28, tzinfo=UTC)
LENGTHS = ((0.0, 40), (0.05, 81), (0.1, 100), (0.25, 127), (0.5, 196), (0.75, 444), (0.9, 1200), (1.0, 5000))
"""Share of texts that are shorter, and that length: the quantiles of 6,363 real summaries, between which we
interpolate. That collection cuts at 1,200 characters, so the longest tenth, up to 5,000, is assumed."""


@dataclass(frozen=True, slots=True)
class Made:
    """One generated article; `later` is its second text where it is revised."""

    number: int
    publisher: int
    language: str
    title: str
    text: str
    published: datetime
    hit: str | None
    later: str | None
    second: bool

    @property
    def url(self) -> str:
        """Its address."""
        return f"https://paper{self.publisher}.example/{self.language}/story-{self.number}"


@dataclass(frozen=True, slots=True)
class Truth:
    """What a replay of the corpus must publish, and the entries that a store of its feeds must hold."""

    articles: int
    revisions: int
    events: int
    listed: int


def truth(made: Iterable[Made]) -> Truth:
    """Counted from how the articles were made: a revision of a hit is one more event."""
    articles = revisions = events = listed = 0
    for one in made:
        versions = 2 if one.later else 1
        articles += 1
        revisions += versions
        events += versions if one.hit else 0
        listed += 2 if one.second else 1
    return Truth(articles, revisions, events, listed)


def make_corpus(count: int, seed: int, hits: int | None = None) -> Iterator[Made]:
    """`count` articles in order of publication, the same for the same arguments.

    Exactly `hits` of them (out of the box a tenth) mention a subject. Of these, as of the others, 3 %
    are revised, so that the same `hits` make the same number of events whatever the count.
    """
    dice = random.Random(seed)
    chosen = set(dice.sample(range(count), round(count * HIT) if hits is None else hits))
    others = [number for number in range(count) if number not in chosen]
    revised = {*_share(sorted(chosen), dice), *_share(others, dice)}
    for number in range(count):
        yield _make(number, number in chosen, number in revised, dice)


def _share(numbers: Sequence[int], dice: random.Random) -> list[int]:
    return dice.sample(numbers, round(len(numbers) * REVISED))


def _make(number: int, is_hit: bool, is_revised: bool, dice: random.Random) -> Made:
    language = dice.choice(LANGUAGES)
    hit, sentence = dice.choice(HITS[language]) if is_hit else (None, "")
    text = _text(language, dice)
    text = f"{text}\n\n{sentence}" if sentence else text
    later = f"{text}\n\n{_sentence(language, dice)}" if is_revised else None
    return Made(
        number=number,
        publisher=number % PUBLISHERS,
        language=language,
        title=f"{_sentence(language, dice, 8, 13).rstrip('.')} {number}",
        text=text,
        published=START + timedelta(seconds=20 * number),
        hit=hit,
        later=later,
        second=dice.random() < SECOND,
    )


def _text(language: str, dice: random.Random) -> str:
    wanted = length_below(dice.random())
    paragraphs: list[str] = []
    length = 0
    while length < wanted:
        paragraphs.append(" ".join(_sentence(language, dice) for _ in range(3)))
        length += len(paragraphs[-1]) + 2
    return "\n\n".join(paragraphs)[:wanted].rpartition(" ")[0].rstrip(".\n") + "."


def length_below(share: float) -> int:
    """The length that this share of texts stays below."""
    for (low, shorter), (high, longer) in pairwise(LENGTHS):
        if share <= high:
            part = (share - low) / (high - low)
            return round(math.exp((1 - part) * math.log(shorter) + part * math.log(longer)))
    raise ValueError(f"{share} is no share")


def _sentence(language: str, dice: random.Random, low: int = 6, high: int = 14) -> str:
    words = dice.choices(WORDS[language], k=dice.randint(low, high))
    return " ".join(words).capitalize() + "."


def write_jsonl(made: Iterable[Made], path: Path) -> None:
    """The corpus as JSON lines: first texts, revised texts and second feeds, each a row."""
    with path.open("wb") as lines:
        for one in made:
            for row in _rows(one):
                lines.write(orjson.dumps(row) + b"\n")


def _rows(one: Made) -> Iterator[dict[str, str]]:
    base = {
        "url": one.url,
        "title": one.title,
        "publisher": f"Paper {one.publisher}",
        "language": one.language,
        "published": one.published.isoformat(),
        "feed": f"https://paper{one.publisher}.example/rss",
    }
    yield base | {"text": one.text, "observed": (one.published + timedelta(minutes=10)).isoformat()}
    if one.later:
        yield base | {"text": one.later, "observed": (one.published + timedelta(hours=5)).isoformat()}
    if one.second:
        observed = (one.published + timedelta(hours=1)).isoformat()
        yield base | {"text": "", "feed": f"https://paper{one.publisher}.example/all", "observed": observed}


def write_feeds(made: Sequence[Made], folder: Path) -> int:
    """The corpus as RSS snapshots of 50 entries with a manifest; returns how many snapshots."""
    folder.mkdir(parents=True, exist_ok=True)
    manifest = ['schema = 1\norigin = "archive"\nlicence = "generated"\n']
    count = 0
    for publisher in range(PUBLISHERS):
        own = [one for one in made if one.publisher == publisher]
        for feed, pages in (("rss", _pages(own)), ("all", _second_pages(own))):
            for observed, items in pages:
                name = f"{publisher}-{feed}-{observed:%Y%m%dT%H%M%S}.xml"
                (folder / name).write_text(_rss(publisher, items), "utf-8")
                manifest.append(
                    f'[[document]]\npath = "{name}"\npublisher = "Paper {publisher}"\n'
                    f'feed = "https://paper{publisher}.example/{feed}"\nobserved = {observed.isoformat()}\n'
                )
                count += 1
    (folder / "manifest.toml").write_text("\n".join(manifest), "utf-8")
    return count


Item = tuple[Made, str]


def _pages(own: Sequence[Made]) -> Iterator[tuple[datetime, list[Item]]]:
    """Snapshots of new articles; a revised one stands again in the snapshot after its own."""
    waiting: list[Item] = []
    fresh = list(own)
    observed = START
    while fresh or waiting:
        room = PER_FEED - len(waiting)
        page, fresh = fresh[:room], fresh[room:]
        observed = max([observed + timedelta(hours=2), *(one.published for one in page)])
        yield observed, [*waiting, *((one, one.text) for one in page)]
        waiting = [(one, one.later) for one in page if one.later]


def _second_pages(own: Sequence[Made]) -> Iterator[tuple[datetime, list[Item]]]:
    listed = [one for one in own if one.second]
    for at in range(0, len(listed), PER_FEED):
        page = listed[at : at + PER_FEED]
        yield page[-1].published + timedelta(days=30), [(one, "") for one in page]


def _rss(publisher: int, items: Iterable[Item]) -> str:
    return document(publisher, (entry(publisher, one, text) for one, text in items))


def entry(publisher: int, one: Made, text: str) -> str:
    """An article as an RSS entry."""
    return (
        f"<item><title>{escape(one.title)}</title><link>{one.url}?utm_source=rss</link>"
        f'<guid isPermaLink="false">{publisher}-{one.number}</guid>'
        f"<pubDate>{one.published:%a, %d %b %Y %H:%M:%S} GMT</pubDate>"
        f"<description>{escape(_html(text))}</description></item>\n"
    )


def document(publisher: int, entries: Iterable[str]) -> str:
    """RSS entries as a feed."""
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel>'
        f"<title>Paper {publisher}</title><link>https://paper{publisher}.example/</link>"
        f"<description>Generated</description>\n{''.join(entries)}</channel></rss>\n"
    )


def _html(text: str) -> str:
    return "".join(f"<p>{escape(paragraph)}</p>" for paragraph in text.split("\n\n") if paragraph)
