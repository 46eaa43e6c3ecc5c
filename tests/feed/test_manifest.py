"""Manifests: what they may say, and that each slip is named."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from pipeline.feed.manifest import Document, Manifest, read_manifest
from pipeline.outcome import Reason, Rejected

POLL = datetime(2024, 5, 4, 18, 30, tzinfo=UTC)
HEAD: dict[str, Any] = {"schema": 1, "origin": "seed", "licence": "CC0-1.0"}


def test_a_manifest_lists_documents_in_order() -> None:
    """Every key has its place; times are in UTC; a kind is taken from the file's ending."""
    full = {
        "path": "feeds/a.xml", "kind": "feed", "feed": "https://p.example/rss", "observed": POLL,
        "publisher": "Paper", "url": "https://p.example/a", "published": POLL, "updated": POLL,
        "language": "pt-BR", "withdrawn": True, "note": "n",
    }  # fmt: skip
    found = read_manifest(
        {**HEAD, "document": [full, {"path": "b.txt"}, {"path": "c.jsonl"}, {"path": "d.json"}]}
    )
    assert isinstance(found, Manifest)
    assert found.origin == "seed"
    assert found.document[0] == Document(**full)  # type: ignore[arg-type]
    assert [one.kind for one in found.document] == ["feed", "text", "jsonl", "feed"]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (
            {"path": "a.xml", "publishd": "x"},
            "document 1 (a.xml): publishd: unknown key; did you mean 'published'?",
        ),
        (
            {"path": "a.xml", "zzzz": "x"},
            "document 1 (a.xml): zzzz: unknown key; the keys here are path, kind,",
        ),
        ({"path": "a.bin"}, "document 1 (a.bin): kind: missing, and the file's ending tells none"),
        ({"path": "a.xml", "kind": "rss"}, "kind: "),
        ({"kind": "feed"}, "document 1 (without path): path: missing; add it"),
        ({"path": "/etc/passwd", "kind": "text"}, "path: "),
        ({"path": "../a.xml"}, "path: "),
        ({"path": "a.xml", "observed": POLL.replace(tzinfo=None)}, "observed: needs a time zone"),
        ({"path": "a.xml", "observed": date(2024, 5, 4)}, "observed: "),
        ({"path": "a.xml", "published": 1714816800}, "published: "),
        ({"path": "a.xml", "withdrawn": "yes"}, "withdrawn: "),
        ({"path": "a.xml", "url": "p.example/a"}, "url: "),
        ({"path": "a.xml", "language": "English, please"}, "language: "),
        ("a.xml", "document 1: must be a table of keys"),
    ],
)
def test_a_slip_in_a_document_is_named(row: Any, said: str) -> None:
    """Which document, which key, what is wanted, and the key that was probably meant."""
    found = read_manifest({**HEAD, "document": [row]}, "seeds/manifest.toml")
    assert isinstance(found, Rejected)
    assert (found.reason, found.where) == (Reason.BAD_MANIFEST, "seeds/manifest.toml")
    assert said in found.message


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"schema": 2}, "schema: "),
        ({"origin": "feed"}, "origin: "),
        ({"licence": ""}, "licence: "),
        ({"license": "CC0"}, "license: unknown key; did you mean 'licence'?"),
        ({"documents": []}, "documents: unknown key; did you mean 'document'?"),
        ({"document": "a.xml"}, "document: must be tables, each under [[document]]"),
    ],
)
def test_a_slip_at_the_top_is_named(changed: dict[str, Any], said: str) -> None:
    """The head of a manifest is held to the same."""
    found = read_manifest(HEAD | changed)
    assert isinstance(found, Rejected)
    assert said in found.message


def test_a_typo_explains_the_missing_key() -> None:
    """Where `schema` is missing because it is misspelt, the misspelling is what to tell."""
    found = read_manifest({"shema": 1, "origin": "seed", "licence": "CC0-1.0"})
    assert isinstance(found, Rejected)
    assert found.message == "shema: unknown key; did you mean 'schema'?"
