"""What a stage sends: confirmed by the broker, and a dead letter for what no broker will ever take."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from agents import dead_letters
from agents.brokers.errors import MessageTooLarge, NeverError
from agents.brokers.message import Outgoing
from agents.dead_letters import DeadLetter
from agents.retry import ATTEMPTS
from agents.rows import StreamEvent
from agents.sending import confirm_all
from agents.watch.metrics import WorkerMetrics
from pipeline.outcome import Reason, Rejected


@dataclass(frozen=True, slots=True)
class Sending:
    """An output and the event that it follows from."""

    message: Outgoing
    source: StreamEvent


class Outbox:
    """Sends the outputs of one app's stages."""

    def __init__(self, app: Any, prefix: str, bound: float, metrics: WorkerMetrics) -> None:
        self._app = app
        self._prefix = prefix
        self._bound = bound
        self._metrics = metrics

    def sending(self, event: StreamEvent, message: Outgoing) -> Sending:
        """An output of `event`; its topic gets the prefix of all topics."""
        topic = self._prefix + message.topic
        return Sending(Outgoing(topic, message.key, message.value, message.headers), event)

    def dead_letter(self, stage: str, why: Rejected, event: StreamEvent) -> Sending:
        """The dead letter of an event that `stage` cannot work on."""
        message = event.message
        self._metrics.buried(stage, why.reason)
        letter = DeadLetter(
            stage=stage,
            reason=why.reason,
            message=why.message,
            origin=f"{message.topic}/{message.partition}/{message.offset}",
            key=event.key,
            value=dead_letters.kept(self._prefix, message.topic, event.value),
            attempts=1 + _attempts(event),
        )
        return Sending(dead_letters.outgoing(self._prefix, letter), event)

    async def confirm(self, stage: str, sendings: Sequence[Sending]) -> None:
        """Return when all are durable. What can never be taken is a dead letter of its source.

        Raises GiveUp when the broker does not answer within the bound.
        """
        if not sendings:
            return
        outcomes = await self._sent(sendings)
        refused = [
            self.dead_letter(stage, _why(outcome, one), one.source)
            for one, outcome in zip(sendings, outcomes, strict=True)
            if isinstance(outcome, NeverError)
        ]
        if refused:
            await self._sent(refused)

    async def _sent(self, sendings: Sequence[Sending]) -> list[int | NeverError]:
        outcomes = await confirm_all(self._app, [one.message for one in sendings], bound=self._bound)
        self._metrics.answered(outcomes)
        return outcomes


def _why(error: NeverError, sending: Sending) -> Rejected:
    reason = Reason.OVERSIZE if isinstance(error, MessageTooLarge) else Reason.REFUSED
    return Rejected(reason, f"an output for {sending.message.topic} was refused: {error}")


def _attempts(event: StreamEvent) -> int:
    for name, value in event.message.headers or ():
        if name == ATTEMPTS and value and value.isdigit():
            return int(value)
    return 0
