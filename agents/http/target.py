"""Target: an address that a request may go to, parsed and judged as far as its spelling tells."""

from functools import lru_cache

from yarl import URL

from agents.http.connector import Guard
from agents.http.errors import plain
from agents.http.guard import spelled
from pipeline.outcome import Reason, Rejected

LONGEST_URL = 2_048
REMEMBERED = 20_000
"""Targets kept parsed: those of a worker with 10,000 feeds, and where they redirect to."""


class Targets:
    """Parses addresses, remembering the last ones: a feed has the same address at each poll."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self.of = lru_cache(REMEMBERED)(self._of)

    def _of(self, url: str) -> URL | Rejected:
        """The address, without a fragment; BAD_ADDRESS or REFUSED_ADDRESS."""
        if len(url) > LONGEST_URL:
            return _bad(f"longer than {LONGEST_URL:,} characters", url)
        try:
            target = _parsed(url)
            fault = _fault(target)
        except ValueError as error:
            fault = str(error)
        return _bad(fault, url) if fault else self._judged(target)

    def _judged(self, target: URL) -> URL | Rejected:
        """Refused if its host spells an address that is; a name is judged when it is connected to."""
        address = spelled(target.raw_host or "")
        kind = self._guard(address) if address else None
        if kind is None:
            return target
        return Rejected(Reason.REFUSED_ADDRESS, f"{plain(target.host or '')} is {kind}")

    def redirected(self, source: URL, location: str) -> URL | Rejected:
        """Where a redirect leads: BAD_REDIRECT where that is nowhere, REFUSED_ADDRESS as for any target."""
        if not location:
            return Rejected(Reason.BAD_REDIRECT, f"{source.host}: a redirect that does not say where to")
        if len(location) > LONGEST_URL:
            return Rejected(
                Reason.BAD_REDIRECT, f"{source.host}: redirects to more than {LONGEST_URL:,} characters"
            )
        try:
            given = _parsed(location)
            if given.scheme and not given.host:  # else it would be joined as if it were a path
                raise ValueError(f"{given.scheme}: without a host")
            joined = str(source.join(given))
        except ValueError as error:
            return Rejected(Reason.BAD_REDIRECT, f"{source.host}: redirects to nowhere ({plain(str(error))})")
        target = self.of(joined)
        if isinstance(target, Rejected) and target.reason is Reason.BAD_ADDRESS:
            return Rejected(Reason.BAD_REDIRECT, f"{source.host}: redirects to what is {target.message}")
        return target


def _parsed(url: str) -> URL:
    """What is written in the characters of a URL stays as it is, else it is quoted. Raises ValueError."""
    if not url.isprintable():
        raise ValueError("characters that are not text")
    return URL(url, encoded=url.isascii() and " " not in url).with_fragment(None)


def _fault(target: URL) -> str | None:
    """What keeps a parsed address from being asked. Raises ValueError, since URLs are parsed lazily."""
    if target.scheme not in ("http", "https") or not target.raw_host:
        return "neither http nor https"
    if target.raw_user is not None or target.raw_password is not None:
        return "with a name or password in it"
    if (
        "%" in target.raw_host and ":" not in target.raw_host
    ):  # of IPv6 it begins a zone, which the guard judges
        return "with a host that is percent-encoded"
    return None if target.port else "with a port that is none"


def _bad(words: str, url: str) -> Rejected:
    return Rejected(Reason.BAD_ADDRESS, f"not an address of the web, {plain(words)}: {plain(url)}")
