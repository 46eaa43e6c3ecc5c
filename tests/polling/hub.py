"""A WebSub hub on loopback, after the Recommendation, that can be told to misbehave.

async with serving_hub(now) as hub:
    ...                                # somebody posts hub.mode=subscribe to hub.url
    await hub.settled()                # verifications that were begun are over
    await hub.publish(topic, body)     # the statuses of the deliveries, after one retry each
"""

import asyncio
import hmac
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from aiohttp import ClientError, ClientSession, ClientTimeout, web
from yarl import URL


@dataclass(slots=True)
class Subscriber:
    """One verified subscription, as the hub keeps it."""

    topic: str
    callback: str
    secret: str
    expires: datetime


@dataclass(slots=True)
class Manners:
    """How the hub behaves; the defaults are those of a good one.

    `answer`: status and words for a request. `verifies`: it asks for the intent at all; `eager`: before it
    answers. `denies`: the reason that it gives instead. `lease`: what it grants, None for what was asked.
    `topic`: what it names in place of the topic when it verifies. `method` signs; `secret` does so in place
    of the subscriber's; `link_topic` is named in place of the topic when it delivers. `retries`: seconds
    that it waits before each further try of a delivery.
    """

    answer: tuple[int, str] = (202, "")
    verifies: bool = True
    eager: bool = False
    denies: str | None = None
    lease: int | None = None
    topic: str | None = None
    method: str | None = "sha256"
    secret: str | None = None
    link_topic: str | None = None
    retries: tuple[float, ...] = (0.05,)


