"""Pace: requests to one host one after the other, with time between them, whoever asks."""

import asyncio
from datetime import datetime, timedelta

from agents.http.fetcher import Fetcher, Get
from agents.polling.clock import Clock
from pipeline.outcome import Reason
from pipeline.poll.answer import Fetched, Unfetched
from pipeline.urls import canonical, host_of

NOT_ASKED = frozenset((Reason.DNS_FAILED, Reason.BAD_ADDRESS, Reason.REFUSED_ADDRESS))
"""Reasons why no request went out: what the host never saw needs no time after it."""


class PacedFetcher:
    """A Fetcher that begins requests to one host at least `pace` seconds apart, one at a time, and at most
    `most` requests in all at once. For commands: the worker's roster paces whole feeds."""

    def __init__(self, fetcher: Fetcher, clock: Clock, pace: float, most: int) -> None:
        self._fetcher = fetcher
        self._clock = clock
        self._pace = timedelta(seconds=pace)
        self._places = asyncio.Semaphore(most)
        self._hosts: dict[str, asyncio.Lock] = {}
        self._begun: dict[str, datetime] = {}

    async def fetch(self, request: Get) -> Fetched | Unfetched:
        """The answer, once it is this request's turn."""
        host = host_of(canonical(request.url) or "")
        async with self._hosts.setdefault(host, asyncio.Lock()):
            if host in self._begun:
                await self._clock.until(self._begun[host] + self._pace)
            async with self._places:
                self._begun[host] = self._clock.now()
                result = await self._fetcher.fetch(request)
            if isinstance(result, Unfetched) and result.why.reason in NOT_ASKED:
                del self._begun[host]
            return result
