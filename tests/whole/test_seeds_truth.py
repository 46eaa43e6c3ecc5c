"""The seeds end to end against a truth written by hand: articles, events, figures, positions, sources."""

from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.seeds.seed_archive import TRUTH
from tests.whole.command import SEEDS, storywire

STORY: str = TRUTH["story"]


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a replay of the seeds leaves."""
    folder = tmp_path_factory.mktemp("seeds")
    done = storywire("replay", SEEDS, "--out", folder / "out", folder=folder)
    assert done.returncode == 0, done.stderr.decode()
    return folder / "out"


@pytest.fixture(scope="module")
def articles(out: Path) -> dict[str, list[dict[str, Any]]]:
    """Revisions by canonical URL, the oldest first."""
    found: dict[str, list[dict[str, Any]]] = {}
    for line in (out / "articles.jsonl").read_bytes().splitlines():
        article = orjson.loads(line)
        found.setdefault(article["url"], []).append(article)
    return {url: sorted(each, key=lambda one: one["revision"]) for url, each in found.items()}


@pytest.fixture(scope="module")
def newest(out: Path) -> dict[tuple[str, str], dict[str, Any]]:
    """The event of the highest revision by URL and subject."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for line in (out / "events.jsonl").read_bytes().splitlines():
        event = orjson.loads(line)
        key = (event["article"]["url"], event["subject"])
        if key not in found or event["article"]["revision"] > found[key]["article"]["revision"]:
            found[key] = event
    return found


@pytest.fixture(scope="module")
def summary(out: Path) -> dict[str, Any]:
    """The summary of the seeds' own story."""
    found: dict[str, Any] = orjson.loads((out / "stories.json").read_bytes())
    assert found["gaza-talks"]["counts"]["articles"] == 0, "fiction entered a real story"
    return found[STORY]  # type: ignore[no-any-return]


def test_every_article_with_its_revisions(articles: dict[str, list[dict[str, Any]]]) -> None:
    """Each article of the truth is there with as many revisions; a move is one more, and says whither."""
    expected = {one["url"]: one["revisions"] + ("moved_to" in one) for one in TRUTH["article"]}
    assert {url: len(each) for url, each in articles.items()} == expected
    for one in TRUTH["article"]:
        if "moved_to" in one:
            (target,) = articles[one["moved_to"]]
            assert articles[one["url"]][-1]["moved_to"] == target["id"]
            assert target["same_entry_as"] == articles[one["url"]][-1]["id"]


def test_undated_articles_stay_undated(articles: dict[str, list[dict[str, Any]]]) -> None:
    """No date is made up for an article that its source does not date."""
    undated = {one["url"] for one in TRUTH["article"] if one.get("undated")}
    assert undated
    assert {url for url, each in articles.items() if each[-1]["published"] is None} == undated


FIGURATIVE = {
    "https://radionorvale.example/news/ferry-strike-commuters": {"hostages"},
    "https://kavhahof.example/local/2024/05/09/power-cut": {"hostages"},
}
"""Figures of speech that the detector takes at their word: known misses, each a line here and no more."""


def test_subjects_and_endings(newest: dict[tuple[str, str], dict[str, Any]]) -> None:
    """Each article mentions what a reader finds in its newest wording, and what ended says how."""
    for one in TRUTH["article"]:
        events = {subject: event for (url, subject), event in newest.items() if url == one["url"]}
        found = {subject for subject, event in events.items() if not event["ended"]}
        assert found == set(one["subjects"]) | FIGURATIVE.get(one["url"], set()), one["url"]
        ended = {subject: event["ended"] for subject, event in events.items() if event["ended"]}
        assert ended == one.get("ended", {}), one["url"]


def test_which_articles_are_in_the_story(newest: dict[tuple[str, str], dict[str, Any]]) -> None:
    """Other wars and figures of speech stay out of the story; what belongs to it is in."""
    found = {url for (url, _), event in newest.items() if STORY in event["stories"]}
    assert found == {one["url"] for one in TRUTH["article"] if one["in_story"]}


def claims(summary: dict[str, Any]) -> list[dict[str, Any]]:
    """All rows of the claim ledger, superseded ones after those that stand."""
    standing = [claim for quantity in summary["figures"] for claim in quantity["claims"]]
    return standing + [old for claim in standing for old in claim["superseded"]]


def test_figures_of_the_ledger(summary: dict[str, Any]) -> None:
    """Each key figure is a row with its value and the words of an article that has it."""
    found = {(claim["value"], claim["surface"].casefold()) for claim in claims(summary)}
    for figure in TRUTH["figure"]:
        words = figure["surface"].casefold()
        assert any(
            value == figure["value"] and (surface in words or words in surface) for value, surface in found
        ), figure["id"]


def test_figures_that_disagree_stand_side_by_side(summary: dict[str, Any]) -> None:
    """Both values of each disagreement are shown, and stand unless their claimant has a newer one."""
    standing = {claim["value"] for quantity in summary["figures"] for claim in quantity["claims"]}
    shown = {claim["value"] for claim in claims(summary)}
    by_id = {figure["id"]: figure for figure in TRUTH["figure"]}
    for pair in TRUTH["disagreement"]:
        for figure in (by_id[name] for name in pair["figures"]):
            assert figure["value"] in (shown if "superseded_by" in figure else standing), pair["about"]


def test_positions(summary: dict[str, Any]) -> None:
    """Each actor's newest statement is there in the article's own words, or as the one before it."""
    said = [
        (each["citation"]["url"], each["citation"]["words"])
        for position in summary["positions"]
        for each in (position["latest"], position["before"])
        if each
    ]
    for wanted in TRUTH["position"]:
        assert any(wanted["words"] in words for url, words in said if url == wanted["article"]), wanted


def test_what_fell_is_gone(summary: dict[str, Any]) -> None:
    """No sentence of the summary rests on a wording that was withdrawn or corrected."""
    shown = orjson.dumps({name: summary[name] for name in ("headline", "lead", "figures", "positions")})
    for gone in TRUTH["gone"]:
        assert gone["surface"] not in shown.decode(), gone


def test_reprints_are_one_origin(summary: dict[str, Any]) -> None:
    """An agency's reprints do not count as further origins."""
    origins = {origin["name"]: set(origin["outlets"]) for origin in summary["sources"]["by_origin"]}
    assert len(origins["Meridian Wire"]) >= 3
    assert summary["sources"]["origins"] <= summary["sources"]["outlets"]
