"""The publishers file and its index."""

from pathlib import Path

import pytest

from pipeline.article.publisher import PublisherError, parse_publishers
from tests.article.strategies import PUBLISHERS

OURS = Path(__file__).resolve().parents[2] / "config" / "publishers.toml"
ENTRY = '[[publisher]]\nid = "a"\nname = "A Post"\nhosts = ["a.example"]\n'

TROUBLE = {
    "broken TOML": ("[[publisher]]\nid = a\n", ("publishers.toml", "line 2")),
    "a misspelt key": (
        ENTRY + 'host = ["b.example"]\n',
        ("entry 1 (a)", "host", "unknown key; did you mean 'hosts'?"),
    ),
    "a missing key": ('[[publisher]]\nid = "a"\n', ("entry 1 (a)", "name", "missing; add it")),
    "a host with a scheme": (ENTRY.replace("a.example", "https://a.example"), ("entry 1 (a)", "hosts.0")),
    "a number for a name": (
        '[[publisher]]\nid = "a"\nname = 7\n',
        ("entry 1 (a)", "name", "must be a text in quotes, not 7"),
    ),
    "another table": (ENTRY + "[[publishers]]\n", ("publishers", "[[publisher]]")),
    "one table for all": ('[publisher]\nid = "a"\n', ("[[publisher]]",)),
    "the same id twice": (ENTRY + ENTRY, ("id 'a'", "a and a")),
    "the same host twice": (
        ENTRY + '[[publisher]]\nid = "b"\nname = "B"\nhosts = ["a.example"]',
        ("host", "a and b"),
    ),
    "the same alias twice": (ENTRY + '[[publisher]]\nid = "b"\nname = "a  POST"', ("'a post'", "a and b")),
    "a wrapper that is no address": (ENTRY + 'wrappers = ["archive/"]', ("entry 1 (a)", "wrappers.0")),
}


@pytest.mark.parametrize(("toml", "words"), TROUBLE.values(), ids=TROUBLE.keys())
def test_trouble_is_named(toml, words):
    """A file that cannot be used says which file, entry and key, and what is wrong."""
    with pytest.raises(PublisherError) as raised:
        parse_publishers(toml)
    assert [word for word in words if word not in str(raised.value)] == []


def test_subdomains_belong_to_the_host():
    """A host covers its subdomains, and nothing that only ends alike."""
    assert PUBLISHERS.by_host("www.harbourpost.example") is PUBLISHERS.by_host("harbourpost.example")
    assert PUBLISHERS.by_host("notharbourpost.example") is None


def test_names_are_folded_and_credits_are_not():
    """A feed may write a name in any case; a text credits by exactly the configured letters."""
    assert PUBLISHERS.by_name("HARBOUR-POST") is PUBLISHERS.by_name("Harbour Post")
    assert PUBLISHERS.credited("MW") is not None
    assert PUBLISHERS.credited("mw") is None


FAMILIES = {
    "configured": ("Meridian Wire", None, "meridian"),
    "a house of its own": ("Harbour Post", None, "harbour-post"),
    "by site": ("Somebody", "https://www.harbourpost.example/a", "harbour-post"),
    "unknown, by domain": ("A Blog", "https://news.blog.example/a", "blog.example"),
    "unknown, below a country's second level": ("A Blog", "https://www.blog.co.uk/a", "blog.co.uk"),
    "unknown, by name": ("A  Blog!", None, "a-blog"),
    "unknown, behind an aggregator": ("A Blog", "https://gather.example/x", "a-blog"),
    "nobody": (None, None, None),
}


@pytest.mark.parametrize(("name", "url", "family"), FAMILIES.values(), ids=FAMILIES.keys())
def test_family(name, url, family):
    """The house of a publisher is the configured one, else its domain, else its name."""
    assert PUBLISHERS.family(name, url) == family


KNOWN = {
    "feeds.bbci.co.uk": "bbc",
    "www.bbc.com": "bbc",
    "www.ft.com": "financial-times",
    "abcnews.go.com": "abcnews",
    "english.alarabiya.net": "alarabiya",
    "archive.is": "archive-today",
}


@pytest.mark.parametrize(("host", "wanted"), KNOWN.items(), ids=KNOWN.keys())
def test_our_file_knows_hosts(host, wanted):
    """The file that comes with the project knows these hosts."""
    found = parse_publishers(OURS.read_text()).by_host(host)
    assert found is not None
    assert found.id == wanted


AGENCIES = {
    "Reuters": "reuters",
    "AP": "ap",
    "AFP": "afp",
    "BBC": "bbc",
    "رويترز": "reuters",
    "أ ف ب": "afp",
    "dpa": "dpa",
}


@pytest.mark.parametrize(("credit", "wanted"), AGENCIES.items(), ids=AGENCIES.keys())
def test_our_file_knows_agencies(credit, wanted):
    """The file that comes with the project knows agencies by the letters in which texts credit them."""
    found = parse_publishers(OURS.read_text()).credited(credit)
    assert found is not None
    assert found.id == wanted
