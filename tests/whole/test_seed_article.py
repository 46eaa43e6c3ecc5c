"""The article that started it all, end to end."""

from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.whole.command import SHARED, storywire

SEED = SHARED / "seeds"


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a replay of the article leaves."""
    if not SEED.is_dir():
        pytest.skip("absent: ../shared/seeds")
    folder = tmp_path_factory.mktemp("seed")
    done = storywire("replay", SEED, "--out", folder / "out", folder=folder)
    assert done.returncode == 0, done.stderr.decode()
    return folder / "out"


def lines(path: Path) -> list[dict[str, Any]]:
    return [orjson.loads(line) for line in path.read_bytes().splitlines()]


def findings(out: Path) -> list[dict[str, Any]]:
    return [found for event in lines(out / "events.jsonl") for found in event["mentions"]]


def test_events_of_all_subjects_cut_the_right_words(out: Path) -> None:
    """Each subject has an event, and its offsets cut its surface form out of the article."""
    (article,) = lines(out / "articles.jsonl")
    events = lines(out / "events.jsonl")
    assert {event["subject"] for event in events} == {"ceasefire", "hostages", "rafah"}
    for found in findings(out):
        assert article[found["field"]][found["start"] : found["end"]] == found["surface"]
        sentence = found["sentence"]
        assert article[sentence["field"]][sentence["start"] : sentence["end"]] == sentence["text"]
    surfaces = {found["surface"].lower() for found in findings(out)}
    assert {"ceasefire", "truce", "pause in hostilities", "rafah", "hostages"} <= surfaces


def test_figures(out: Path) -> None:
    """The 40-day pause and the 1.4 million people of Rafah are figures with units."""
    figures = {(figure["value"], figure["unit"]) for found in findings(out) for figure in found["figures"]}
    assert {(40, "days"), (1_400_000, "people")} <= figures


def test_statements(out: Path) -> None:
    """Blinken, Hamas, Netanyahu and Gantz each say something."""
    actors = {found["attribution"]["actor"] for found in findings(out) if found["attribution"]}
    assert {"blinken", "hamas", "netanyahu", "gantz"} <= actors


def test_every_sentence_of_the_summary_is_in_the_article(out: Path) -> None:
    """Whatever the summary cites is found, letter for letter, at its offsets in the article."""
    (article,) = lines(out / "articles.jsonl")
    stories = orjson.loads((out / "stories.json").read_bytes())
    cited = list(citations(stories))
    assert len(cited) > 8
    for found in cited:
        assert found["words"] == article[found["field"]][found["start"] : found["end"]]


def citations(value: object) -> list[dict[str, Any]]:
    """Every citation anywhere in a document: an object with words and where they stand."""
    if isinstance(value, list):
        return [found for item in value for found in citations(item)]
    if not isinstance(value, dict):
        return []
    own = [value] if {"field", "start", "end", "words"} <= value.keys() else []
    return own + [found for item in value.values() for found in citations(item)]
