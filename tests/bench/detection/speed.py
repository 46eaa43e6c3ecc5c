"""Measures the stage and what stands beside it: `python -m tests.bench.detection.speed COUNT ROUNDS`.

Prints JSON: per corpus its articles, bytes, articles with a mention and those that were read wrongly, and per
program CPU seconds of each round and the articles in which it found something. Programs take turns.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from time import process_time

import orjson

from config.load import ConfigProblems, load_rules
from config.settings import FOLDER
from pipeline.event.events import find
from pipeline.rules import Rules
from tests.bench.detection.forms import patterns, plain
from tests.bench.detection.names import MENTIONING, MIXED, REAL
from tests.bench.detection.programs import programs
from tests.bench.detection.texts import Made, mentioning, mixed, real, size

FEWER = 4
"""Of all articles a quarter are real ones, and as many in which each has a mention."""


@dataclass(frozen=True, slots=True)
class Speed:
    """One corpus. `wrong` counts articles with other subjects than they were made with."""

    corpus: str
    articles: int
    bytes: int
    mentioning: int
    wrong: int
    seconds: Mapping[str, Sequence[float]]
    found: Mapping[str, int]


def main(count: int, rounds: int) -> None:
    """Measure over the three corpora."""
    rules = load_rules(FOLDER)
    assert not isinstance(rules, ConfigProblems), rules
    fewer = max(10, count // FEWER)
    corpora = {
        MIXED: mixed(count),
        MENTIONING: mentioning(fewer),
        REAL: real(fewer),
    }
    measured = [_measured(name, made, rules, rounds) for name, made in corpora.items() if made]
    listed = patterns(rules.subjects)
    facts = {
        "aliases": len(listed),
        "forms": len(plain(listed)),
        "corpora": [asdict(one) for one in measured],
    }
    sys.stdout.buffer.write(orjson.dumps(facts))


def _measured(name: str, made: Sequence[Made], rules: Rules, rounds: int) -> Speed:
    # Also the round in which everything that is compiled on first use is compiled.
    subjects = [frozenset(find(one.content, rules).mentions) for one in made]
    wrong = [one for one, found in zip(made, subjects, strict=True) if one.subjects not in (None, found)]
    seconds: dict[str, list[float]] = {}
    found: dict[str, int] = {}
    listed = programs(rules, [one.content for one in made])
    for _ in range(rounds):
        for program in listed:
            took, found[program.name] = timed(program.run)
            seconds.setdefault(program.name, []).append(took)
    return Speed(name, len(made), size(made), sum(map(bool, subjects)), len(wrong), seconds, found)


def timed(run: Callable[[], int]) -> tuple[float, int]:
    """CPU seconds of this process, and what it returned."""
    started = process_time()
    found = run()
    return process_time() - started, found


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
