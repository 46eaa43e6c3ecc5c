"""Robots: what a site's robots.txt asks of us (RFC 9309)."""

import re
from dataclasses import dataclass, field
from typing import Self

from protego import Protego

PRODUCT = "storywire"
"""Our product token, as it stands in the User-Agent."""
LARGEST_ROBOTS = 500 * 1024
"""Bytes that are parsed, the least that RFC 9309 (2.5) allows."""
LONGEST_DELAY = 3_600.0
"""Seconds of Crawl-delay that are believed; a site that asks for more is asked once an hour."""

_AGENT = re.compile(r"\s*user[-\s]*agent\b\s*:?\s*([^\s#/]*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules of one site (scheme, host and port). `known`: they are the site's own, not our guess
    while it does not answer, which should be asked again soon. `pace`: seconds that it wants between two
    requests, None where it does not say."""

    known: bool = True
    forbidden: bool = False
    pace: float | None = None
    _rules: Protego | None = field(default=None, repr=False, compare=False)

    @classmethod
    def parse(cls, body: bytes, status: int) -> Self:
        """The rules that an answer with this status, redirects followed, amounts to (RFC 9309, 2.3.1).

        A file is parsed up to LARGEST_ROBOTS bytes. None there (4xx): everything is allowed. The site
        failed (5xx, or anything else that is no answer): nothing is, for now. 429 is counted
        among the failures: who asks for fewer requests is not sent more of them.
        """
        if 200 <= status < 300:
            rules = Protego.parse(_ours(body))
            delay = rules.crawl_delay(PRODUCT)
            return cls(pace=min(delay, LONGEST_DELAY) if delay else None, _rules=rules)
        if 400 <= status < 500 and status != 429:
            return cls()
        return cls.unreachable()

    @classmethod
    def unreachable(cls) -> Self:
        """The rules of a site that does not answer: nothing is allowed for now."""
        return cls(known=False, forbidden=True)

    def allows(self, url: str) -> bool:
        """Whether we may fetch `url`, which is on this site."""
        if self.forbidden or self._rules is None:
            return not self.forbidden
        try:
            return bool(self._rules.can_fetch(url, PRODUCT))
        except ValueError:  # an address that cannot be taken apart is none that was allowed
            return False


def _ours(body: bytes) -> str:
    """The file's lines, with every user agent that is neither we nor everybody under one name.

    Protego keeps a list of rules for each agent of a group, so a file of 20,000 agents and as many rules
    would fill the memory; and it takes "story" for a name of ours, and "storywire/0.1" for none.
    """
    text = body[:LARGEST_ROBOTS].decode("utf-8-sig", "replace")
    return "\n".join(_agent(line) or line for line in text.splitlines())


def _agent(line: str) -> str:
    """A user-agent line with the name that concerns us; "" for any other line."""
    found = _AGENT.match(line)
    if found is None:
        return ""
    name = found[1].lower()
    return f"user-agent: {name if name in (PRODUCT, '*') else 'other'}"
