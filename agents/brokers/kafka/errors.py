"""Every exception of aiokafka as one of ours: the only place that knows both trees.

Messages name the servers, the topic or group and what to do. They never hold what aiokafka or a broker
wrote about a login beyond the name of the error.
"""

import ssl
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from aiokafka import errors as kafka

from agents.brokers.errors import (
    BrokerError,
    InvalidTopic,
    LoginRefused,
    MaybeError,
    MessageTooLarge,
    NotAuthorised,
    TimedOut,
    UnknownTopic,
    Unreachable,
    Unusable,
)

TOO_LARGE = (kafka.MessageSizeTooLargeError, kafka.RecordListTooLargeError, kafka.RecordTooLargeError)
NO_TOPIC = (kafka.UnknownTopicOrPartitionError,)
BAD_NAME = (kafka.InvalidTopicError, kafka.InvalidGroupIdError)
NO_LOGIN = (
    kafka.SaslAuthenticationFailed,
    kafka.AuthenticationFailedError,
    kafka.AuthenticationMethodNotSupported,
)
NO_MECHANISM = (kafka.UnsupportedSaslMechanismError,)
NO_LOGIN_WANTED = (kafka.IllegalSaslStateError,)
NOT_ALLOWED = (
    kafka.TopicAuthorizationFailedError,
    kafka.GroupAuthorizationFailedError,
    kafka.ClusterAuthorizationFailedError,
    kafka.TransactionalIdAuthorizationFailed,
    kafka.DelegationTokenAuthorizationFailed,
)
NOT_THERE = (
    kafka.KafkaConnectionError,
    kafka.NoBrokersAvailable,
    kafka.KafkaUnavailableError,
    kafka.NodeNotReadyError,
    kafka.MetadataEmptyBrokerList,
    kafka.BrokerNotAvailableError,
)
LATE = (kafka.KafkaTimeoutError, kafka.RequestTimedOutError, TimeoutError)
FEW_COPIES = (kafka.NotEnoughReplicasError, kafka.NotEnoughReplicasAfterAppendError)
PERSON = (
    *(kafka.UnsupportedVersionError, kafka.UnrecognizedBrokerVersion, kafka.IncompatibleBrokerVersion),
    *(kafka.UnsupportedForMessageFormatError, kafka.UnsupportedCodecError),
    *(kafka.InvalidConfigurationError, kafka.InvalidPartitionsError, kafka.InvalidReplicationFactorError),
    *(kafka.InvalidReplicationAssignmentError, kafka.PolicyViolationError, kafka.InvalidRequestError),
    *(kafka.KafkaConfigurationError, kafka.SecurityDisabled, kafka.InvalidRequiredAcksError),
)
"""A setting, here or on the cluster, has to change first."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked of the cluster when it said no.

    `doing` as in "write to 'storywire.entries'"; `topic` and `group` name what rights are missing of,
    `operation` is Kafka's name of that right (Read, Write, Describe, Create ...).
    """

    servers: Sequence[str]
    doing: str = ""
    topic: str = ""
    group: str = ""
    operation: str = ""

    @property
    def where(self) -> str:
        """host:port,host:port as they were given."""
        return ",".join(self.servers)


