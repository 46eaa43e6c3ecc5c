"""Summary: what a reader sees of a story. Every sentence in it is somebody's, cut from their article.

No clock, no version and no figure of our own reckoning is in it: times come from the articles, values
from their words; the only counts are of articles, events, outlets and origins.
"""

from dataclasses import dataclass
from datetime import date as Date

from pipeline.dates import Utc
from pipeline.event.event import Ended, Polarity
from pipeline.feed.entry import Origin, TextFrom
from pipeline.mention.mention import Field


@dataclass(frozen=True, slots=True)
class Citation:
    """Words of an article revision: `words == article.<field>[start:end]`, letter for letter.

    `credit` is the agency or house that the article names as its source, as written. `text_from`: whether
    the article's text is its feed's or was taken from its own page.
    """

    article: str
    revision: str
    field: Field
    start: int
    end: int
    words: str
    origin: Origin
    publisher: str | None = None
    url: str | None = None
    language: str | None = None
    published: Utc | None = None
    observed: Utc | None = None
    credit: str | None = None
    text_from: TextFrom = "feed"


@dataclass(frozen=True, slots=True)
class Superseded:
    """A value that its claimant has since replaced, as it was reported last."""

    value: int | float
    high: int | float | None
    qualifier: str | None
    surface: str
    as_of: Date | None
    citation: Citation


@dataclass(frozen=True, slots=True)
class Claim:
    """A value that somebody stands by: a row of the claim ledger.

    `by` names who claims it across articles: `actor:<id>`, `name:<as written, folded>`, or
    `source:<origin>` where the publisher itself (or the agency it copies) says so. `citation` is the
    report that was first with this value; `reported` its time and `repeated` the time of the last one.
    `superseded`: earlier values of the same claimant, newest first.
    """

    by: str
    claimant: str
    actor: str | None
    value: int | float
    high: int | float | None
    qualifier: str | None
    surface: str
    as_of: Date | None
    reported: Utc | None
    repeated: Utc | None
    citation: Citation
    superseded: tuple[Superseded, ...] = ()


@dataclass(frozen=True, slots=True)
class Quantity:
    """Values of one quantity side by side, nothing averaged; newest report first.

    `id` is unit and normalised words of what is counted. `disputed`: two claims of it exclude each
    other (their ranges do not meet). Where no article says closely what is counted, values may count
    different things (not `comparable`): each is listed, none supersedes or disputes another.
    """

    id: str
    unit: str
    counted: str | None
    comparable: bool
    disputed: bool
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """What a speaker said: `words` is the attributed span, in the citation's field at `start:end`."""

    speaker: str
    verb: str
    quoted: bool
    hedge: str | None
    polarity: Polarity
    words: str
    start: int
    end: int
    citation: Citation


@dataclass(frozen=True, slots=True)
class Position:
    """The latest statement of an actor on a subject and the one before it, so that a reversal shows.

    `by` is `actor:<id>` or `name:<as written, folded>`.
    """

    by: str
    actor: str | None
    subject: str
    latest: Statement
    before: Statement | None = None


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the timeline (UTC, by the articles' dates): how many articles, and the sentence of the day."""

    date: Date
    articles: int
    citation: Citation


@dataclass(frozen=True, slots=True)
class Outlet:
    """A publisher and the articles of the story that stand under its name (None: unnamed)."""

    publisher: str | None
    family: str | None
    articles: int


@dataclass(frozen=True, slots=True)
class Source:
    """An independent origin: a publisher's family or a credited agency, however many outlets carry it.

    `original` is the article of its that leads: credits no other, then earliest, then least id.
    """

    name: str
    articles: int
    outlets: tuple[str, ...]
    original: str


@dataclass(frozen=True, slots=True)
class Sources:
    """How many outlets tell the story and how many independent origins they rest on."""

    outlets: int
    origins: int
    by_origin: tuple[Source, ...]
    by_outlet: tuple[Outlet, ...]


@dataclass(frozen=True, slots=True)
class ArticleLine:
    """An article that stands in the story, at its current revision.

    `source` is its independent origin, `copy_of` the article it is a near-identical copy of.
    `holds` are digests (CRC-32, hex) of the sentences its events cite: they let a difference tell a
    sentence that was taken out of an article from one that is merely not shown any more.
    """

    id: str
    revision: str
    title: str
    origin: Origin
    source: str
    copy_of: str | None
    publisher: str | None
    url: str | None
    published: Utc | None
    observed: Utc | None
    holds: tuple[str, ...] = ()
    credit: str | None = None


@dataclass(frozen=True, slots=True)
class EndedLine:
    """A subject that an article no longer speaks of: edited out, withdrawn by its source, or moved."""

    article: str
    subject: str
    how: Ended
    revision: str
    title: str
    origin: Origin
    publisher: str | None
    url: str | None
    published: Utc | None
    observed: Utc | None
    credit: str | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """Sizes of the story as it stands; the lists of a summary are bounded, these are not."""

    articles: int
    events: int
    quantities: int
    positions: int
    days: int
    undated: int
    ended: int


@dataclass(frozen=True, slots=True)
class Summary:
    """A story as its rows tell it. `articles` are the newest observed first; `timeline` runs forward.

    `undated` are ids of articles that have neither a date nor an observation.
    """

    story: str
    title: str
    note: str | None
    headline: Citation | None
    lead: tuple[Citation, ...]
    figures: tuple[Quantity, ...]
    positions: tuple[Position, ...]
    timeline: tuple[Day, ...]
    sources: Sources
    articles: tuple[ArticleLine, ...]
    undated: tuple[str, ...]
    ended: tuple[EndedLine, ...]
    counts: Counts
