"""The tables about detection; each is measured in processes of its own, CPU seconds, medians."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

from tests.bench.children import MODULE, run
from tests.bench.detection import names
from tests.bench.generate import HIT
from tests.bench.table import aimed, table

ARTICLES = 4_000
SIZES = (10, 100, 1_000, 10_000, 100_000)
BYTES = (100_000, 1_000_000, 10_000_000)
MATCHER_AIM, STAGE_AIM = 3, 10
"""The matcher takes at most so many times what its bare automaton takes; the stage is so many times as fast
as spaCy's matching."""
GROWTH = 1.5
"""Of the cost of an article with ten thousand times the aliases, and of a byte with ten times the text."""

Facts = Mapping[str, Any]
Measured = tuple[str, list[str]]
"""A table, and every count that was wrong."""


def detection_tables(folder: Path, of: Callable[[int], int], rounds: int, share: float) -> list[str]:
    """Print table after table; every count that was wrong."""
    folder.mkdir(parents=True, exist_ok=True)
    problems: list[str] = []
    for measured in (
        speed(folder, of(ARTICLES), rounds),
        aliases(folder, of(ARTICLES // 4), rounds, share),
        hostile(folder, rounds, share),
    ):
        text, wrong = measured
        print(text, flush=True)
        problems += wrong
    return problems


def speed(folder: Path, count: int, rounds: int) -> Measured:
    """The stage and the matcher beside what else finds aliases."""
    facts = _child(folder, "speed", count, rounds)
    rows = [row for corpus in facts["corpora"] for row in _speeds(corpus)]
    head = ("texts", "program", "MB/s", "us/article", "found in", "x stage", "x automaton")
    title = f"13. Finding {facts['aliases']} aliases ({facts['forms']:,} plain forms), medians of {rounds}"
    notes = [*map(_described, facts["corpora"]), *(n for c in facts["corpora"] for n in _judged(c))]
    if find_spec(names.PEER) is None:
        notes.append(f"{names.SPACY} is not installed and left out; `make bench` installs it.")
    return table(title, head, rows, *notes), [problem for one in facts["corpora"] for problem in wrong(one)]


def wrong(corpus: Facts) -> Iterator[str]:
    """What cannot be: articles in which other subjects were found than were put in; two programs that do the
    same and find other things; one that looks closer than another and finds more."""
    name, found = corpus["corpus"], corpus["found"]
    if corpus["wrong"]:
        yield f"detection, {name}: {corpus['wrong']} articles with other subjects than were put in"
    if found[names.STAGE] != corpus["mentioning"]:
        yield f"detection, {name}: {found[names.STAGE]} articles with a mention, not {corpus['mentioning']}"
    for one, other in (
        (names.STAGE, names.DETECT),
        (names.MATCHER, names.FOLDED),
        (names.SPACY, names.TOKENS),
    ):
        if found.get(one) != found.get(other):
            yield f"detection, {name}: {one} finds {found.get(one)}, {other} {found.get(other)}"
    for closer, wider in ((names.MATCHER, names.FIRST_WORDS), (names.RE, names.ALL_FORMS)):
        if found[closer] > found[wider]:
            yield f"detection, {name}: {closer} finds {found[closer]}, {wider} {found[wider]}"


def _speeds(corpus: Facts) -> Iterator[list[str]]:
    took = {name: median(seconds) for name, seconds in corpus["seconds"].items()}
    for number, (name, seconds) in enumerate(took.items()):
        yield [
            "" if number else corpus["corpus"],
            name,
            f"{corpus['bytes'] / 1e6 / seconds:,.2f}",
            f"{1e6 * seconds / corpus['articles']:,.1f}",
            f"{corpus['found'][name]:,}",
            f"{took[names.STAGE] / seconds:.2f}",
            f"{seconds / took[names.FIRST_WORDS]:.2f}",
        ]


def _described(corpus: Facts) -> str:
    share = corpus["mentioning"] / corpus["articles"]
    size = corpus["bytes"] / corpus["articles"]
    return f"{corpus['corpus']}: {corpus['articles']:,}, {share:.1%} with a mention, {size:,.0f} bytes each"


def _judged(corpus: Facts) -> Iterator[str]:
    took = {name: median(seconds) for name, seconds in corpus["seconds"].items()}
    for name in (names.MATCHER, names.FOLDED):
        ratio = took[name] / took[names.FIRST_WORDS]
        verdict = f"({aimed(ratio, MATCHER_AIM, at_least=False)})"
        yield f"{corpus['corpus']}: {name} {ratio:.1f} x the time of its bare automaton {verdict}"
    if names.SPACY in took:
        ratio = took[names.SPACY] / took[names.STAGE]
        verdict = f"({aimed(ratio, STAGE_AIM, at_least=True)})"
        yield f"{corpus['corpus']}: {names.STAGE} {ratio:.2f} x the speed of {names.SPACY} {verdict}"


def aliases(folder: Path, count: int, rounds: int, share: float) -> Measured:
    """What an article costs by number of aliases."""
    sizes = [size for size in SIZES if size <= max(share, 0.001) * SIZES[-1]]
    cells = _child(folder, "many", count, rounds, *sizes)
    cost = {(one["kind"], one["size"]): 1e6 * median(one["seconds"]) / one["articles"] for one in cells}
    loaded = {size: _child(folder, "many", "load", names.OWN, size) for size in sizes}
    head = ("aliases", "own", "x 10", "common", "x 10", names.RE, "x 10", "load s", "MB")
    rows = [_alias_row(size, cost, loaded[size]) for size in sizes]
    notes = [
        f"{kind}: {ratio:.2f} x from {names.FIRST} to {sizes[-1]:,} ({aimed(ratio, GROWTH, at_least=False)})"
        for kind in names.KINDS
        if (ratio := cost[kind, sizes[-1]] / cost[kind, names.FIRST])
    ]
    notes.insert(0, f"own: {names.OWN}; common: some of the texts' most frequent; load and MB: of own")
    title = f"14. Microseconds an article by number of aliases, {count:,} articles, medians of {rounds}"
    return table(title, head, rows, *notes), list(miscounted(cells, count))


def miscounted(cells: Sequence[Facts], count: int) -> Iterator[str]:
    """Sizes at which other articles have something than those in which one of the first aliases was put."""
    expected = {kind: round(count * HIT) for kind in names.KINDS}
    expected[names.RE] = next(one["found"] for one in cells if one["kind"] == names.RE)
    for one in cells:
        if one["found"] != expected[one["kind"]]:
            yield f"{one['size']:,} aliases, {one['kind']}: {one['found']} found, not {expected[one['kind']]}"


def _alias_row(size: int, cost: Mapping[tuple[str, int], float], loaded: Facts) -> list[str]:
    row = [f"{size:,}"]
    for kind in (*names.KINDS, names.RE):
        known = cost.get((kind, size))
        row += [f"{known:,.1f}", f"{known / cost[kind, names.FIRST]:,.2f}"] if known is not None else ["", ""]
    return [*row, f"{loaded['load']:.2f}", f"{loaded['megabytes']:.1f}"]


def hostile(folder: Path, rounds: int, share: float) -> Measured:
    """Time by length of texts that are made to take long."""
    sizes = [max(2_000, round(size * min(share, 1))) for size in BYTES]
    cells = _child(folder, "hostile", rounds, *sizes)
    seconds = {(one["shape"], one["size"]): median(one["seconds"]) for one in cells}
    mentions = {one["shape"]: one["mentions"] for one in cells}
    head = ("text", *(f"{size / 1e6:g} MB" for size in sizes), "growth", "mentions")
    rows = [_hostile_row(shape, sizes, seconds, mentions[shape]) for shape in mentions]
    growths = {shape: _growth(shape, sizes, seconds) for shape in mentions}
    worst = max(growths, key=lambda shape: growths[shape])
    verdict = aimed(growths[worst], GROWTH, at_least=False)
    notes = [
        "growth: of the seconds a MB in the last step",
        f"most: {worst}, {growths[worst]:.2f} ({verdict})",
    ]
    title = "15. Seconds of CPU a MB, the detect stage, hostile texts"
    return table(title, head, rows, *notes), list(unread(mentions))


def unread(mentions: Mapping[str, int]) -> Iterator[str]:
    """Shapes in which a mention was lost, or found where there is none."""
    for shape, count in mentions.items():
        if (count == 0) is not (shape in names.NO_MENTION):
            yield f"hostile text, {shape}: {count} mentions"


def _hostile_row(
    shape: str, sizes: Sequence[int], seconds: Mapping[tuple[str, int], float], mentions: int
) -> list[str]:
    each = [f"{seconds[shape, size] / size * 1e6:.3f}" for size in sizes]
    return [shape, *each, f"{_growth(shape, sizes, seconds):.2f}", f"{mentions:,}"]


def _growth(shape: str, sizes: Sequence[int], seconds: Mapping[tuple[str, int], float]) -> float:
    """How many times the seconds a byte of the longest text are those of the next one."""
    before, last = (seconds[shape, size] / size for size in sizes[-2:])
    return last / before


def _child(folder: Path, module: str, *words: object) -> Any:
    command = [*MODULE, f"tests.bench.detection.{module}", *map(str, words)]
    return json.loads(run(command, folder).output)
