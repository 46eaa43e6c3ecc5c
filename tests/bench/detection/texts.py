"""Seeded articles for detection in eight languages, a share of which mention one subject or more."""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import orjson

from pipeline.article.language import language_of
from pipeline.event.events import Content
from tests.bench.detection.sentences import ABOUT, AROUND
from tests.bench.detection.vocabulary import frequencies, words
from tests.bench.generate import HIT, length_below
from tests.bench.inputs import REAL, REAL_ROWS, SEED
from tests.bench.words import WORDS

LANGUAGES = tuple(ABOUT)
DAY = date(2024, 4, 28)
HALF = 0.5
"""Of the sentences are neutral words, half of them made up, and the others name people, figures and days;
half of the articles with a mention have one in the title, too."""
MOST = 3
"""Sentences that name a subject in one article."""


@dataclass(frozen=True, slots=True)
class Made:
    """An article, and the subjects that it was made to mention; None where nobody knows."""

    content: Content
    subjects: frozenset[str] | None


def mixed(count: int) -> list[Made]:
    """`count` articles, of which that share mentions a subject that the bench's other articles have."""
    dice = random.Random(SEED)
    chosen = set(dice.sample(range(count), round(count * HIT)))
    return [_make(LANGUAGES[n % len(LANGUAGES)], n in chosen, dice) for n in range(count)]


def mentioning(count: int) -> list[Made]:
    """`count` articles, each with a mention."""
    dice = random.Random(SEED + 1)
    return [_make(LANGUAGES[n % len(LANGUAGES)], True, dice) for n in range(count)]


def plain_texts(count: int) -> list[str]:
    """`count` texts without a subject, in turn of each language."""
    dice = random.Random(SEED)
    return [_make(LANGUAGES[n % len(LANGUAGES)], False, dice).content.text for n in range(count)]


def real(count: int) -> list[Made]:
    """Real articles, spread over the collection; none where it is absent."""
    if not REAL.exists():
        return []
    step = max(1, REAL_ROWS // count)
    rows = [orjson.loads(line) for line in REAL.read_bytes().splitlines()[::step][:count]]
    return [Made(_content(row["title"] or "", row["summary"] or ""), None) for row in rows]


def _content(title: str, text: str) -> Content:
    return Content(title, text, language_of(None, title, text)[0], DAY)


def size(made: Iterable[Made]) -> int:
    """UTF-8 bytes of titles and texts."""
    return sum(len(part.encode()) for one in made for part in (one.content.title, one.content.text))


def _make(language: str, mentions: bool, dice: random.Random) -> Made:
    title, *body = _sentences(language, length_below(dice.random()), dice)
    subjects: set[str] = set()
    for _ in range(dice.randint(1, MOST) if mentions else 0):
        subject, told = dice.choice(ABOUT[language])
        subjects.add(subject)
        body.insert(dice.randint(0, len(body)), told)
        if dice.random() < HALF:
            title = told
    text = "\n\n".join(" ".join(part) for part in _paragraphs(body))
    return Made(Content(title.rstrip(".।"), text, language, DAY), frozenset(subjects))


def _sentences(language: str, wanted: int, dice: random.Random) -> Iterator[str]:
    """A title, and sentences until the text has the wanted length."""
    yield _neutral(language, dice)
    length = 0
    while length < wanted:
        one = dice.choice(AROUND[language]) if dice.random() < HALF else _neutral(language, dice)
        length += len(one) + 1
        yield one


def _neutral(language: str, dice: random.Random) -> str:
    """Seven to thirteen words in which nothing is named."""
    count = dice.randint(7, 13)
    rare = dice.choices(words(language), cum_weights=frequencies(), k=count)
    plain = dice.choices(WORDS[language], k=count)
    chosen = (one if dice.random() < HALF else other for one, other in zip(rare, plain, strict=True))
    return " ".join(chosen).capitalize() + "."


def _paragraphs(body: Sequence[str]) -> Iterator[Sequence[str]]:
    for first in range(0, len(body), 3):
        yield body[first : first + 3]
