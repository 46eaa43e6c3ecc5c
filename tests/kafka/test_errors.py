"""Every error of aiokafka has a home in our tree, and none tells more than a person needs."""

import ssl
from collections.abc import Iterator

import pytest
from aiokafka import errors as kafka

from agents.brokers import errors
from agents.brokers.errors import BrokerError, MaybeError, NeverError, Unusable
from agents.brokers.kafka.errors import Asked, translated

ASKED = Asked(("h:9092",), "write to 't'", topic="t", group="g", operation="Write")


def every(kind: type[BaseException] = kafka.KafkaError) -> Iterator[type[BaseException]]:
    for below in kind.__subclasses__():
        yield below
        yield from every(below)


@pytest.mark.parametrize("kind", sorted(set(every()), key=lambda kind: kind.__name__))
def test_each_error_has_a_home(kind: type[BaseException]) -> None:
    """It becomes one of ours, of one line, that names the cluster or the topic; again changes nothing."""
    try:
        error = kind()
    except TypeError:
        error = kind("x")
    found = translated(error, ASKED)
    assert isinstance(found, NeverError | MaybeError | Unusable)
    assert "h:9092" in str(found) and "\n" not in str(found)
    assert translated(found, ASKED) is found


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (kafka.MessageSizeTooLargeError(), errors.MessageTooLarge),
        (kafka.UnknownTopicOrPartitionError(), errors.UnknownTopic),
        (kafka.InvalidTopicError(), errors.InvalidTopic),
        (kafka.TopicAuthorizationFailedError(), errors.NotAuthorised),
        (kafka.SaslAuthenticationFailed(), errors.LoginRefused),
        (ssl.SSLCertVerificationError(), errors.LoginRefused),
        (kafka.KafkaTimeoutError(), errors.TimedOut),
        (TimeoutError(), errors.TimedOut),
        (ConnectionRefusedError(), errors.Unreachable),
        (kafka.NotEnoughReplicasError(), MaybeError),
        (kafka.ProducerFenced(), MaybeError),
        (kafka.PolicyViolationError("too\nmany"), Unusable),
        (ValueError("odd"), MaybeError),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else type(value).__name__,
)
def test_where_errors_live(error: Exception, kind: type[BrokerError]) -> None:
    """What can never work is told apart from what may yet, and from what a person has to mend."""
    assert type(translated(error, ASKED)) is kind


def test_the_reason_of_a_closed_connection_counts() -> None:
    """aiokafka puts why a connection was closed into the cause; that is what we tell."""
    error = kafka.KafkaConnectionError("closed")
    error.__cause__ = kafka.SaslAuthenticationFailed()
    assert isinstance(translated(error, ASKED), errors.LoginRefused)
