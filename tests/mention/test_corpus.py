"""Labelled texts: precision, recall and F1 of the subjects out of the box beside a plain list."""

import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from pipeline.mention.detect import Detector
from pipeline.mention.subject import Subject, aliases

CORPUS = Path(__file__).resolve().parents[2].parent / "shared" / "corpora" / "detection_dev.jsonl"
FLOOR = 0.97
"""Measured .99 for each subject when this was set; the project asks for .80. Lower it only with a reason."""

Find = Callable[[str, str], Collection[str]]
Tally = Counter[tuple[str, str, str]]

pytestmark = pytest.mark.skipif(not CORPUS.exists(), reason=f"absent: ../shared/corpora/{CORPUS.name}")


@pytest.fixture(scope="module")
def rows() -> list[Mapping[str, Any]]:
    """The labelled texts."""
    return [json.loads(line) for line in CORPUS.read_text("utf-8").splitlines()]


def plain(subject: Subject) -> re.Pattern[str]:
    """The subject's aliases as a list: brackets, endings and hyphens kept, words between not."""
    listed = sorted({_plain(alias) for _, alias, _ in aliases(subject)}, key=lambda a: (-len(a), a))
    return re.compile(rf"\b(?:{'|'.join(listed)})\b", re.IGNORECASE)


def _plain(alias: str) -> str:
    """One alias as a regular expression over the text as it is."""
    source = re.sub(r"\s*\.\.\.\d?\s*", " ", alias).replace("=", "")
    source = re.sub(r"\(([^)]*)\)\s*", lambda m: f"(?:(?:{m[1]}) )?", source)
    source = re.sub(r"\[([^\]]*)\]", r"(?:\1)", source)
    return source.strip().replace("*", r"\w*").replace("-", " ").replace(" ", "[ -]?")


def tally(rows: list[Mapping[str, Any]], find: Find, subjects: Collection[str]) -> Tally:
    """Counts by (subject, language, tp|fp|fn); what a row ignores is scored neither way."""
    counts: Tally = Counter()
    for row in rows:
        found = find(row["text"], row["lang"])
        for subject in subjects:
            outcome = _outcome(subject in found, subject in row["subjects"])
            if outcome and subject not in row["ignore"]:
                counts[subject, row["lang"], outcome] += 1
                counts[subject, "all", outcome] += 1
    return counts


def _outcome(found: bool, labelled: bool) -> str | None:
    return "tp" if found and labelled else "fp" if found else "fn" if labelled else None


def scores(counts: Tally, subject: str, language: str) -> tuple[float, float, float]:
    """Precision, recall, F1; 1 where nothing was to be found and nothing was."""
    tp, fp, fn = (counts[subject, language, outcome] for outcome in ("tp", "fp", "fn"))
    if tp + fp + fn == 0:
        return 1.0, 1.0, 1.0
    return tp / (tp + fp or 1), tp / (tp + fn or 1), 2 * tp / (2 * tp + fp + fn)


def table(ours: Tally, listed: Tally, subjects: Collection[str]) -> Iterator[str]:
    """The report, a line per subject and language that has one."""
    yield f"{'subject':<10} {'lang':<4}      P     R    F1   plain list:     P     R    F1"
    for subject in subjects:
        for language in ("all", *sorted({row[1] for row in ours if row[0] == subject} - {"all"})):
            a, b = scores(ours, subject, language), scores(listed, subject, language)
            yield (
                f"{subject:<10} {language:<4}  "
                + " ".join(f"{x:5.2f}" for x in a)
                + " " * 15
                + " ".join(f"{x:5.2f}" for x in b)
            )


def test_better_than_a_plain_list(
    rows: list[Mapping[str, Any]],
    subjects: tuple[Subject, ...],
    detector: Detector,
    figures: Callable[[str], None],
) -> None:
    """F1 of every subject is above its floor and above that of the same aliases as a plain list."""
    names = [subject.id for subject in subjects]
    lists = {subject.id: plain(subject) for subject in subjects}
    ours = tally(rows, lambda text, lang: {m.subject for m in detector.detect("", text, lang)}, names)
    listed = tally(rows, lambda text, _: {name for name in names if lists[name].search(text)}, names)
    figures("\n".join(table(ours, listed, names)))
    for name in names:
        assert scores(ours, name, "all")[2] >= FLOOR
        assert scores(ours, name, "all")[2] > scores(listed, name, "all")[2]


def test_labelled_spans_are_met(rows: list[Mapping[str, Any]], detector: Detector) -> None:
    """At least nine in ten labelled spans overlap a mention of their subject."""
    met = total = 0
    for row in rows:
        found = detector.detect("", row["text"], row["lang"])
        for span in row.get("spans", ()):
            total += 1
            met += any(
                m.subject == span["subject"] and m.start < span["end"] and span["start"] < m.end
                for m in found
            )
    assert total > 30
    assert met / total >= 0.9
