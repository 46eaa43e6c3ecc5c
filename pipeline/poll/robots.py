"""Robots: what a site's robots.txt asks of us (RFC 9309)."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Self

from protego import Protego

PRODUCT = "storywire"
"""Our product token, as it stands in the User-Agent."""
LARGEST_ROBOTS = 500 * 1024
"""Bytes that are parsed, the least that RFC 9309 (2.5) allows."""
MOST_RULES = 2_000
LARGEST_RULES = 128 * 1024
"""Lines, and bytes of them, that may concern us: the longest lists that papers keep, of pages that courts had
them take down, have some hundreds. Of a file with more nothing is read and nothing is allowed: it is made to
cost, and a part of its rules is not what it asks."""
LONGEST_DELAY = 3_600.0
"""Seconds of Crawl-delay that are believed; a site that asks for more is asked once an hour."""

_AGENT = re.compile(r"user[-\s]*agent\b\s*:?\s*([^\s/]*)", re.IGNORECASE)
_RULE = re.compile(
    r"(?!(site-?maps?|host)\b)"  # these speak for the site, and part no group
    r"([^:]*:|(d[ia]+s+a?l+[oa]w|allow|(crawl|request)[-\s](delay|rate)|visit[-\s]time)\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules of one site (scheme, host and port). `known`: they are the site's own, not our guess
    while it does not answer, which should be asked again soon. `pace`: seconds that it wants between two
    requests, None where it does not say.

    The rules are kept as they are written and read anew for each address: 2 ms for 60 of them, 25 ms for the
    largest file, and a page of a site is asked for every few seconds. As objects they take twenty times the
    memory.
    """

    known: bool = True
    forbidden: bool = False
    pace: float | None = None
    rules: bytes = field(default=b"", repr=False)

    @classmethod
    def parse(cls, body: bytes, status: int) -> Self:
        """The rules that an answer with this status, redirects followed, amounts to (RFC 9309, 2.3.1).

        A file is read up to LARGEST_ROBOTS bytes; one with more for us than MOST_RULES or LARGEST_RULES
        allows nothing. None there (4xx): everything is allowed. The site failed (5xx, or anything else that
        is no answer): nothing is, for now. 429 is counted among the failures: who asks for fewer requests is
        not sent more of them.
        """
        if 200 <= status < 300:
            rules = _ours(body)
            if rules is None:
                return cls(forbidden=True)
            with _read(rules) as found:
                delay = found.crawl_delay(PRODUCT)
            return cls(pace=min(delay, LONGEST_DELAY) if delay else None, rules=rules)
        if 400 <= status < 500 and status != 429:
            return cls()
        return cls.unreachable()

    @classmethod
    def unreachable(cls) -> Self:
        """The rules of a site that does not answer: nothing is allowed for now."""
        return cls(known=False, forbidden=True)

    def allows(self, url: str) -> bool:
        """Whether we may fetch `url`, which is on this site."""
        if self.forbidden or not self.rules:
            return not self.forbidden
        try:
            with _read(self.rules) as found:
                return bool(found.can_fetch(url, PRODUCT))
        except ValueError:  # an address that cannot be taken apart is none that was allowed
            return False


@contextmanager
def _read(rules: bytes) -> Iterator[Protego]:
    found = Protego.parse(rules.decode())
    try:
        yield found
    finally:
        vars(found).clear()  # its parts hold each other, and would wait for a collection of the whole memory


def _ours(body: bytes) -> bytes | None:
    """The lines of the groups that name us or everybody; None where they are more than is read.

    A group begins with user-agent lines, and ends with the first one after something else. The names of all
    others are left out: Protego takes "story" for a name of ours, and "storywire/0.1" for none.
    """
    kept: list[str] = []
    ours = heading = False
    for line in body[:LARGEST_ROBOTS].decode("utf-8-sig", "replace").splitlines():
        said = line.partition("#")[0].strip()
        agent = _AGENT.match(said)
        if agent:
            name = agent[1].lower()
            named = name in (PRODUCT, "*")
            ours, heading = named or (ours and heading), True
            kept += [f"user-agent: {name}"] if named else []
        elif _RULE.match(said):
            heading = False
            kept += [said] if ours else []
        if len(kept) > MOST_RULES:
            return None
    rules = "\n".join(kept).encode()
    return rules if len(rules) <= LARGEST_RULES else None
