"""Polls, as the tests of this room need them: verbs that make one look of each kind."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from pipeline.dates import Utc
from pipeline.feed.compare import compare
from pipeline.feed.document import FeedDocument, Hints
from pipeline.feed.entry import Content, Entry
from pipeline.feed.listing import Listing
from pipeline.outcome import Reason, Rejected
from pipeline.poll.answer import Answer, Hop
from pipeline.poll.decide import after
from pipeline.poll.policy import Policy
from pipeline.poll.poll import Poll
from pipeline.poll.spec import FeedSpec
from pipeline.poll.state import FeedState

NOON = datetime(2024, 5, 4, 12, tzinfo=UTC)
URL = "https://p.example/feed"
SPEC = FeedSpec(URL)
NEVER = FeedState(URL)


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


def answer(at: Utc, status: int = 200, *, url: str = URL, hops: Sequence[Hop] = (), **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(URL, url, status, at, named, tuple(hops), conditional=status == 304)


def entry(name: str, published: Utc | None = None) -> Entry:
    return Entry(
        "f", "feed", guid=name, url=f"https://p.example/{name}", title=Content(name), published=published
    )


def entries(dates: Sequence[Utc | None], label: str = "e") -> tuple[Entry, ...]:
    return tuple(entry(f"{label}{n}", date) for n, date in enumerate(dates))


def read(
    at: Utc,
    listed: Sequence[Entry] = (),
    before: Listing | None = None,
    *,
    head: Answer | None = None,
    complete: bool = True,
    hint: float | None = None,
) -> Poll:
    """A look that brought a document, compared with the listing before."""
    document = FeedDocument(
        URL, "feed", "rss20", "Paper", "https://p.example/",
        observed=at, entries=tuple(listed), complete=complete, hints=Hints(hint),
    )  # fmt: skip
    found = compare(before, document)
    return Poll(
        at, "asked", head or answer(at), None, document, found, f"body of {at}", sent=len(found.to_send)
    )


def unchanged(at: Utc, **headers: str) -> Poll:
    return Poll(at, answer=answer(at, 304, **headers))


def same(at: Utc, **headers: str) -> Poll:
    return Poll(at, answer=answer(at, 200, **headers), body="b", same_body=True)


def refused(at: Utc, status: int = 404, **headers: str) -> Poll:
    """A look whose answer's status is a failure."""
    head = answer(at, status, **headers)
    return Poll(at, answer=head, why=head.failure() or Rejected(Reason.HTML_NOT_FEED, "a page, not a feed"))


def unreached(at: Utc, reason: Reason = Reason.UNREACHABLE) -> Poll:
    return Poll(at, why=Rejected(reason, "no answer"))


POLICY = Policy()


def go(before: FeedState, *polls: Poll, policy: Policy = POLICY) -> FeedState:
    """The state after several looks."""
    for poll in polls:
        before = after(SPEC, before, poll, policy)
    return before


def seconds(state: FeedState) -> float:
    """From the last request to the next."""
    assert state.due is not None and state.asked is not None
    return (state.due - state.asked).total_seconds()


def paced(per_hour: float, at: Utc = NOON, count: int = 30) -> tuple[Entry, ...]:
    return entries([at - hours((n + 0.5) / per_hour) for n in range(count)], f"{at} ")


FIRST = read(NOON, paced(6), head=answer(NOON, etag='W/"1"', last_modified="Sat"))
KNOWN = go(NEVER, FIRST)
KNOWN_LISTING = FIRST.comparison.listing if FIRST.comparison else None
LATER = NOON + hours(1)
