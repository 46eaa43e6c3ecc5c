"""The canonical form of addresses."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.urls import MAX_BYTES, UrlRules, canonical, host_of, joined, page_key

RULES = UrlRules(
    drop={"post.example": frozenset(("segmentid", "via"))},
    wrappers={
        "vault.example": (
            re.compile("https://vault\\.example/(?:newest|at/[^/]+)/(?=https?(?::|%3a))", re.I),
        )
    },
)

CASES = {
    "untouched": ("https://post.example/a/B?q=1&Q=2", "https://post.example/a/B?q=1&Q=2"),
    "untouched, odd but undecorated": ("http://post.example/?", "http://post.example/?"),
    "untouched, empty and repeated parameters": ("https://x.example/a?&b&&c=", "https://x.example/a?&b&&c="),
    "untouched, percent-encoding in either case": ("https://x.example/%d7%A9", "https://x.example/%d7%A9"),
    "scheme and host in small letters, path as it is": (
        "HTTPS://WWW.Post.Example/World/Gaza",
        "https://www.post.example/World/Gaza",
    ),
    "default port of http": ("http://post.example:80/a", "http://post.example/a"),
    "default port of https": ("https://post.example:443/a", "https://post.example/a"),
    "empty port": ("https://post.example:/a", "https://post.example/a"),
    "another port stays": ("https://post.example:8443/a", "https://post.example:8443/a"),
    "https port on http stays": ("http://post.example:443/a", "http://post.example:443/a"),
    "IPv6 host": ("http://[2001:DB8::1]:80/a", "http://[2001:db8::1]/a"),
    "fragment": ("https://post.example/a#top", "https://post.example/a"),
    "fragment with a question mark": ("https://post.example/a#b?c=1", "https://post.example/a"),
    "utm": ("https://x.example/a?utm_source=rss&id=7&utm_medium=feed", "https://x.example/a?id=7"),
    "matomo": ("https://x.example/a?mtm_campaign=x", "https://x.example/a"),
    "names in capitals": ("https://x.example/a?UTM_Source=rss&FBCLID=1", "https://x.example/a"),
    **{
        f"tracking: {name}": (f"https://x.example/a?{name}=1&id=7", "https://x.example/a?id=7")
        for name in ("fbclid", "gclid", "msclkid", "mc_cid", "_hsenc", "mkt_tok")
    },
    "a name that only begins like one": ("https://x.example/a?gclids=1", "https://x.example/a?gclids=1"),
    "ref to the site itself": ("https://www.x.example/a?ref=x.example", "https://www.x.example/a"),
    "ref to the site itself, as address": (
        "https://x.example/a?ref=https%3A%2F%2Fwww.x.example%2F",
        "https://x.example/a",
    ),
    "ref to something else": ("https://x.example/a?ref=home", "https://x.example/a?ref=home"),
    "a publisher's own parameter": (
        "https://www.post.example/a?segmentId=7&p=2",
        "https://www.post.example/a?p=2",
    ),
    "the same parameter elsewhere": ("https://x.example/a?segmentId=7", "https://x.example/a?segmentId=7"),
    "archive": ("https://vault.example/newest/https://post.example/a?via=rss#x", "https://post.example/a"),
    "archive with a time": ("https://vault.example/at/2024/http://x.example/a", "http://x.example/a"),
    "archive in an archive": (
        "https://vault.example/newest/https://vault.example/at/1/https://x.example/a",
        "https://x.example/a",
    ),
    "archive of an encoded address": (
        "https://vault.example/newest/https%3A%2F%2Fx.example%2Fa",
        "https://x.example/a",
    ),
    "the archive's own page": ("https://vault.example/about", "https://vault.example/about"),
    "blanks around": ("  https://x.example/a\n", "https://x.example/a"),
    "blanks inside": ("https://x.example/a b", "https://x.example/a%20b"),
    "line break inside": ("https://x.example/a\n\tb", "https://x.example/ab"),
}


@pytest.mark.parametrize(("given_url", "wanted"), CASES.values(), ids=CASES.keys())
def test_canonical(given_url, wanted):
    """Decoration goes, and nothing else does."""
    assert canonical(given_url, RULES) == wanted


NO_ADDRESSES = {
    "empty": "",
    "no scheme": "post.example/a",
    "scheme-relative": "//post.example/a",
    "another scheme": "ftp://post.example/a",
    "script": "javascript:alert(1)//http://x.example",
    "mail": "mailto:desk@post.example",
    "no host": "https:///a",
    "only a user": "https://me@/a",
    "broken port": "https://x.example:80a/",
    "long s in the scheme": "http\u017f://x.example/",
    "blank in the host": "https://x .example/a",
    "too long": "https://x.example/" + "a" * MAX_BYTES,
    "far too long": "https://x.example/?utm_source=" + "a" * 10_000,
}


@pytest.mark.parametrize("url", NO_ADDRESSES.values(), ids=NO_ADDRESSES.keys())
def test_no_address(url):
    """What is no usable web address is None."""
    assert canonical(url, RULES) is None


def test_length_counts_after_tracking_is_gone():
    """An address that only its tracking makes too long is kept."""
    url = "https://x.example/" + "a" * 2000
    assert canonical(url + "?utm_campaign=" + "b" * 500) == url


def test_http_and_https_are_one_page():
    """Both schemes of one address compare alike, while each address stays as it was given."""
    assert canonical("http://x.example/a") == "http://x.example/a"
    assert page_key("http://x.example/a") == page_key("https://x.example/a")
    assert page_key("http://x.example/a") != page_key("http://x.example/b")


def test_host_of_ignores_the_user():
    """The host is where the address leads, not what stands before the @."""
    assert host_of("https://bbc.example@evil.example/a") == "evil.example"


# fmt: off
parts = st.sampled_from((
    "https://", "http://", "HTTPS://", "vault.example", "/newest/", "/at/1/", "Post.Example", ":443", ":80",
    "/", "?", "&", "=", "#", "utm_source=1", "fbclid", "ref=post.example", "segmentId=2", "%3A", "%2F", "%20",
    " ", "\u3000", "@", "[", "]", "\\", "a", "\u0130", "\ud800", "\x00", "\u2028", "ü", "ref=%20",
    "https%3A%2F%2F",
))
# fmt: on


@given(st.lists(parts, max_size=14).map("".join) | st.text())
@example("https://vault.example/newest/https://vault.example/newest/")
@example("http://x.example/a\u3000?utm_source=1")
@example("https://vault.example/newest/https%3A//x%2520.example/ a")
def test_canonical_is_idempotent_and_never_raises(url):
    """The canonical form of a canonical form is itself, whatever the input."""
    once = canonical(url, RULES)
    if once is not None:
        assert canonical(once, RULES) == once
        assert once.startswith(("http://", "https://"))
        assert not re.search(r"[\x00-\x20\x7f\u2028]", once)
        assert len(once.encode()) <= MAX_BYTES


@pytest.mark.parametrize(
    ("base", "address", "found"),
    [
        ("https://paper.example/a/", "b", "https://paper.example/a/b"),
        ("https://paper.example/a/", "//[", None),
        ("https://paper.example/a/", "http://[:::]/", None),
        ("", "http://[:::]/", None),
        ("//[", "b", None),
        ("https://paper.example/" + "a/" * 2_000, "b", "b"),
        ("https://paper.example/" + "a/" * 2_000, "http://a.example/b", "http://a.example/b"),
    ],
)
def test_joined(base, address, found):
    """An address is read where it is written; what is none, and a base that is none, raise nothing."""
    assert joined(base, address) == found


@given(st.text("[]:/.@?#%a\u2100 \n\0", max_size=20), st.text("[]:/.@?#%a\u2100 \n\0", max_size=20))
def test_joining_never_raises(base, address):
    """Whatever is written, an address or nothing comes back."""
    found = joined("http:" + base, address)
    assert found is None or isinstance(found, str)
