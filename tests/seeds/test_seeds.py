"""The shape of the seeds, and that the hand-made truth about them is true."""

import json
import re
import tomllib
from collections import Counter
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from seed_archive import (
    ARTICLES,
    ITEMS,
    LISTINGS,
    ROOT,
    SEEDS,
    SHARED_SEEDS,
    TRUTH,
    documents,
    published,
    worded,
)

BY_URL = {article["url"]: article for article in ARTICLES}
KEYS = {
    "path",
    "kind",
    "feed",
    "observed",
    "publisher",
    "url",
    "published",
    "updated",
    "language",
    "withdrawn",
    "note",
}
SUBJECT_WORDS = {
    "ceasefire": r"ceasefire|truce|fighting|halt|هدنة|إطلاق|אש|המלחמה|cessez-le-feu|trêve|alto el fuego"
    r"|tregua|pausa en los combates|Waffenruhe|युद्धविराम",
    "hostages": r"hostage|captive|رهائن|أسرى|محتجزين|חטופים|שבי|otages|rehenes|Geiseln|बंधक",
    "rafah": r"Rafah|رفح|רפיח|रफ़ाह",
}


def hosts(text: str) -> set[str]:
    """Hosts of the links to articles and pages; names of XML vocabularies are not links."""
    names = re.sub(r'(xmlns(:\w+)?|"version")(=|: ?)"[^"]*"', "", text)
    return {urlsplit(link).hostname or "" for link in re.findall(r"https?://[^\s\"'<>\\]+", names)}


def test_manifest_and_folder_name_the_same_files() -> None:
    """Every document of the manifest exists once, and every file is in it."""
    named = [row["path"] for row in documents()]
    found = [str(p.relative_to(SEEDS)) for p in SEEDS.rglob("*") if p.is_file()]
    assert sorted(named) == sorted(set(found) - {"manifest.toml", "README.md"})


def test_manifest_keeps_its_schema() -> None:
    """The manifest says schema, origin and licence, and its rows hold known keys and times with a zone."""
    manifest = tomllib.loads((SEEDS / "manifest.toml").read_text("utf-8"))
    assert (manifest["schema"], manifest["origin"], manifest["licence"]) == (1, "seed", "CC0-1.0")
    for row in documents():
        assert row.keys() <= KEYS
        assert row["feed"].startswith("https://")
        assert row["publisher"]
        times = [row[key] for key in ("observed", "published", "updated") if key in row]
        assert all(time.tzinfo is not None for time in times), row["path"]


def test_seeds_hold_no_code() -> None:
    """Nothing in the folder can run."""
    assert {p.suffix for p in SEEDS.rglob("*") if p.is_file()} <= {
        ".xml",
        ".json",
        ".jsonl",
        ".txt",
        ".toml",
        ".md",
    }


def test_seeds_are_as_many_as_promised() -> None:
    """At least 44 articles of 7 publishers over 10 days, three or more each in Arabic, Hebrew and French."""
    days = {published(item).astimezone(UTC).date() for item in ITEMS if item.published}
    languages = Counter(article["language"] for article in ARTICLES)
    assert len(LISTINGS) >= 44
    assert len(days) >= 10
    assert date(2024, 4, 20) <= min(days)
    assert max(days) <= date(2024, 5, 20)
    assert len({row["publisher"] for row in documents()}) >= 7
    assert all(languages[language] >= 3 for language in ("ar", "he", "fr"))


def test_every_host_is_fictional() -> None:
    """Links lead to example domains only."""
    texts = [p.read_bytes().decode("latin-1") for p in SEEDS.rglob("*") if p.is_file()]
    found = set().union(*map(hosts, texts))
    assert len(found) >= 10
    assert [host for host in sorted(found) if not host.endswith((".example", ".example.org"))] == []


def test_feeds_were_polled_several_times() -> None:
    """Each feed has at least four snapshots, named after their time."""
    snapshots = [row for row in documents() if row["path"].startswith("feeds/")]
    assert min(Counter(row["feed"] for row in snapshots).values()) >= 4
    for row in snapshots:
        assert Path(row["path"]).stem == f"{row['observed']:%Y-%m-%dT%H%MZ}"


def test_nothing_is_listed_before_it_is_published() -> None:
    """No listing carries a date after the poll that lists it."""
    dated = [item for item in ITEMS if item.published and item.observed]
    assert len(dated) > 100
    early = [item for item in dated if published(item) > datetime.fromisoformat(item.observed)]
    assert [(item.path, item.url) for item in early] == []


