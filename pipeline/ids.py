"""Identities: versioned hashes. Changing any of these re-keys the world; tests hold literals of each."""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime

UNOBSERVED = "0000-00-00T00:00:00.000000Z"
"""Stands for an unknown observation time in a revision's name; sorts before every real one."""


def _digest(kind: str, parts: Iterable[str], size: int) -> str:
    """Hex of BLAKE2b over length-prefixed parts, so that no two lists of parts run together."""
    encoded = [part.encode("utf-8", "surrogatepass") for part in parts]
    joined = b"".join([b"\n%d:%b" % (len(data), data) for data in encoded])
    return hashlib.blake2b(f"storywire:{kind}".encode() + joined, digest_size=size).hexdigest()


def article_by_url(canonical: str) -> str:
    """Article id of a canonical URL: 'u' and 32 hex."""
    return "u" + _digest("article-url:1", (canonical,), 16)


def article_by_title(publisher: str, title: str) -> str:
    """Article id where there is no usable URL: publisher and title as compared, 'p' and 32 hex."""
    return "p" + _digest("article-title:1", (publisher, title), 16)


def article_by_text(title: str, text: str) -> str:
    """Article id where there is neither URL nor publisher: 't' and 32 hex."""
    return "t" + _digest("article-text:1", (title, text), 16)


def content_hash(title: str, text: str, authors: Iterable[str], withdrawn: bool) -> str:
    """32 hex over what makes a revision: title, text, authors, withdrawn. Not dates, URL or feed."""
    return _digest("content:1", (title, text, "withdrawn" if withdrawn else "", *authors), 16)


def revision_name(observed: datetime | None, content: str) -> str:
    """`<observed, UTC, microseconds>-<16 hex of the content hash>`: string order is the order."""
    moment = UNOBSERVED
    if observed is not None:
        moment = observed.astimezone(UTC).isoformat(timespec="microseconds")[:-6] + "Z"
    return f"{moment}-{content[:16]}"


def message_id(kind: str, article: str, subject: str, revision: str, rules: str) -> str:
    """`ce_id` of a public message: 'm1-' and 32 hex over type, article, subject, revision, rules digest."""
    return "m1-" + _digest("message:1", (kind, article, subject, revision, rules), 16)


def note_id(feed: str, kind: str, since: datetime | None) -> str:
    """`ce_id` of a note about a feed: 'n1-' and 32 hex over feed, kind and what it dates from."""
    moment = UNOBSERVED if since is None else since.astimezone(UTC).isoformat(timespec="microseconds")
    return "n1-" + _digest("note:1", (feed, kind, moment), 16)


def rules_digest(canonical_rules: bytes) -> str:
    """16 hex over the canonical JSON of the configuration that detection depends on."""
    return _digest("rules:1", (canonical_rules.decode(),), 8)


def words_digest(canonical_roles: bytes) -> str:
    """32 hex over the canonical JSON of the words that a language has for one purpose."""
    return _digest("words:1", (canonical_roles.decode(),), 16)
