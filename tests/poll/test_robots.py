"""What a site's robots.txt asks of us."""

import gc
import time
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.poll.robots import LARGEST_ROBOTS, LARGEST_RULES, LONGEST_DELAY, MOST_RULES, Robots

SITE = "https://harbourpost.example"

# name: (file, path, allowed), with the section of RFC 9309 that it rests on
RULES = {
    "2.2.1 our group before everybody's": (
        "User-agent: *\nDisallow: /\n\nUser-agent: storywire\nDisallow: /private/",
        "/talks",
        True,
    ),
    "2.2.1 everybody's group where we have none": ("User-agent: *\nDisallow: /talks", "/talks", False),
    "2.2.1 other robots' groups are none of ours": ("User-agent: OtherBot\nDisallow: /", "/talks", True),
    "2.2.1 the token's case does not matter": ("USER-AGENT: StoryWire\nDISALLOW: /talks", "/talks", False),
    "2.2.1 groups of one name are joined": (
        "User-agent: storywire\nDisallow: /a\n\nUser-agent: b\nDisallow: /\n\n"
        "User-agent: storywire\nDisallow: /talks",
        "/talks",
        False,
    ),
    "2.2.1 several names, one group": ("User-agent: b\nUser-agent: storywire\nDisallow: /t", "/talks", False),
    "2.2.1 the token, its version left aside": ("User-agent: storywire/9.9\nDisallow: /", "/talks", False),
    "2.2.1 a token that ours begins with": ("User-agent: story\nDisallow: /", "/talks", True),
    "2.2.1 a token that begins with ours": ("User-agent: storywire-extra\nDisallow: /", "/talks", True),
    "2.2.1 neither blanks nor a comment are of the token": (
        "User-agent :  storywire   # you\nDisallow: / # all",
        "/talks",
        False,
    ),
    "2.2.2 the longest match decides": ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", True),
    "2.2.2 whatever their order": ("User-agent: *\nAllow: /a/b\nDisallow: /a", "/a/c", False),
    "2.2.2 of two as long allow decides": ("User-agent: *\nDisallow: /page\nAllow: /page", "/page", True),
    "2.2.2 paths have a case": ("User-agent: *\nDisallow: /Talks", "/talks", True),
    "2.2.2 an empty rule forbids nothing": ("User-agent: *\nDisallow:", "/talks", True),
    "2.2.2 percent-encoded or not": ("User-agent: *\nDisallow: /caf%C3%A9", "/café", False),
    "2.2.2 the query counts": ("User-agent: *\nDisallow: /*?print=", "/talks?print=1", False),
    "2.2.3 a star is anything": ("User-agent: *\nDisallow: /*/amp", "/talks/1/amp", False),
    "2.2.3 a dollar is the end": ("User-agent: *\nDisallow: /talks$", "/talks/1", True),
    "2.2.3 a number sign is a comment": ("User-agent: *\nDisallow: /a#b", "/a/c", False),
    "2.2.4 other lines are left aside": (
        "Sitemap: https://x.example/s.xml\nUser-agent: *\nNoindex: /x\nDisallow: /talks",
        "/talks",
        False,
    ),
    "2.2.4 and do not part a group": (
        "User-agent: storywire\nSitemap: /s.xml\nUser-agent: b\nDisallow: /",
        "/talks",
        False,
    ),
    "2.3 robots.txt itself is always allowed": ("User-agent: *\nDisallow: /", "/robots.txt", True),
    "2.3 a byte order mark is no rule": ("\ufeffUser-agent: *\nDisallow: /", "/talks", False),
    "2.3 carriage returns end lines": ("User-agent: *\rDisallow: /\r", "/talks", False),
    "a web page has no rules": ("<!doctype html><html><p>User-agent: we have none</p></html>", "/", True),
    "an empty file has no rules": ("", "/talks", True),
    "rules of nobody": ("Disallow: /", "/talks", True),
}


@pytest.mark.parametrize(("text", "path", "allowed"), RULES.values(), ids=RULES.keys())
def test_rules(text, path, allowed):
    """The rules of the group that names us, else of everybody's, by the longest match."""
    assert Robots.parse(text.encode(), 200).allows(SITE + path) is allowed


FORBIDS = b"User-agent: *\nDisallow: /"
STATUSES = {
    "2.3.1.1 successful": (200, False, True),
    "2.3.1.3 not found": (404, True, True),
    "2.3.1.3 gone": (410, True, True),
    "2.3.1.3 not for us": (403, True, True),
    "2.3.1.4 failed": (500, False, False),
    "2.3.1.4 not available": (503, False, False),
    "too many requests": (429, False, False),
    "a redirect that was not followed": (302, False, False),
}


@pytest.mark.parametrize(("status", "allowed", "known"), STATUSES.values(), ids=STATUSES.keys())
def test_statuses(status, allowed, known):
    """No file allows everything; a site that fails allows nothing, and that is no lasting answer."""
    rules = Robots.parse(FORBIDS, status)
    assert (rules.allows(SITE + "/talks"), rules.known) == (allowed, known)


def test_a_site_that_does_not_answer():
    """Nothing is allowed where nobody answers (2.3.1.4)."""
    assert not Robots.unreachable().allows(SITE + "/talks")
    assert not Robots.unreachable().known


