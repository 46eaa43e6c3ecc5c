"""decide: what one look at a feed means for it: what to remember, what to say, when to ask next."""

from dataclasses import dataclass, replace

from pipeline.dates import Utc
from pipeline.outcome import Reason, Rejected
from pipeline.poll import backoff, interval, moves, seen, validators, websub
from pipeline.poll.note import FeedNote
from pipeline.poll.notice import noticed
from pipeline.poll.policy import Policy
from pipeline.poll.poll import Poll
from pipeline.poll.spec import FeedSpec
from pipeline.poll.state import Counts, FeedState, changed


@dataclass(frozen=True, slots=True)
class Decision:
    """The feed's state after a look at it, and the notes that the look gives rise to."""

    state: FeedState
    notes: tuple[FeedNote, ...] = ()


def decide(spec: FeedSpec, before: FeedState, poll: Poll, policy: Policy) -> Decision:
    """What `poll` means for the feed: the same input, the same decision. Never raises."""
    return Decision(*noticed(spec, before, after(spec, before, poll, policy), poll))


def after(spec: FeedSpec, before: FeedState, poll: Poll, policy: Policy) -> FeedState:
    """The state of a feed after `poll`, but for what its notes change in it.

    It is due again after what its habit calls for (failing: more), and not before what its origin asks (in
    its document: as far as nothing is lost by it); never within `policy.shortest` or `policy.pace`, and in
    any case within seven ceilings and a quarter.
    A delivery neither touches validators nor moves what is due.
    """
    if poll.way == "delivered":
        return _delivered(before, poll)
    if poll.why is not None:
        return _failed(before, poll, poll.why, policy)
    if poll.document is None:
        return _unchanged(spec, before, poll, policy)
    return _read(spec, before, poll, policy)


def undecided(before: FeedState, asked: Utc, why: Rejected, policy: Policy) -> FeedState:
    """The state after a look that failed by our own fault, of which nothing else is known: asked again
    after the longest interval, and more if it goes on."""
    failing = backoff.failed(before.failing, why, asked)
    wait = backoff.backed_off(policy.longest, failing.weight, policy)
    due = asked + interval.scattered(before.feed, asked, wait, backoff.JITTER)
    return replace(before, asked=asked, due=due, failing=failing, outcome=str(why.reason))


def _unchanged(spec: FeedSpec, before: FeedState, poll: Poll, policy: Policy) -> FeedState:
    """Nothing changed: a 304, or the same body. The common case: only what it changes is made anew."""
    at, counts = poll.at, before.counts
    habit = seen.learned(before, poll, at)
    called = interval.called_for(habit, before.size, before.fresh or before.first, at, policy)
    address, moving = moves.moved(spec.url, before, poll)
    return changed(
        before,
        address=address,
        left=None,
        asked=poll.asked,
        answered=at,
        due=_due(
            before, poll, called, interval.bearable(before.hinted, habit, before.size, at, policy), policy
        ),
        interval=called,
        validators=validators.of_unchanged(before.validators, poll),
        habit=habit,
        failing=None,
        moving=moving,
        gone=None,
        outcome="same" if poll.same_body else "unchanged",
        counts=Counts(
            counts.polls + 1,
            counts.not_modified + (not poll.same_body),
            counts.same_body + poll.same_body,
            counts.failures,
            counts.deliveries,
            counts.entries + poll.sent,
            counts.lost,
        ),
    )


def _read(spec: FeedSpec, before: FeedState, poll: Poll, policy: Policy) -> FeedState:
    """A body was read."""
    at, document = poll.at, poll.document
    shown = _shown(before, poll)
    called = interval.called_for(shown.habit, shown.size, shown.fresh or shown.first, at, policy)
    hinted = document.hints.interval if document else before.hinted
    bearable = interval.bearable(hinted, shown.habit, shown.size, at, policy)
    if seen.lost(before, poll):
        called, bearable = interval.after_loss(called, before.interval, policy), 0.0
    address, moving = moves.moved(spec.url, before, poll)
    return replace(
        shown,
        address=address,
        left=None,
        asked=poll.asked,
        answered=at,
        due=_due(shown, poll, called, bearable, policy),
        interval=called,
        validators=validators.of_body(before.validators, poll),
        failing=None,
        moving=moving,
        gone=None,
        hinted=hinted,
        counts=replace(
            before.counts,
            polls=before.counts.polls + 1,
            entries=before.counts.entries + poll.sent,
        ),
    )


