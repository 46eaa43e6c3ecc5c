"""The canonical form of an article's address.

Why not a library: w3lib's `canonicalize_url` sorts the query and re-quotes, courlan's `normalize_url`
re-quotes and drops what it does not know; both change addresses that nobody decorated. Here an
address without decoration comes back byte for byte.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import quote, unquote, urljoin, urlsplit

MAX_BYTES = 2048
"""Longest address that is kept (the limit that feed readers use in the field): characters, where all
are ASCII as in a well-formed address; otherwise bytes of UTF-8, so that what is stored is bounded."""

MAX_INPUT = 8192
"""Longest string that is looked at: a wrapper and tracking may be cut off an address, but not more."""

TRACKING_PREFIXES = ("utm_", "mtm_")
TRACKING = frozenset(
    (
        *("fbclid", "gclid", "dclid", "gbraid", "wbraid", "msclkid", "twclid", "ttclid", "yclid", "igshid"),
        *("mc_cid", "mc_eid", "_hsenc", "_hsmi", "mkt_tok"),
    )
)
"""Parameters that say how a reader arrived, on any site: they never select what is shown."""

_PARTS = re.compile(
    r"(?P<scheme>https?)://(?P<authority>[^/?#]+)(?P<path>[^?#]*)(?P<query>\?[^#]*)?(?:#.*)?",
    re.IGNORECASE | re.DOTALL | re.ASCII,
)
_AUTHORITY = re.compile(
    r"(?P<user>[^@]*@)?(?P<host>\[[0-9A-Fa-f:.]+\]|[^\s:@\[\]\\<>\"%]+)(?::(?P<port>\d*))?"
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_BLANK = re.compile(r"\s")
_DEFAULT_PORT = {"http": "80", "https": "443"}


@dataclass(frozen=True, slots=True)
class UrlRules:
    """What single publishers add to addresses: `drop` host -> lower-case parameter names (valid for
    its subdomains too), `wrappers` wrapper host -> patterns of what stands before a wrapped address."""

    drop: Mapping[str, frozenset[str]] = field(default_factory=dict)
    wrappers: Mapping[str, tuple[re.Pattern[str], ...]] = field(default_factory=dict)


NO_RULES = UrlRules()


def canonical(url: str, rules: UrlRules = NO_RULES) -> str | None:
    """The address without what does not select the page, or None when it is no usable web address.

    Lowers scheme and host only, drops default port, fragment, tracking parameters, `ref` when it
    names the site itself, the publisher's own parameters, and archive wrappers. Idempotent; never
    raises. `http` and `https` stay what they are: see `page_key` for the comparison.
    """
    if len(url) > MAX_INPUT:
        return None
    found = _one_pass(_without_blanks(url), rules)
    while found is not None and (inner := _unwrapped(found, rules)) is not None:
        found = inner
    return found if found is not None and len(found.encode()) <= MAX_BYTES else None


def joined(base: str, address: str) -> str | None:
    """The absolute address that is written at `base`, or None for what is none (a bracket that opens no
    IPv6 address). A base longer than any address is passed over, for each join costs what it is long."""
    try:
        found = urljoin(base if len(base) <= MAX_BYTES else "", address)
        urlsplit(found)  # without a base nothing was looked at
    except ValueError:
        return None
    return found


def page_key(canonical_url: str) -> str:
    """What is compared: the canonical URL with `http` read as `https`. Publishers serve one page
    under both and feeds mix them; two different articles under the two are not known."""
    return "https" + canonical_url[4:] if canonical_url.startswith("http:") else canonical_url


def host_of(canonical_url: str) -> str:
    """The host of a canonical URL, without user and port; '' when there is none."""
    parts = _PARTS.fullmatch(canonical_url)
    authority = _AUTHORITY.fullmatch(parts["authority"]) if parts else None
    return authority["host"] if authority else ""


def _without_blanks(url: str) -> str:
    """Control characters removed as browsers do, inner blanks percent-encoded."""
    text = _CONTROL.sub("", url.strip())
    return _BLANK.sub(lambda blank: quote(blank[0]), text) if _BLANK.search(text) else text


def _one_pass(text: str, rules: UrlRules) -> str | None:
    parts = _PARTS.fullmatch(text)
    if parts is None:
        return None
    scheme = parts["scheme"].lower()
    authority = _AUTHORITY.fullmatch(parts["authority"])
    if authority is None:
        return None
    host = authority["host"].lower()
    port = authority["port"]
    keep_port = f":{port}" if port and port != _DEFAULT_PORT[scheme] else ""
    query = parts["query"]
    kept = _query(query, host, rules) if query else ""
    return f"{scheme}://{authority['user'] or ''}{host}{keep_port}{parts['path']}{kept}"


def _query(query: str, host: str, rules: UrlRules) -> str:
    """`query` ('?...') without tracking; the very same string when there is none."""
    pairs = query[1:].split("&")
    own = _dropped_at(host, rules)
    kept = [pair for pair in pairs if not _is_tracking(pair, host, own)]
    if len(kept) == len(pairs):
        return query
    joined = "&".join(kept)
    return "?" + joined if joined.strip("&") else ""


def _is_tracking(pair: str, host: str, own: frozenset[str]) -> bool:
    name, _, value = pair.partition("=")
    name = name.lower()
    if name in TRACKING or name in own or name.startswith(TRACKING_PREFIXES):
        return True
    return name == "ref" and _names_site(value, host)


def _names_site(value: str, host: str) -> bool:
    """Whether a `ref` value is the site itself: its host, with or without scheme and `www.`."""
    bare = unquote(value).lower().removeprefix("https://").removeprefix("http://").rstrip("/")
    return bool(bare) and bare.removeprefix("www.") == host.removeprefix("www.")


@lru_cache(maxsize=1024)
def parents(host: str) -> tuple[str, ...]:
    """`a.b.example` -> itself, `b.example`, `example`. Few hosts make most of the news."""
    labels = host.split(".")
    return tuple(".".join(labels[start:]) for start in range(len(labels)))


def _dropped_at(host: str, rules: UrlRules) -> frozenset[str]:
    for domain in parents(host):
        if (own := rules.drop.get(domain)) is not None:
            return own
    return frozenset()


def _unwrapped(found: str, rules: UrlRules) -> str | None:
    """The canonical address inside an archive's, or None when there is none in it."""
    for pattern in rules.wrappers.get(host_of(found), ()) if rules.wrappers else ():
        if match := pattern.match(found):
            inside = found[match.end() :]
            if inside[:7].lower() in ("http%3a", "https%3"):
                inside = unquote(inside)
            return _one_pass(_without_blanks(inside), rules)
    return None
