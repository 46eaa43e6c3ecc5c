"""Answer: the head of a response, which answers questions; the body is beside it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.dates import Utc
from pipeline.outcome import Rejected


@dataclass(frozen=True, slots=True)
class Hop:
    """A redirect on the way: the address that gave it, and its status."""

    url: str
    status: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What the address `asked` led to: `url` answered at `at`, after `hops`.

    `headers` have lower-case names; of a header sent several times the values are joined by ", ".
    `conditional`: validators were sent, so that a 304 makes sense.
    """

    asked: str
    url: str
    status: int
    at: Utc
    headers: Mapping[str, str] = field(default_factory=dict)
    hops: tuple[Hop, ...] = ()
    conditional: bool = False


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer that came, whatever its status, with its body after decompression."""

    answer: Answer
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Unfetched:
    """No answer, or none that can be read; `answer` is there if its head came (a body too large, say)."""

    why: Rejected
    at: Utc
    answer: Answer | None = None
