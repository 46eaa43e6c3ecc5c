"""What checks of feeds found, for a person and for programs."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from agents.cli.citation_text import hanging
from agents.cli.feeds_text import name_of, named
from agents.cli.safe import one_line
from agents.cli.span_text import span
from agents.polling.check import Checked
from pipeline.outcome import Reason
from pipeline.poll.spec import FeedSpec

TO_DO = {
    Reason.DNS_FAILED: "is there a network? else the site has moved",
    Reason.UNREACHABLE: "is there a network? else try again later",
    Reason.TIMED_OUT: "try again later; the setting fetch_timeout allows more time",
    Reason.REFUSED_ADDRESS: "the setting allow_networks lets addresses of your own network through",
    Reason.BAD_CERTIFICATE: "look at the site in a browser",
    Reason.CHALLENGED: "the site keeps programs out; set `contact` and ask its operator",
    Reason.FORBIDDEN: "set `contact`, so that its operator knows who asks",
    Reason.RATE_LIMITED: "try again tomorrow",
    Reason.NOT_FOUND: "`storywire feeds add` on the site's home page finds today's address",
    Reason.GONE: "`storywire feeds add` on the site's home page finds today's address",
    Reason.HTML_NOT_FEED: "`storywire feeds add` finds the feeds that the page names",
    Reason.SERVER_ERROR: "try again later",
}
"""What somebody can do about a reason; for the others the message is all there is to say."""

Pair = tuple[FeedSpec, Checked]


def read_lines(spec: FeedSpec, checked: Checked, width: int) -> Iterator[str]:
    """One feed that was read: what it is, and what deserves a look."""
    yield from hanging("ok  ", f"{name_of(spec)}: {', '.join(_facts(checked))}", width)
    for problem in _problems(spec, checked):
        yield from hanging("    ! ", problem, width)


def failure_lines(pairs: Sequence[Pair], width: int) -> Iterator[str]:
    """Those that could not be read, by reason: how many, some names, what the first said, what to do."""
    by_reason: dict[Reason, list[Pair]] = {}
    for spec, checked in pairs:
        if checked.why is not None:
            by_reason.setdefault(checked.why.reason, []).append((spec, checked))
    for reason, found in sorted(by_reason.items(), key=lambda one: -len(one[1])):
        why = found[0][1].why
        said = one_line(why.message) if why else ""
        hint = f"; {TO_DO[reason]}" if reason in TO_DO else ""
        yield from hanging(f"{reason.value}: ", f"{named([spec for spec, _ in found])}: {said}{hint}", width)


def check_json(spec: FeedSpec, checked: Checked) -> dict[str, Any]:
    """One check for programs."""
    document, answer = checked.document, checked.answer
    return {
        "feed": spec.url,
        "title": spec.title,
        "at": checked.at,
        "ok": document is not None,
        "reason": checked.why.reason if checked.why else None,
        "message": checked.why.message if checked.why else None,
        "status": answer.status if answer else None,
        "url": answer.url if answer else None,
        "permanent": answer.permanent if answer else None,
        "version": document.version if document else None,
        "entries": len(document.entries) if document else None,
        "newest": checked.newest,
        "language": document.language if document else None,
        "hub": document.hints.hub if document else None,
        "problems": list(_problems(spec, checked)),
    }


def _facts(checked: Checked) -> Iterator[str]:
    document = checked.document
    if document is None:
        return
    yield document.version
    yield f"{len(document.entries)} entries"
    yield f"newest {_age(checked.newest, checked.at)}"
    if document.language:
        yield one_line(document.language)
    if document.hints.hub:
        yield "with a hub"


def _age(newest: datetime | None, at: datetime) -> str:
    return f"{span((at - newest).total_seconds())} old" if newest else "undated"


def _problems(spec: FeedSpec, checked: Checked) -> Iterator[str]:
    """What a person should know of a feed that was read."""
    document, answer = checked.document, checked.answer
    if document is None:
        return
    if answer and answer.permanent:
        yield f"moved for good to {one_line(answer.permanent)}; the worker follows and keeps the id"
    elif answer and answer.hops:
        yield f"led on to {one_line(answer.url)}"
    declared, configured = (_base(text) for text in (document.language, spec.language))
    if declared and configured and declared != configured:
        yield f"the feed says its language is {declared}, the list says {configured}; the feed's word counts"
    if not document.entries:
        yield "it lists no entries"
    for lost in document.rejected[:3]:
        yield f"{lost.reason.value}: {one_line(lost.message)} {one_line(lost.where)}".rstrip()
    if len(document.rejected) > 3:
        yield f"and {len(document.rejected) - 3} more of the kind"


def _base(language: str | None) -> str:
    return one_line(language or "").replace("_", "-").split("-")[0].lower()