class Hub:
    """Keeps subscriptions by (topic, callback). `requests` are the forms it was sent, `verifications` the
    statuses its questions were answered with, `deliveries` those of its deliveries."""

    def __init__(self, now: Callable[[], datetime], session: ClientSession) -> None:
        self._now = now
        self._session = session
        self._tasks: set[asyncio.Task[None]] = set()
        self.url = ""
        self.manners = Manners()
        self.subscribers: dict[tuple[str, str], Subscriber] = {}
        self.requests: list[dict[str, str]] = []
        self.verifications: list[int] = []
        self.deliveries: list[int] = []

    # --- subscribing

    async def asked(self, request: web.Request) -> web.Response:
        """A subscriber's request (section 5.1), judged at once and verified afterwards."""
        form = {name: str(value) for name, value in (await request.post()).items()}
        self.requests.append(form)
        problem = _problem(form)
        if problem:
            return web.Response(status=400, text=problem)
        status, words = self.manners.answer
        if status in (202, 204):
            task = asyncio.create_task(self._verify(form))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
            if self.manners.eager:
                await task
        return web.Response(status=status, text=words or None)

    async def _verify(self, form: dict[str, str]) -> None:
        """Verification of intent (section 5.3), or word that the request is denied (5.2)."""
        manners = self.manners
        if manners.denies is not None:
            await self.deny(form["hub.topic"], form["hub.callback"], manners.denies)
            return
        if not manners.verifies:
            return
        mode, challenge = form["hub.mode"], secrets.token_urlsafe(32)
        lease = manners.lease or int(form.get("hub.lease_seconds") or 864_000)
        query = {
            "hub.mode": mode,
            "hub.topic": manners.topic or form["hub.topic"],
            "hub.challenge": challenge,
        }
        if mode == "subscribe":
            query["hub.lease_seconds"] = str(lease)
        status, text = await self.question(form["hub.callback"], query)
        if 200 <= status < 300 and text == challenge:
            self._confirmed(form, lease)

    def _confirmed(self, form: dict[str, str], lease: int) -> None:
        key = form["hub.topic"], form["hub.callback"]
        if form["hub.mode"] == "unsubscribe":
            self.subscribers.pop(key, None)
            return
        expires = self._now() + timedelta(seconds=lease)
        self.subscribers[key] = Subscriber(*key, form.get("hub.secret", ""), expires)

    async def deny(self, topic: str, callback: str, reason: str) -> None:
        """End a subscription, or refuse one, by the hub's own decision."""
        self.subscribers.pop((topic, callback), None)
        await self.question(callback, {"hub.mode": "denied", "hub.topic": topic, "hub.reason": reason})

    async def question(self, callback: str, query: dict[str, str]) -> tuple[int, str]:
        """A GET of the callback, its own query kept; status and body."""
        url = URL(callback)
        async with self._session.get(url.update_query(query), allow_redirects=False) as answer:
            self.verifications.append(answer.status)
            return answer.status, await answer.text()

    async def settled(self) -> None:
        """Wait until every verification that was begun is over."""
        while self._tasks:
            await asyncio.gather(*self._tasks)

    # --- delivering

    def forget(self) -> None:
        """Lose all subscriptions without telling anybody."""
        self.subscribers.clear()

    async def publish(self, topic: str, body: bytes, kind: str = "application/rss+xml") -> list[int]:
        """Deliver to everybody whose lease runs (section 7); the last status of each."""
        now = self._now()
        self.subscribers = {key: one for key, one in self.subscribers.items() if one.expires > now}
        wanted = [one for one in self.subscribers.values() if one.topic == topic]
        return list(await asyncio.gather(*(self._deliver(one, body, kind) for one in wanted)))

    async def _deliver(self, one: Subscriber, body: bytes, kind: str) -> int:
        status = await self.deliver(one, body, kind)
        for pause in self.manners.retries:
            if status < 500:
                break
            await asyncio.sleep(pause)
            status = await self.deliver(one, body, kind)
        if status == 410:
            self.subscribers.pop((one.topic, one.callback), None)
        return status

    async def deliver(
        self, one: Subscriber, body: bytes, kind: str, headers: dict[str, str] | None = None
    ) -> int:
        """One delivery, signed (section 8); 0 for a connection that broke."""
        sent = {"Content-Type": kind, "Link": self._links(one.topic), **(headers or {})}
        if self.manners.method:
            secret = self.manners.secret or one.secret
            value = hmac.new(secret.encode(), body, self.manners.method).hexdigest()
            sent["X-Hub-Signature"] = f"{self.manners.method}={value}"
        try:
            async with self._session.post(one.callback, data=body, headers=sent) as answer:
                status = answer.status
        except ClientError:
            status = 0
        self.deliveries.append(status)
        return status

    def _links(self, topic: str) -> str:
        return f'<{self.url}>; rel="hub", <{self.manners.link_topic or topic}>; rel="self"'


def only(hub: Hub) -> Subscriber:
    """The hub's one subscriber."""
    (one,) = hub.subscribers.values()
    return one


def _problem(form: dict[str, str]) -> str | None:
    """What section 5.1 demands of a request and this one lacks."""
    if form.get("hub.mode") not in ("subscribe", "unsubscribe"):
        return "hub.mode is subscribe or unsubscribe"
    if not form.get("hub.topic") or URL(form.get("hub.callback", "")).scheme not in ("http", "https"):
        return "hub.topic and hub.callback are addresses"
    if len(form.get("hub.secret", "").encode()) >= 200:
        return "hub.secret has less than 200 bytes"
    return None


@asynccontextmanager
async def serving_hub(now: Callable[[], datetime]) -> AsyncIterator[Hub]:
    """A hub at a port of its own; `now` is the clock of its leases."""
    async with ClientSession(timeout=ClientTimeout(total=20), auto_decompress=False) as session:
        hub = Hub(now, session)
        app = web.Application()
        app.router.add_post("/", hub.asked)
        app.router.add_post("/moved", _moved)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        hub.url = f"http://{host}:{port}/"
        try:
            yield hub
        finally:
            await hub.settled()
            await runner.cleanup()


async def _moved(_: web.Request) -> web.Response:
    """Where a hub used to be: a redirect that keeps the method (section 5.1.1)."""
    return web.Response(status=308, headers={"Location": "/"})