def _delivered(before: FeedState, poll: Poll) -> FeedState:
    """A hub delivered a body: entries to learn from, and no word on the origin or on when to ask it."""
    shown = before if poll.why else _shown(before, poll)
    counts = replace(
        before.counts,
        deliveries=before.counts.deliveries + 1,
        entries=before.counts.entries + poll.sent,
    )
    return replace(shown, counts=counts, outcome=str(poll.why.reason) if poll.why else shown.outcome)


def _shown(before: FeedState, poll: Poll) -> FeedState:
    """What a body shows of the feed. At its first sight lags say nothing, for nobody was watching."""
    document, at = poll.document, poll.at
    if document is None:
        return before
    new = poll.comparison.new if poll.comparison else ()
    newest = seen.newest(before.newest, document.dates, at)
    fresh = before.fresh
    if new:
        fresh = at if before.first or newest is None else min(newest, at)
    return replace(
        before,
        habit=seen.learned(before, poll, at),
        title=document.title or before.title,
        link=document.link or before.link,
        version=document.version or before.version,
        size=seen.size(before.size, poll),
        newest=newest,
        fresh=fresh,
        first=before.first or at,
        lags=seen.lags(before.lags, seen.news(before, poll), at) if before.first else before.lags,
        turns=seen.turns(before, poll),
        outcome=_word(poll),
        hub=websub.watched(before.hub, poll, before.answered) if before.hub else None,
    )


def _word(poll: Poll) -> str:
    """What a body brought: new entries, others to send, nothing."""
    if poll.comparison is None or not poll.comparison.to_send:
        return "unchanged"
    return "new" if poll.comparison.new else "changed"


def _failed(before: FeedState, poll: Poll, why: Rejected, policy: Policy) -> FeedState:
    """No answer that can be used. What the feed was found to be stays, and so does its habit: only for the
    wait it is taken that nothing came, so that a failure is never shorter than a "not modified"."""
    at = poll.at
    failing = backoff.failed(before.failing, why, at)
    gone = _gone(before, poll, why)
    silent = seen.learned(before, poll, at)
    called = interval.called_for(silent, before.size, before.fresh or before.first, at, policy)
    held = validators.of_failure(before.validators, poll)
    address, left = moves.in_turn(before, failing, at)
    if address != before.address:
        held = moves.returned(held)
    return replace(
        before,
        address=address,
        left=left,
        asked=poll.asked,
        due=_retry(replace(before, failing=failing, gone=gone), poll, called, policy),
        interval=called,
        validators=held,
        failing=failing,
        gone=gone,
        outcome=str(why.reason),
        counts=replace(before.counts, polls=before.counts.polls + 1, failures=before.counts.failures + 1),
    )


def _gone(before: FeedState, poll: Poll, why: Rejected) -> Utc | None:
    """Since when all that the origin said is 410. A 404 or 403 in between says something else; that it could
    not be reached, or failed, says nothing."""
    if why.reason is Reason.GONE:
        return before.gone or poll.at
    spoken = poll.answer is not None and backoff.weight(why.reason) >= backoff.HARD_WEIGHT
    return None if spoken else before.gone


def _due(state: FeedState, poll: Poll, called: float, hinted: float, policy: Policy) -> Utc:
    """When a feed that works is asked next."""
    at = max(poll.asked, poll.at)
    if websub.works(state.hub, at):
        called = max(called, policy.longest)
    wait = max(called, interval.asked_for(poll.answer, hinted, policy), policy.pace)
    return at + interval.scattered(state.feed, at, wait, interval.JITTER)


def _retry(state: FeedState, poll: Poll, called: float, policy: Policy) -> Utc:
    """When a feed that fails is asked next; never sooner than if it worked."""
    at = max(poll.asked, poll.at)
    wait = backoff.backed_off(called, state.failing.weight if state.failing else 0.0, policy)
    if websub.works(state.hub, at):
        wait = max(wait, policy.longest)
    if state.gone is not None and state.failing and state.failing.reason is Reason.GONE:
        wait = max(wait, backoff.gone_for(state.gone, at, policy))
    hinted = interval.bearable(state.hinted, state.habit, state.size, at, policy)
    wait = max(wait, interval.asked_when_failing(poll.answer, hinted, policy), policy.pace)
    return at + interval.scattered(state.feed, at, wait, backoff.JITTER)