PACES = {
    "none": ("User-agent: *\nDisallow: /a", None),
    "everybody's": ("User-agent: *\nCrawl-delay: 10", 10.0),
    "ours": ("User-agent: *\nCrawl-delay: 10\n\nUser-agent: storywire\nCrawl-delay: 2.5", 2.5),
    "another's": ("User-agent: other\nCrawl-delay: 10", None),
    "no number": ("User-agent: *\nCrawl-delay: soon", None),
    "no time": ("User-agent: *\nCrawl-delay: 0", None),
    "not finite": ("User-agent: *\nCrawl-delay: inf", None),
    "below zero": ("User-agent: *\nCrawl-delay: -5", None),
    "beyond belief": ("User-agent: *\nCrawl-delay: 86400", LONGEST_DELAY),
}


@pytest.mark.parametrize(("text", "pace"), PACES.values(), ids=PACES.keys())
def test_pace(text, pace):
    """Crawl-delay of the group that names us, in seconds, within reason."""
    assert Robots.parse(text.encode(), 200).pace == pace


def test_what_is_read_of_a_long_file():
    """At least 500 kiB are read, and no more (2.5)."""
    last = b"\nDisallow: /talks"
    filled = b"User-agent: *\n" + b"#" * (LARGEST_ROBOTS - 14 - len(last)) + last
    assert len(filled) == LARGEST_ROBOTS
    assert not Robots.parse(filled, 200).allows(SITE + "/talks")
    assert Robots.parse(filled, 200).allows(SITE + "/talk")
    assert not Robots.parse(b"\n" + filled, 200).allows(SITE + "/talk")  # its last letter is beyond


def rules_of(number: int, line: bytes = b"Disallow: /taken-down/%d") -> bytes:
    """A file with so many lines for everybody, the first of which names them."""
    return b"User-agent: *\n" + b"\n".join(line % one if b"%d" in line else line for one in range(number - 1))


SIZES = {
    "as many rules as are read": (rules_of(MOST_RULES), True),
    "one more": (rules_of(MOST_RULES + 1), False),
    "as many in our own group": (rules_of(MOST_RULES).replace(b"*", b"storywire"), True),
    "many more for others": (rules_of(9_000).replace(b"*", b"b") + b"\nUser-agent: *\nDisallow: /a", True),
    "many sitemaps": (rules_of(9_000, b"Sitemap: https://harbourpost.example/%d.xml"), True),
    "a long rule": (b"User-agent: *\nDisallow: /" + b"a" * LARGEST_RULES, False),
    "many long rules": (rules_of(1_000, b"Disallow: /%d/" + b"a" * 200), False),
    "names and nothing else": (b"User-agent: *\n" * (MOST_RULES + 1), False),
}


@pytest.mark.parametrize(("body", "allowed"), SIZES.values(), ids=SIZES.keys())
def test_a_file_with_too_much_for_us_allows_nothing(body, allowed):
    """What is beyond any honest list is not read in part: nothing is allowed, and that is an answer."""
    rules = Robots.parse(body, 200)
    assert rules.allows(SITE + "/talks") is allowed
    assert rules.known
    assert len(rules.rules) <= LARGEST_RULES


HEAVY = {
    "20,000 robots of one group": b"user-agent:b%d\n" % 7 * 20_000 + b"allow:/a\n" * 20_000,
    "20,000 different robots": b"".join(b"user-agent:b%d\n" % n for n in range(20_000))
    + b"allow:/a\n" * 15_000,
    "stars": b"user-agent:*\ndisallow:/" + b"*a" * 240_000,
    "fewer stars": b"user-agent:*\ndisallow:/" + b"*a" * 65_000,
    "patterns": b"user-agent:*\n" + b"".join(b"disallow:/*a%d*b*c$\n" % n for n in range(22_000)),
    "fewer patterns": b"user-agent:*\n" + b"".join(b"disallow:/*a%d*b*c$\n" % n for n in range(1_999)),
    "letters to be quoted": b"user-agent:*\ndisallow:/" + "\u4e00".encode() * 43_000,
    "empty lines": b"\n" * LARGEST_ROBOTS,
}


@pytest.mark.parametrize("body", HEAVY.values(), ids=HEAVY.keys())
def test_heavy_files_take_bounded_time(body):
    """A file made to cost much is read in a second or so, eight at most, and asked in far less."""
    begin = time.process_time()
    rules = Robots.parse(body, 200)
    assert rules.allows(SITE + "/talks?" + "b" * 2_000) is not rules.forbidden
    assert time.process_time() - begin < 8


@pytest.mark.parametrize("body", HEAVY.values(), ids=HEAVY.keys())
def test_heavy_files_take_bounded_memory(body):
    """What is kept of a file is its rules for us as they are written, and at once: what it took to read them,
    some megabytes, waits for no collector."""
    gc.disable()
    tracemalloc.start()
    try:
        rules = Robots.parse(body, 200)
        rules.allows(SITE + "/talks?" + "b" * 2_000)
        held, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
        gc.enable()
    assert held < LARGEST_RULES + 100_000
    assert peak < 25_000_000


@given(st.binary(max_size=200), st.integers(100, 599), st.text(max_size=40))
def test_never_raises(body, status, address):
    """Any bytes are rules, and any address is allowed or not."""
    rules = Robots.parse(b"User-agent: *\nDisallow: /\n" + body, status)
    assert rules.allows(address) in (True, False)