def test_no_sentence_of_the_seed_article_is_repeated() -> None:
    """Facts carry over, sentences do not: no sentence, and no run of nine words."""
    if not SHARED_SEEDS.is_dir():
        pytest.skip("absent: ../shared/seeds")
    ours = {run for item in ITEMS for run in runs(f"{item.title}\n{item.text}")}
    for path in sorted(SHARED_SEEDS.glob("*.txt")):
        theirs = runs(path.read_text("utf-8"))
        assert len(theirs) > 100
        assert sorted(theirs & ours) == []


def runs(text: str, length: int = 9) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[at : at + length]) for at in range(len(words) - length + 1)}


def test_truth_lists_every_article_once() -> None:
    """The truth and the seeds name the same articles."""
    assert len(BY_URL) == len(ARTICLES)
    assert sorted(BY_URL) == sorted(LISTINGS)


@pytest.mark.parametrize("url", sorted(BY_URL))
def test_truth_of_an_article(url: str) -> None:
    """Revisions, withdrawal and dates are as the documents show; each subject has its word in the text."""
    truth, rows = BY_URL[url], LISTINGS[url]
    changes = 1 + sum(earlier.words != later.words for earlier, later in pairwise(rows))
    assert changes == truth["revisions"]
    assert rows[-1].withdrawn == truth.get("withdrawn", False)
    assert (not any(item.published for item in rows)) == truth.get("undated", False)
    newest = worded(url)[-1]
    for subject in truth["subjects"]:
        assert re.search(SUBJECT_WORDS[subject], f"{newest.title}\n{newest.text}"), subject
    ended = truth.get("ended", {})
    assert not set(ended) & set(truth["subjects"])
    for subject in ended:
        assert any(re.search(SUBJECT_WORDS[subject], f"{item.title}\n{item.text}") for item in rows)
    assert truth["in_story"] <= bool(truth["subjects"] or ended)
    assert truth.get("figurative", False) == (not truth["subjects"] and not ended)


def test_truth_about_figures_and_positions_stands_in_the_articles() -> None:
    """Each figure and statement is found, letter for letter, in the newest wording of its article."""
    for row in TRUTH["figure"] + TRUTH["position"]:
        assert row.get("surface", row.get("words")) in worded(row["article"])[-1].text, row
        assert BY_URL[row["article"]]["in_story"]
    ids = [row["id"] for row in TRUTH["figure"]]
    assert len(ids) == len(set(ids))
    assert all(set(row["figures"]) <= set(ids) for row in TRUTH["disagreement"])
    assert {row["superseded_by"] for row in TRUTH["figure"] if "superseded_by" in row} <= set(ids)


def test_what_is_gone_stood_once_and_stands_no_more() -> None:
    """A corrected surface is in an older wording only; a withdrawn one is in a withdrawn article."""
    for row in TRUTH["gone"]:
        older = [item for item in worded(row["article"]) if row["surface"] in f"{item.title}\n{item.text}"]
        assert older, row
        newest = LISTINGS[row["article"]][-1]
        assert newest.withdrawn or row["surface"] not in newest.text, row


def test_wire_copy_is_nearly_the_same_and_credited() -> None:
    """A reprint has its own headline, most of the original's words, and a credit."""
    assert [len(row["reprints"]) for row in TRUTH["wire"]] == [2, 2]
    for row in TRUTH["wire"]:
        original = worded(row["original"])[-1]
        for url in row["reprints"]:
            copy = worded(url)[-1]
            assert copy.title != original.title
            assert copy.text.endswith("— Meridian Wire")
            theirs, ours = runs(original.text, 3), runs(copy.text, 3)
            assert len(theirs & ours) / min(len(theirs), len(ours)) > 0.85
            assert urlsplit(url).hostname != urlsplit(row["original"]).hostname


def test_traps_of_the_readme_name_documents() -> None:
    """Each path that the README names exists."""
    readme = (SEEDS / "README.md").read_text("utf-8")
    named = re.findall(r"`((?:feeds|articles)/[^`*<]+)`", readme)
    assert len(named) >= 15
    assert [path for path in named if not (SEEDS / path).exists()] == []
    assert "storywire replay seeds/" in readme


def test_json_is_written_as_text() -> None:
    """JSON documents hold letters, not escapes, so that a person can read them."""
    for path in [*SEEDS.rglob("*.json"), *SEEDS.rglob("*.jsonl")]:
        assert "\\u" not in path.read_text("utf-8"), path.relative_to(ROOT)
    rows = [json.loads(line) for line in (SEEDS / "articles/ladarsena.jsonl").read_text("utf-8").splitlines()]
    assert all({"url", "title", "text", "published", "observed"} <= row.keys() for row in rows)
