"""Size and time: a summary fits a message, and deriving it grows with the rows, not with their square."""

import gc
import time
from statistics import median

import pytest

from pipeline.codec import encode
from pipeline.story.contribution import Contribution
from pipeline.story.derive import summarise
from pipeline.story.limits import LARGEST
from tests.story.build import SCOPE, contributions, simple
from tests.story.generated import Generator


def seconds(rows: list[Contribution]) -> float:
    """CPU time of one derivation, the median of five."""
    took = []
    for _ in range(5):
        gc.collect()
        started = time.process_time()
        summarise(SCOPE, rows)
        took.append(time.process_time() - started)
    return median(took)


@pytest.fixture(scope="module")
def rows() -> list[Contribution]:
    return contributions(Generator().rows(10_000))


def test_ten_thousand_rows_fit_a_message(rows: list[Contribution]) -> None:
    """A large story's summary stays well below a broker's 1 MB and counts what it does not list."""
    summary = summarise(SCOPE, rows)
    assert len(encode(summary)) < 500_000
    assert summary.counts.articles > 4_000 > len(summary.articles)


def test_time_is_linear(rows: list[Contribution]) -> None:
    """Ten times the rows take at most about ten times as long, with room for a busy machine."""
    assert seconds(rows) < 20 * seconds(rows[:1_000])


def test_boilerplate_does_not_make_it_quadratic() -> None:
    """Thousands of articles that share half of their sketches are traced in little time."""
    same = "".join(f"{value:08x}" for value in range(12))
    found = contributions(
        [
            simple(
                f"a{number}",
                f"Envoy{number} spoke of truce{number}.",
                fingerprint=same + "".join(f"{1_000 * number + value:08x}" for value in range(50, 70)),
                observed="2031-05-01T08",
            )
            for number in range(3_000)
        ]
    )
    assert seconds(found) < 10  # all pairs would take minutes


def test_hostile_lengths_fit_a_message() -> None:
    """Long addresses and sentences halve the lists until the message fits, and some of each is left."""
    found = contributions(
        [
            simple(
                f"a{number}",
                f"Nr {number} " + "ש" * 380,
                url=f"https://news.example/{number}/" + "x" * 1_900,
                title="ת" * 5_000,
                publisher=f"P{number} " + "p" * 5_000,
                observed=f"2031-05-01T08:{number % 60:02d}",
                said={
                    "speaker": f"Mr Envoy{number}",
                    "verb": "said",
                    "words": "ש" * 380,
                    "actor": f"e{number}",
                },
            )
            for number in range(600)
        ]
    )
    summary = summarise(SCOPE, found)
    assert len(encode(summary)) <= LARGEST
    assert summary.headline and summary.lead and summary.positions and summary.articles
