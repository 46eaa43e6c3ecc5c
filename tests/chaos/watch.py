"""Looks at the group all the time: what waits, and how long after a blow everything moves again."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from agents.brokers.broker import Broker
from agents.brokers.errors import BrokerError
from agents.brokers.message import TopicPartition
from tests.chaos.fleet import Fleet
from tests.chaos.weather import Blow

LOOK = 0.25
"""Seconds between two looks: the least that a recovery can be told to have taken."""
PATIENCE = 5.0
"""Seconds that one look may take while brokers are down."""

Places = dict[TopicPartition, int]


@dataclass(frozen=True, slots=True)
class Look:
    """Ends of the topics that the group reads, and where it stands on each."""

    ends: Places = field(default_factory=dict)
    committed: Places = field(default_factory=dict)

    @property
    def waiting(self) -> Places:
        """Per partition, what is not yet committed, where there is any."""
        left = {place: end - self.committed.get(place, 0) for place, end in self.ends.items()}
        return {place: count for place, count in left.items() if count}


@dataclass(frozen=True, slots=True)
class Wound:
    """A blow, and where the group stood on each partition with work when it fell."""

    blow: Blow
    at: float
    stood: Places


class Watch:
    """`recovered` holds for each blow the seconds until every partition that had work moved on."""

    def __init__(self, broker: Broker, group: str, topics: Sequence[str], fleet: Fleet) -> None:
        self._broker, self._group, self._topics, self._fleet = broker, group, topics, fleet
        self.look = Look()
        self.recovered: list[tuple[Blow, float]] = []
        self.open: list[Wound] = []
        self.idle = self.blind = 0
        """Blows that fell where no work was, and looks that no broker answered."""

    def struck(self, blow: Blow) -> None:
        """A blow fell just now."""
        stood = {place: self.look.committed.get(place, 0) for place in self.look.waiting}
        if stood:
            self.open.append(Wound(blow, asyncio.get_running_loop().time(), stood))
        else:
            self.idle += 1

    async def keep(self) -> None:
        """Look for ever."""
        while True:
            self._fleet.weigh()
            await self.once()
            await asyncio.sleep(LOOK)

    async def once(self) -> None:
        """One look, which no broker may answer."""
        try:
            async with asyncio.timeout(PATIENCE):
                self.look = await self._looked()
            self._heal()
        except (BrokerError, TimeoutError):
            self.blind += 1

    async def _looked(self) -> Look:
        """Committed first: what comes between the two looks waits, and never the other way round."""
        committed = await self._broker.committed(self._group)
        ends: Places = {}
        for topic in self._topics:
            ends |= {(topic, part): end for part, end in (await self._broker.ends(topic)).items()}
        return Look(ends, {place: offset for place, offset in committed.items() if place in ends})

    def _heal(self) -> None:
        now = asyncio.get_running_loop().time()
        for wound in tuple(self.open):
            if all(self.look.committed.get(place, 0) > stood for place, stood in wound.stood.items()):
                self.open.remove(wound)
                self.recovered.append((wound.blow, now - wound.at))


async def ended(task: asyncio.Task[None]) -> None:
    """Cancel a task that runs for ever; what it failed with is raised."""
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
