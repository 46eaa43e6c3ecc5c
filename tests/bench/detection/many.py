"""What an article costs by number of aliases: `python -m tests.bench.detection.many COUNT ROUNDS SIZE ...`.

Prints JSON: per kind of aliases and per size CPU seconds of each round over COUNT articles, and in how many
something was found; the same articles for all sizes, a tenth with one of the first ten aliases.

`python -m tests.bench.detection.many load KIND SIZE` prints what reading and compiling them takes.
"""

import random
import re
import resource
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from time import process_time

import orjson

from pipeline.mention import subject
from pipeline.mention.detect import Detector
from pipeline.mention.normal import fold, fold_words
from pipeline.mention.subject import Subject
from tests.bench.detection.names import FIRST, KINDS, OWN, RE
from tests.bench.detection.speed import timed
from tests.bench.detection.texts import LANGUAGES, plain_texts
from tests.bench.detection.vocabulary import word, words
from tests.bench.generate import HIT
from tests.bench.inputs import SEED

RE_MOST, RE_SHARE = 10_000, 10
"""An alternation is tried at each word, one alias after the other: beyond so many it would take hours, and a
tenth of the articles will do."""


def main(count: int, rounds: int, sizes: Sequence[int]) -> None:
    """Measure every size in turn, round after round."""
    cells: list[Cell] = []
    for kind in KINDS:
        texts = _texts(kind, count)
        listed = list(islice(generated(kind), max(sizes)))
        cells += [Cell(kind, size, len(texts), _detecting(listed[:size], texts)) for size in sizes]
        if kind == OWN:
            few = texts[::RE_SHARE]
            searched = [size for size in sizes if size <= RE_MOST]
            cells += [Cell(RE, size, len(few), _searching(listed[:size], few)) for size in searched]
    sys.stdout.buffer.write(orjson.dumps(_measured(cells, rounds)))


@dataclass(frozen=True, slots=True)
class Cell:
    """So many aliases of one kind; `run` goes over the articles and counts those in which one stands."""

    kind: str
    size: int
    articles: int
    run: Callable[[], int]


def _measured(cells: Sequence[Cell], rounds: int) -> list[dict[str, object]]:
    for cell in cells:
        cell.run()  # compiles what is compiled on first use
    taken = [[timed(cell.run) for cell in cells] for _ in range(rounds)]
    return [
        {
            "kind": cell.kind,
            "size": cell.size,
            "articles": cell.articles,
            "seconds": [seconds for seconds, _ in took],
            "found": took[0][1],
        }
        for cell, took in zip(cells, zip(*taken, strict=True), strict=True)
    ]


def generated(kind: str) -> Iterator[tuple[str, str]]:
    """Language and alias, two made-up words each. A common first word is one of the texts' thousand most
    frequent; one of their own is so long that it hardly ever is a word of the texts."""
    dice = random.Random(f"{SEED} {kind}")
    seen: set[tuple[str, ...]] = set()
    while True:
        language = LANGUAGES[len(seen) % len(LANGUAGES)]
        common, own, second = (
            dice.choice(words(language)[:1_000]),
            _long(language, dice),
            _long(language, dice),
        )
        alias = (own if kind == OWN else common), second
        if (folded := tuple(map(fold_words, alias))) not in seen:
            seen.add(folded)
            yield language, " ".join(alias)


def _long(language: str, dice: random.Random) -> str:
    return word(language, dice) + word(language, dice)


def _texts(kind: str, count: int) -> list[str]:
    """Texts, of which exactly a tenth has one of the first aliases."""
    first = [alias for _, alias in islice(generated(kind), FIRST)]
    dice = random.Random(SEED)
    chosen = set(dice.sample(range(count), round(count * HIT)))
    texts = plain_texts(count)
    return [f"{text}\n\n{dice.choice(first)}." if n in chosen else text for n, text in enumerate(texts)]


def _detecting(listed: Sequence[tuple[str, str]], texts: Sequence[str]) -> Callable[[], int]:
    detect = Detector([_subject(listed)]).detect
    return lambda: sum(bool(detect("", text)) for text in texts)


def _searching(listed: Sequence[tuple[str, str]], texts: Sequence[str]) -> Callable[[], int]:
    """A `re` alternation over texts folded before."""
    longest = sorted((fold_words(alias) for _, alias in listed), key=len, reverse=True)
    search = re.compile(f" (?:{'|'.join(map(re.escape, longest))})(?=[ .])").search
    folded = [fold(text).text for text in texts]
    return lambda: sum(search(text) is not None for text in folded)


def _subject(listed: Sequence[tuple[str, str]]) -> Subject:
    """As read from a user's file."""
    aliases: dict[str, list[str]] = {}
    for language, alias in listed:
        aliases.setdefault(language, []).append(alias)
    found = subject.read({"id": "many", "title": "Many", "aliases": aliases}, "many.toml")
    assert isinstance(found, Subject), found
    return found


def load(kind: str, size: int) -> None:
    """CPU seconds and MB of reading and compiling so many aliases, until the first text is read: what is
    compiled on first use is so then."""
    listed = list(islice(generated(kind), size))
    started, before = process_time(), _megabytes()
    found = Detector([_subject(listed)]).detect("", f"{listed[0][1]}, #tag")
    took, grown = process_time() - started, _megabytes() - before
    assert found
    sys.stdout.buffer.write(orjson.dumps({"size": size, "load": took, "megabytes": grown}))


def _megabytes() -> float:
    """Peak resident memory; ru_maxrss is in kilobytes, on macOS in bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1_000_000 if sys.platform == "darwin" else 1_000)


if __name__ == "__main__":
    if sys.argv[1] == "load":
        load(sys.argv[2], int(sys.argv[3]))
    else:
        main(int(sys.argv[1]), int(sys.argv[2]), [int(size) for size in sys.argv[3:]])
