"""The development split of the detection gold set, judged through the command a user has.

`storywire detect --json` over ../shared/corpora/detection_dev.jsonl: F1 by subject and by language with
bootstrap intervals, on all of it and on the half whose id hash is even.
"""

import hashlib
import json
import random
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.quality.table import Tally

ROOT = Path(__file__).resolve().parents[2]
SPLIT = ROOT.parent / "shared" / "corpora" / "detection_dev.jsonl"
SUBJECTS = ("ceasefire", "hostages", "rafah")
SAMPLES = 2_000
"""Bootstrap samples (Efron and Tibshirani, 1993, ask for some thousand for an interval)."""
FEWEST = 10
"""Positives that a language must have to be judged alone."""


@dataclass(frozen=True, slots=True)
class Row:
    """One text: who mentions what by its label, and by the detector, each as subjects; `spans` counts
    labelled spans that a found one overlaps."""

    id: str
    language: str
    wanted: frozenset[str]
    found: frozenset[str]
    ignored: frozenset[str]
    spans: Tally

    def tally(self, subjects: Iterable[str]) -> Tally:
        """Right, false and missed among these subjects."""
        counted = set(subjects) - self.ignored
        wanted, found = self.wanted & counted, self.found & counted
        return Tally(len(wanted & found), len(found - wanted), len(wanted - found))

    @property
    def even(self) -> bool:
        """Of the half that is kept for judging."""
        return hashlib.blake2b(self.id.encode()).digest()[0] % 2 == 0


def rows() -> list[Row]:
    """The split with what `storywire detect --json` finds in it."""
    data = SPLIT.read_bytes()
    command = [sys.executable, "-m", "agents.cli.main", "detect", "--json", "-"]
    done = subprocess.run(command, input=data, capture_output=True, check=True, cwd=ROOT)
    answers = {row["id"]: row for row in map(json.loads, done.stdout.splitlines())}
    return [_row(given, answers[given["id"]]["mentions"]) for given in map(json.loads, data.splitlines())]


def _row(given: dict[str, Any], mentions: Sequence[dict[str, Any]]) -> Row:
    hit = sum(any(_overlap(span, one) for one in mentions) for span in given.get("spans", ()))
    return Row(
        given["id"],
        given["lang"],
        frozenset(given["subjects"]),
        frozenset(one["subject"] for one in mentions),
        frozenset(given["ignore"]),
        Tally(hit, 0, len(given.get("spans", ())) - hit),
    )


def _overlap(span: dict[str, Any], found: dict[str, Any]) -> bool:
    same = span["subject"] == found["subject"]
    return bool(same and found["start"] < span["end"] and span["start"] < found["end"])


@dataclass(frozen=True, slots=True)
class Score:
    """F1 of some subjects on some rows; `low` and `high` hold 95 of 100 bootstrap samples."""

    name: str
    texts: int
    positives: int
    wrong: int
    f1: float
    low: float
    high: float


def score(name: str, judged: Sequence[Row], subjects: Sequence[str], seed: int = 1) -> Score:
    """With an interval over texts drawn with replacement."""
    dice = random.Random(seed)
    each = [row.tally(subjects) for row in judged]
    whole = sum(each, Tally())
    samples = sorted(
        sum(dice.choices(each, k=len(each)), Tally()).value("f1") for _ in range(SAMPLES if each else 0)
    )
    low, high = (samples[len(samples) // 40], samples[-1 - len(samples) // 40]) if samples else (1.0, 1.0)
    wrong = sum(1 for one in each if one.false or one.missed)
    return Score(name, len(each), whole.right + whole.missed, wrong, whole.value("f1"), low, high)


def scores(judged: Sequence[Row]) -> list[Score]:
    """By subject, then by language over all subjects where it has positives enough."""
    found = [score(subject, judged, (subject,)) for subject in SUBJECTS]
    for language in sorted({row.language for row in judged}):
        own = score(language, [row for row in judged if row.language == language], SUBJECTS)
        if own.positives >= FEWEST:
            found.append(own)
    return found


def as_text(title: str, judged: Sequence[Row]) -> str:
    """A line for each score, and the spans."""
    lines = [title, f"{'':12}{'texts':>6}{'positive':>10}{'wrong':>7}{'F1':>7}  95 % interval"]
    for one in scores(judged):
        interval = f"{one.low:.3f}-{one.high:.3f}"
        lines.append(f"{one.name:12}{one.texts:6}{one.positives:10}{one.wrong:7}{one.f1:7.3f}  {interval}")
    spans = sum((row.spans for row in judged), Tally())
    lines.append(f"spans of authored rows overlapped: {spans.right} of {spans.count}")
    return "\n".join(lines)


def report() -> str:
    """Both tables, or that the split is not there."""
    if not SPLIT.exists():
        return "The development split is left out: ../shared/corpora/detection_dev.jsonl is absent."
    judged = rows()
    even = [row for row in judged if row.even]
    whole, half = "The development split", "Its half with an even id hash"
    return f"{as_text(whole, judged)}\n\n{as_text(half, even)}"
