"""hub_server: where hubs reach this worker, on loopback behind the operator's public server.

Below whatever path that server passes on, the last segment is a subscription's token. GET is a hub's
verification of intent, or its denial; POST is a delivery.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from http import HTTPStatus
from typing import Any

from aiohttp import web

from agents.polling.deliveries import Deliveries, Dropped, Submit
from agents.polling.intake import Bounds
from agents.polling.order import Order
from pipeline.poll.state import FeedState, Subscription
from pipeline.poll.websub import denied, left, verified

Find = Callable[[str], tuple[str, Subscription] | None]
"""The feed and subscription of a token."""

LONGEST_LINE = 8_190
"""Characters of a request's first line, and with it of a topic and a challenge."""

LONGEST_REASON = 200


@asynccontextmanager
async def serve_hub(
    bind: str,
    find: Find,
    submit: Submit,
    now: Callable[[], datetime],
    dropped: Dropped | None = None,
    bounds: Bounds | None = None,
    whole: Callable[[], bool] = lambda: True,
) -> AsyncIterator[tuple[str, int]]:
    """Serves at `bind` (HOST:PORT; 0 takes any port) and yields where it listens. Raises OSError.

    `whole`: whether every subscription would be known here; as long as not, an unknown one may be that of a
    feed which another worker has, or which is not yet known again, and its hub is told to come again.
    """
    host, _, port = bind.rpartition(":")
    bounds = bounds or Bounds()
    runner = web.AppRunner(
        _app(_Callback(find, submit, now, Deliveries(submit, now, bounds, dropped), whole)),
        access_log=None,
        auto_decompress=False,  # the signature is that of the bytes as they came
        keepalive_timeout=bounds.idle,
        lingering_time=1,
        max_line_size=LONGEST_LINE,
        shutdown_timeout=2,
    )
    await runner.setup()
    try:
        site = web.TCPSite(runner, host.strip("[]"), int(port), backlog=64)
        await site.start()
        address = runner.addresses[0]
        yield str(address[0]), int(address[1])
    finally:
        await runner.cleanup()


def _app(callback: "_Callback") -> web.Application:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", callback.answered)
    app.on_response_prepare.append(_without_version)
    return app


async def _without_version(_: web.Request, response: web.StreamResponse) -> None:
    response.headers.pop("Server", None)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"


class _Callback:
    def __init__(
        self,
        find: Find,
        submit: Submit,
        now: Callable[[], datetime],
        deliveries: Deliveries,
        whole: Callable[[], bool],
    ) -> None:
        self._find = find
        self._submit = submit
        self._now = now
        self._deliveries = deliveries
        self._whole = whole

    async def answered(self, request: web.Request) -> web.Response:
        """One request, whatever it is. A method that is none is told before the token is looked at."""
        if request.method not in ("GET", "POST"):
            return _plain(405, allow="GET, POST")
        found = self._find(request.path.rpartition("/")[2])
        if found is None:
            return _plain(404) if self._whole() else _plain(503, retry_after="60")
        feed, held = found
        if request.method == "GET":
            return await self._intent(request, feed, held)
        if held.leaving:
            return _plain(410)
        status = await self._deliveries.received(request, feed, held)
        return _plain(status, retry_after="60") if status == 503 else _plain(status)

    async def _intent(self, request: web.Request, feed: str, held: Subscription) -> web.Response:
        """A hub's question whether this is wanted, answered at once; the state follows. If the process ends
        between, `verified` is not remembered, and the hub is asked again as one that was silent."""
        query = request.query
        mode, challenge = query.get("hub.mode"), query.get("hub.challenge", "")
        if query.get("hub.topic") != held.topic:
            return _plain(404)
        if mode == "denied":
            return await self._change(feed, held, partial(denied, why=_reason(query.get("hub.reason", ""))))
        if not challenge:
            return _plain(404)
        if mode == "subscribe" and not held.leaving:
            lease = _seconds(query.get("hub.lease_seconds", ""))
            return await self._change(feed, held, partial(verified, now=self._now(), lease=lease), challenge)
        if mode == "unsubscribe" and held.leaving:
            return await self._change(feed, held, left, challenge)
        return _plain(404)

    async def _change(
        self, feed: str, held: Subscription, step: Callable[[Subscription], Subscription], text: str = ""
    ) -> web.Response:
        def change(state: FeedState) -> FeedState:
            now = state.hub
            return replace(state, hub=step(now)) if now and now.token == held.token else state

        taken = await self._submit(Order(feed, self._now(), change=change))
        return _plain(200, text) if taken else _plain(503, retry_after="60")


def _plain(status: int, text: str = "", **headers: Any) -> web.Response:
    named = {name.replace("_", "-").title(): value for name, value in headers.items()}
    if status == HTTPStatus.NO_CONTENT:
        return web.Response(status=status, headers=named)
    return web.Response(status=status, text=text, content_type="text/plain", headers=named)


def _seconds(written: str) -> int | None:
    return int(written) if written.isascii() and written.isdigit() and len(written) < 12 else None


def _reason(written: str) -> str:
    return " ".join("".join(one if one.isprintable() else " " for one in written[:LONGEST_REASON]).split())
