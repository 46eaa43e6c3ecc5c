"""Sending with the broker's word for it: what a stage derives is durable before its source is acknowledged.

`await topic.send()` of Faust only enqueues; these wait for the broker. Errors are sorted: `NeverError`
(too large, unknown topic, not authorised, ...) is the message's own fault and the caller's to bury;
`MaybeError` is tried again within `bound` seconds; after that, and at once for a broker that needs a
person, `GiveUp` is raised. A stage lets GiveUp out: the process ends with exit 75, uncommitted.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

from agents.brokers.errors import BrokerError, MaybeError, NeverError
from agents.brokers.headers import Headers
from agents.brokers.message import Outgoing

# Within Faust's broker_rebalance_timeout (60 s), which waits for events in work.
BOUND_SECONDS = 40.0
FIRST_PAUSE, LAST_PAUSE = 0.05, 5.0


class GiveUp(Exception):
    """The broker does not take the message and may later: end the process without committing."""


async def confirmed(
    app: Any,
    topic: str,
    key: bytes | None,
    value: bytes | None,
    headers: Headers = (),
    partition: int | None = None,
    *,
    bound: float = BOUND_SECONDS,
) -> int:
    """Send one message; its offset, once it is durable. Raises NeverError or GiveUp."""
    outcome = (await confirm_all(app, [Outgoing(topic, key, value, headers, partition)], bound=bound))[0]
    if isinstance(outcome, NeverError):
        raise outcome
    return outcome


async def confirm_all(
    app: Any, messages: Sequence[Outgoing], *, bound: float = BOUND_SECONDS
) -> list[int | NeverError]:
    """Send all, in order; for each its offset, or why it can never be taken. Raises GiveUp.

    A batch costs one wait, not a task per message: about 15 microseconds of CPU each. A message that is
    tried again comes after those that were taken; within a key send the next only after the last.
    """
    deadline, pause = asyncio.get_running_loop().time() + bound, FIRST_PAUSE
    outcomes: list[int | BrokerError] = await _try(app, messages)
    while failed := [at for at, outcome in enumerate(outcomes) if _again(outcome)]:
        if asyncio.get_running_loop().time() + pause > deadline:
            raise GiveUp(f"{len(failed)} messages not taken within {bound:g} s: {outcomes[failed[0]]}")
        await asyncio.sleep(pause)
        pause = min(2 * pause, LAST_PAUSE)
        for at, outcome in zip(failed, await _try(app, [messages[at] for at in failed]), strict=True):
            outcomes[at] = outcome
    return outcomes  # type: ignore[return-value]  # _again has raised or retried all others


def _again(outcome: int | BrokerError) -> bool:
    """Whether to try again; what no time will change, and is not the message's fault, is given up."""
    if isinstance(outcome, int | NeverError):
        return False
    if isinstance(outcome, MaybeError):
        return True
    raise GiveUp(str(outcome)) from outcome


async def _try(app: Any, messages: Sequence[Outgoing]) -> list[int | BrokerError]:
    send = app.producer.send_claimed
    sent: list[Any] = []
    for m in messages:
        try:
            sent.append(await send(m.topic, m.key, m.value, m.headers, m.partition))
        except BrokerError as error:
            sent.append(error)
    return [answer if isinstance(answer, BrokerError) else await _answer(answer) for answer in sent]


async def _answer(future: Any) -> int | BrokerError:
    try:
        return int((await future).offset)
    except BrokerError as error:
        return error
