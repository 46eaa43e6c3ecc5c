"""Subscriber: asks hubs for subscriptions, and to renew or end them."""

import logging
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from agents.http.fetcher import Fetcher, Get
from agents.polling.callbacks import Callbacks
from pipeline.feed.document import FeedDocument
from pipeline.outcome import Reason
from pipeline.poll.answer import Fetched, Unfetched
from pipeline.poll.spec import FeedSpec
from pipeline.poll.state import FeedState, Subscription
from pipeline.poll.websub import Wish, asked, refused, request_form, unsaid, unsubscribe_form, wanted
from pipeline.urls import host_of

log = logging.getLogger(__name__)

TAKEN = (202, 204)
"""The Recommendation's answer to a request that is accepted, and that of older hubs that verified at once."""

LONGEST_ANSWER = 65_536
"""Bytes of a hub's answer that are read: it says at most, in a line, what was wrong."""

LONGEST_WORDS = 500
"""Characters of it that go to the log."""

_UNPRINTABLE = re.compile(r"[^ -~\xa1-\u02ff\u0370-\u1fff]+")


class Subscriber:
    """One for all feeds. `callback` is the public address, without a slash at its end, below which the hub
    server answers; `token` makes unguessable strings (`secrets.token_urlsafe`) for tokens and secrets.

    `pace`: seconds between two requests to one hub's host. Who comes too early is left for its next poll.
    """

    def __init__(
        self,
        fetcher: Fetcher,
        callback: str,
        token: Callable[[], str],
        callbacks: Callbacks,
        pace: float = 5,
    ) -> None:
        self._fetcher = fetcher
        self._callback = callback
        self._token = token
        self._callbacks = callbacks
        self._pace = timedelta(seconds=pace)
        self._last: dict[str, datetime] = {}

    async def renewed(
        self,
        spec: FeedSpec,
        state: FeedState,
        document: FeedDocument | None,
        now: datetime,
    ) -> FeedState:
        """The state after asking the feed's hub for what is called for, which mostly is nothing.

        `document` is what this poll read, None if it read none. Never raises for what the hub does.
        """
        wish = wanted(state, document.hints if document else None, now, self._callback)
        return state if wish is None else await self._ask(spec.title or spec.url, state, wish, now)

    async def _ask(self, feed: str, state: FeedState, wish: Wish, now: datetime) -> FeedState:
        if not self._paced(wish.hub, now):
            return state
        asking = asked(state.hub, wish, now, self._token(), self._token(), self._callback)
        self._callbacks.learn(replace(state, hub=asking))
        answer = await self._fetcher.fetch(
            Get(wish.hub, accept="*/*", limit=LONGEST_ANSWER, form=self._form(wish, asking))
        )
        said = _refusal(answer)
        if said is not None:
            why = unsaid(said, state.hub, asking)[:LONGEST_WORDS]
            log.info("%s: %s: %s did not take a request: %s", feed, Reason.HUB_REFUSED, wish.hub, why)
            asking = refused(asking, why)
        return replace(state, hub=asking)

    def _form(self, wish: Wish, asking: Subscription) -> dict[str, str]:
        callback = f"{self._callback}/{asking.token}"
        form = unsubscribe_form if wish.mode == "unsubscribe" else request_form
        return form(asking, callback)

    def _paced(self, hub: str, now: datetime) -> bool:
        """Whether the hub's host may be asked now, which then counts as done."""
        host = host_of(hub).lower()
        if (last := self._last.get(host)) is not None and now < last + self._pace:
            return False
        self._last = {name: at for name, at in self._last.items() if now < at + self._pace}
        self._last[host] = now
        return True


def _refusal(answer: Fetched | Unfetched) -> str | None:
    """What a hub said instead of taking a request, in a line; None if it took it."""
    if isinstance(answer, Unfetched):
        return answer.why.message
    if answer.answer.status in TAKEN:
        return None
    words = _UNPRINTABLE.sub(" ", answer.body.decode("utf-8", "replace"))
    return " ".join(f"{answer.answer.status} {words}".split())
