"""Deliveries: what a hub posts, read within bounds, checked, and handed on until it is durable."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from time import monotonic

from aiohttp import web

from agents.http.inflate import inflation
from agents.polling.intake import Bounds, Full, Intake, Place
from agents.polling.order import Delivery, Order
from pipeline.feed.document import NO_HINTS
from pipeline.feed.hints import with_links
from pipeline.outcome import Reason, Rejected
from pipeline.poll.signature import matches
from pipeline.poll.state import Subscription

log = logging.getLogger(__name__)

Submit = Callable[[Order], Awaitable[bool]]
"""Hands an order on. False where its feed has too many already, or is no longer read."""

Dropped = Callable[[str, Rejected], None]
"""Told of each delivery that was dropped: its feed, and why."""

TAKEN = 204
"""The answer to a delivery that is durable, and to one that was dropped: who forges learns nothing."""

_CHUNK = 65_536


class Deliveries:
    """One for all feeds. `received` answers with a status."""

    def __init__(
        self, submit: Submit, now: Callable[[], datetime], bounds: Bounds, dropped: Dropped | None
    ) -> None:
        self._submit = submit
        self._now = now
        self._bounds = bounds
        self._intake = Intake(bounds)
        self._dropped = dropped

    async def received(self, request: web.Request, feed: str, held: Subscription) -> int:
        """204: durable, or dropped for good. 503: the hub is to deliver it again. 4xx: not readable."""
        try:
            place = self._intake.enter(feed, monotonic())
        except Full:
            return 503
        done: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        done.add_done_callback(lambda _: self._intake.leave(place))
        try:
            status = await self._ordered(request, feed, held, place, done)
        except BaseException:
            done.cancel()
            raise
        if status is not None:
            done.cancel()
            return status
        await asyncio.wait([done], timeout=self._bounds.durable_within)
        return TAKEN if done.done() and not done.cancelled() and done.result() else 503

    async def _ordered(
        self, request: web.Request, feed: str, held: Subscription, place: Place, done: asyncio.Future[bool]
    ) -> int | None:
        """Read, check and submit; None once it is submitted, else the answer."""
        headers = _headers(request)
        plain = await self._plain(request, feed, held, place, headers)
        if isinstance(plain, int):
            return plain
        order = Order(feed, self._now(), Delivery(plain, headers), done=done)
        return None if await self._submit(order) else 503

    async def _plain(
        self, request: web.Request, feed: str, held: Subscription, place: Place, headers: dict[str, str]
    ) -> bytes | int:
        """The document, checked and counted as it is held from now on; else the answer. What concerned the
        way here alone is taken out of `headers`."""
        body = await self._body(request, place)
        if isinstance(body, int):
            return body
        why = _forged(held, body, headers)
        if why is not None:
            return self._drop(feed, why)
        plain = _decompressed(body, headers.pop("content-encoding", ""), self._bounds.body)
        if isinstance(plain, Rejected):
            return self._drop(feed, plain)
        try:
            self._intake.grow(place, len(plain) - len(body))
        except Full:
            return 503
        return plain

    async def _body(self, request: web.Request, place: Place) -> bytes | int:
        """The bytes as they came, within bounds of size and time; else a status that says what was wrong."""
        if (request.content_length or 0) > self._bounds.body:
            return 413
        chunks: list[bytes] = []
        try:
            async with asyncio.timeout(self._bounds.body_within):
                async for chunk in request.content.iter_chunked(_CHUNK):
                    chunks.append(chunk)
                    self._intake.grow(place, len(chunk))
                    if place.size > self._bounds.body:
                        return 413
        except TimeoutError:
            return 408
        except Full:
            return 503
        except (web.RequestPayloadError, ConnectionError):
            return 400
        return b"".join(chunks)

    def _drop(self, feed: str, why: Rejected) -> int:
        log.warning("%s: %s: a delivery was dropped: %s", feed, why.reason, why.message)
        if self._dropped:
            self._dropped(feed, why)
        return TAKEN


def _headers(request: web.Request) -> dict[str, str]:
    return {name.lower(): ", ".join(request.headers.getall(name)) for name in request.headers}


def _forged(held: Subscription, body: bytes, headers: dict[str, str]) -> Rejected | None:
    """Why a delivery is not the hub's, or not of the topic that it is for; None if it is both."""
    signature = headers.pop("x-hub-signature", "")
    if not matches(held.secret, body, signature):
        return Rejected(Reason.BAD_SIGNATURE, "the signature does not match" if signature else "no signature")
    topic = link_topic(headers, held.topic)
    if topic != held.topic:
        return Rejected(Reason.BAD_SIGNATURE, f"signed, but of another topic: {topic[:200]!r}")
    return None


def link_topic(headers: Mapping[str, str], topic: str) -> str:
    """The topic that a delivery names in its Link header (`rel=self`); `topic` if it names none."""
    return with_links(NO_HINTS, headers.get("link", ""), topic).topic or topic


def _decompressed(body: bytes, coding: str, limit: int) -> bytes | Rejected:
    """What was signed, without its Content-Encoding, at most `limit` bytes."""
    packed = inflation(coding, limit)
    if isinstance(packed, Rejected):
        return packed
    return packed.feed(body) or packed.end()
