"""What a broker may say no with; each message names what, where and what to do.

BrokerError
├── NeverError                 trying the same again can never work: dead letter it
│   ├── MessageTooLarge
│   ├── InvalidTopic
│   ├── UnknownTopic
│   ├── InvalidHeader
│   └── NotAuthorised
├── MaybeError                 may work in a while: try again inside a bound, then end the process
│   ├── Busy                       another process held the log too long
│   ├── TimedOut
│   └── Unreachable                no broker of the cluster answers
└── Unusable                   a person has to act; the process ends and nothing is lost
    ├── UnsupportedBroker          no engine for this URL
    ├── NotALog                    the file is something else
    ├── LogSchemaNewer             written by a newer storywire
    ├── NetworkFileSystem          SQLite's locks do not hold there
    ├── PartitionsDiffer           the topic exists with another number of partitions
    ├── TopicDiffers               the topic exists and keeps other things, or less safely
    ├── LoginRefused               the broker does not know us: user, password or certificate
    ├── WorkerRunning              another worker of this group holds the log
    ├── DiskFull                   nothing more is taken; what was confirmed is safe
    ├── StorageFailed              any other error of the disk or the file
    └── Closed                     used after `close()`
"""


class BrokerError(Exception):
    """The root of everything a broker raises."""


class NeverError(BrokerError):
    """The same message can never be taken."""


class MessageTooLarge(NeverError):
    """Key, value and headers together exceed the limit of the topic."""


class InvalidTopic(NeverError):
    """The topic's name is not one that Kafka would accept."""


class UnknownTopic(NeverError):
    """The topic, or that partition of it, does not exist."""


class InvalidHeader(NeverError):
    """A header's name is not text, or its value is neither bytes nor absent."""


class NotAuthorised(NeverError):
    """The broker does not let us do this."""


class MaybeError(BrokerError):
    """The same may work in a while."""


class Busy(MaybeError):
    """Another process held the write lock of the log for too long."""


class TimedOut(MaybeError):
    """No answer in time."""


class Unreachable(MaybeError):
    """No broker of the cluster answers: it is down, or the address is wrong."""


class Unusable(BrokerError):
    """The broker cannot be used until a person acts."""


class UnsupportedBroker(Unusable):
    """No engine in this version answers to the URL."""


class NotALog(Unusable):
    """The file exists and is no storywire log."""


class LogSchemaNewer(Unusable):
    """The file was written by a newer version."""


class NetworkFileSystem(Unusable):
    """The file would lie where SQLite's locks do not hold."""


class PartitionsDiffer(Unusable):
    """The topic exists with another number of partitions than was asked for."""


class TopicDiffers(Unusable):
    """The topic exists with another cleanup, retention or replication than was asked for."""


class LoginRefused(Unusable):
    """User, password or certificate are not accepted, by the broker or of the broker by us."""


class WorkerRunning(Unusable):
    """Another worker of the same group is running."""


class DiskFull(Unusable):
    """There is no room; the log takes no more until it is opened again."""


class StorageFailed(Unusable):
    """The disk or the file failed; the log takes no more until it is opened again."""


class Closed(Unusable):
    """The broker was used after it was closed."""
