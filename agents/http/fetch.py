"""Fetching over the network: one request with its redirects, within one time."""

import asyncio
from collections.abc import Mapping

from aiohttp import ClientResponse, ClientSession
from yarl import URL

from agents.http.body import read_body
from agents.http.errors import rejected
from agents.http.fetcher import Get
from agents.http.target import Targets
from agents.polling.clock import Clock
from pipeline.outcome import Reason, Rejected
from pipeline.poll.answer import Answer, Fetched, Hop, Unfetched

MOST_REDIRECTS = 5
FOLLOWED = frozenset((301, 302, 303, 307, 308))
FOLLOWED_WITH_FORM = frozenset((307, 308))
"""The redirects that keep the method (RFC 9110, 15.4); a form goes nowhere else."""
CONDITIONS = frozenset(("if-none-match", "if-modified-since"))
CONTROLS = dict.fromkeys((*range(0x20), *range(0x7F, 0xA0)), " ")
ERROR_BODY = 64_000
"""Bytes read of the body of an error: enough to tell a challenge page, not worth more."""


class Chain:
    """One request under way: where it is, and the redirects that led there."""

    __slots__ = ("answer", "conditional", "hops", "request", "target")

    def __init__(self, request: Get, target: URL) -> None:
        self.request = request
        self.target = target
        self.hops: tuple[Hop, ...] = ()
        self.answer: Answer | None = None
        self.conditional = any(name.lower() in CONDITIONS for name in request.headers)

    def passed(self, target: URL) -> bool:
        """This target has already been asked in this chain."""
        url = str(target)
        return url == str(self.target) or any(hop.url == url for hop in self.hops)


class HttpFetcher:
    """The Fetcher of a running worker.

    A request's headers go with it through its redirects: the validators of a feed that redirects are
    those of where it ends, and without them no such feed would ever answer 304. They are opaque to any
    other host, and nothing else is sent: no cookies, no credentials.
    """

    def __init__(self, session: ClientSession, targets: Targets, clock: Clock, timeout: float) -> None:
        self._session = session
        self._targets = targets
        self._clock = clock
        self._timeout = timeout

    async def fetch(self, request: Get) -> Fetched | Unfetched:
        """The answer, whatever its status, or why there is none that can be read."""
        target = self._targets.of(request.url)
        if isinstance(target, Rejected):
            return Unfetched(target, self._clock.now())
        chain = Chain(request, target)
        try:
            async with asyncio.timeout(self._timeout) as limit:
                found = await self._follow(chain)
        except Exception as error:  # whatever a stranger's bytes make of the machinery below
            found = self._late(chain) if limit.expired() else rejected(error, chain.target.host or "")
        if isinstance(found, Fetched):
            return found
        if chain.answer and chain.answer.status >= 400:  # its status says all; the body was an extra
            return Fetched(chain.answer)
        return Unfetched(found, self._clock.now(), chain.answer)

    def _late(self, chain: Chain) -> Rejected:
        return Rejected(
            Reason.TIMED_OUT, f"{chain.target.host}: no complete answer within {self._timeout:g} s"
        )

    async def _follow(self, chain: Chain) -> Fetched | Rejected:
        request = chain.request
        method, followed = ("POST", FOLLOWED_WITH_FORM) if request.form is not None else ("GET", FOLLOWED)
        headers = {"Accept": request.accept, **request.headers}
        while True:
            async with self._session.request(
                method, chain.target, headers=headers, data=request.form, allow_redirects=False
            ) as response:
                if response.status not in followed:
                    return await self._read(chain, response)
                location = response.headers.get("Location", "")
            target = self._next(chain, response.status, location)
            if isinstance(target, Rejected):
                return target
            chain.target = target

    def _next(self, chain: Chain, status: int, location: str) -> URL | Rejected:
        """Where the chain goes on, its redirect noted."""
        target = self._targets.redirected(chain.target, location)
        if isinstance(target, Rejected):
            return target
        if chain.request.form is not None and (chain.target.scheme, target.scheme) == ("https", "http"):
            return Rejected(
                Reason.BAD_REDIRECT, f"{chain.target.host}: redirects a form to where anybody could read it"
            )
        if chain.passed(target):
            return Rejected(
                Reason.REDIRECT_LOOP, f"{chain.target.host}: redirects back to where it was already asked"
            )
        if len(chain.hops) == MOST_REDIRECTS:
            return Rejected(
                Reason.TOO_MANY_REDIRECTS, f"{chain.target.host}: more than {MOST_REDIRECTS} redirects"
            )
        chain.hops = (*chain.hops, Hop(str(chain.target), status))
        return target

    async def _read(self, chain: Chain, response: ClientResponse) -> Fetched | Rejected:
        answer = chain.answer = Answer(
            asked=chain.request.url,
            url=str(chain.target),
            status=response.status,
            at=self._clock.now(),
            headers=_joined(response.headers),
            hops=chain.hops,
            conditional=chain.conditional,
        )
        limit = chain.request.limit
        body = await read_body(
            response.content, answer, limit if answer.status < 400 else min(limit, ERROR_BODY)
        )
        return body if isinstance(body, Rejected) else Fetched(answer, body)


def _joined(headers: Mapping[str, str]) -> dict[str, str]:
    """Lower-case names; the values of a repeated one joined by ", "."""
    joined: dict[str, str] = {}
    for name, value in headers.items():
        key = name.lower()
        text = value if value.isascii() and value.isprintable() else _text(value)
        joined[key] = f"{joined[key]}, {text}" if key in joined else text
    return joined


def _text(value: str) -> str:
    """A value as text that JSON takes and that can be sent back.

    aiohttp keeps bytes that are not UTF-8 as surrogates, which no JSON takes: such a value is Latin-1.
    Control characters become blanks: a validator with one in it could never be sent, and would fail each
    request from then on.
    """
    try:
        value.encode()
    except UnicodeEncodeError:
        value = value.encode("utf-8", "surrogateescape").decode("latin-1")
    return value.translate(CONTROLS)