def translated(error: BaseException, asked: Asked) -> BrokerError:
    """The error of ours for one of aiokafka, of ssl or of a socket; one of ours stays as it is.

    Raise it `from None`, or from the error: nothing in the chain holds a secret, but it is long.
    """
    if isinstance(error, BrokerError):
        return error
    for one in chain(error):
        found = _login(one, asked) or _never(one, asked)
        if found is not None:
            return found
    return _cluster(error, asked)


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error and what caused it; aiokafka hides the reason of a closed connection in the cause."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _login(error: BaseException, asked: Asked) -> BrokerError | None:
    if isinstance(error, NO_LOGIN):
        return LoginRefused(f"{asked.where} refuses the login: check kafka_user, kafka_password and "
                            "kafka_mechanism")  # fmt: skip
    if isinstance(error, NO_MECHANISM):
        return LoginRefused(f"{asked.where} does not know this way to log in: set another kafka_mechanism")
    if isinstance(error, NO_LOGIN_WANTED):
        return LoginRefused(f"{asked.where} takes no user on this port: unset kafka_user, or name the port "
                            "that asks for one")  # fmt: skip
    if isinstance(error, ssl.SSLCertVerificationError):
        return LoginRefused(f"the certificate of {asked.where} is not trusted ({_why(error)}): "
                            "set kafka_ca to its authority")  # fmt: skip
    if isinstance(error, ssl.SSLError) and "ALERT" in (error.reason or ""):
        return LoginRefused(f"{asked.where} refuses our certificate ({_plain(error.reason)}): set "
                            "kafka_certificate and kafka_key to one that it trusts")  # fmt: skip
    return None


def _never(error: BaseException, asked: Asked) -> BrokerError | None:
    if isinstance(error, TOO_LARGE):
        return MessageTooLarge(f"{asked.where} does not take a message so large{_of(asked)}: its "
                               "max.message.bytes is too small, or the message too large")  # fmt: skip
    if isinstance(error, NO_TOPIC):
        return UnknownTopic(f"{asked.topic or 'the topic'!r} does not exist on {asked.where}: "
                            "`storywire topics create` makes it")  # fmt: skip
    if isinstance(error, BAD_NAME):
        return InvalidTopic(
            f"{asked.topic or asked.group!r} is no name for a topic or group on {asked.where}"
        )
    if isinstance(error, NOT_ALLOWED):
        return not_allowed(error, asked)
    return None


def not_allowed(error: BaseException, asked: Asked) -> NotAuthorised:
    """A right (ACL) is missing: which, on what, and that an administrator gives it.

    Where a right on the topic does as well as one on the cluster, which brokers name, that is named.
    """
    if isinstance(error, kafka.GroupAuthorizationFailedError):
        what = f"group {asked.group!r}" if asked.group else "the group"
    elif isinstance(error, kafka.ClusterAuthorizationFailedError) and not asked.topic:
        what = "the cluster"
    else:
        what = f"topic {asked.topic!r}" if asked.topic else "the topic"
    right = f"the right {asked.operation} on" if asked.operation else "a right on"
    return NotAuthorised(f"{asked.where} does not let us {asked.doing or 'in'}: {right} {what} is missing; "
                         "an administrator gives it with kafka-acls")  # fmt: skip


def _cluster(error: BaseException, asked: Asked) -> BrokerError:
    name = type(error).__name__
    doing = f" to {asked.doing}" if asked.doing else ""
    if isinstance(error, LATE):
        return TimedOut(f"no answer in time from {asked.where}{doing}; is the cluster healthy?")
    if isinstance(error, FEW_COPIES):
        return MaybeError(f"{asked.where} has too few brokers with a copy{doing}: wait until they are back")
    if isinstance(error, PERSON):
        return Unusable(f"{asked.where} cannot {asked.doing or 'go on'} ({name}: {_plain(str(error))})")
    if isinstance(error, (*NOT_THERE, OSError)):
        return Unreachable(
            f"no broker answers at {asked.where}{doing}; is the cluster up, is the address right?"
        )
    if isinstance(error, kafka.KafkaError):
        return MaybeError(f"{asked.where} fails{doing} ({name}); it may work in a while")
    return MaybeError(f"talking to {asked.where} failed{doing} ({name}: {_plain(str(error))})")


def _of(asked: Asked) -> str:
    return f" for {asked.topic!r}" if asked.topic else ""


def _plain(text: str | None) -> str:
    """One line, not too long."""
    return " ".join((text or "no reason given").replace("_", " ").split())[:200]


def _why(error: ssl.SSLCertVerificationError) -> str:
    return _plain(getattr(error, "verify_message", None))
