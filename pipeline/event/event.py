"""Event: what is published about one subject in one revision of one article."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from pipeline.article.article import DatedBy
from pipeline.dates import Utc
from pipeline.feed.entry import Origin, TextFrom
from pipeline.mention.mention import Field, Sentence

Ended = Literal["edited", "withdrawn", "moved"]
Polarity = Literal["asserted", "negated", "unknown"]


@dataclass(frozen=True, slots=True)
class ArticleRef:
    """What a reader of an event needs to cite its article without fetching it. `text_from`: whether its
    text is the feed's or was taken from the article's own page."""

    id: str
    revision: str
    origin: Origin
    title: str
    url: str | None = None
    publisher: str | None = None
    family: str | None = None
    credit: str | None = None
    language: str | None = None
    published: Utc | None = None
    dated_by: DatedBy | None = None
    observed: Utc | None = None
    dateline: str | None = None
    fingerprint: str = ""
    text_from: TextFrom = "feed"


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who says it: `speaker` as written (for "he" or "she" the name in the sentence before, where that has
    one speaker), `actor` the configured actor it resolves to (its id, or None).

    `words` is the span attributed, `words == article.<field>[start:end]`; `quoted` tells a direct
    quotation from reported speech; `verb` is the cue as written ("stated"). `via` is the source that
    passes the statement on, as written ("According to sources, the US has urged ..."), else None.
    """

    speaker: str
    verb: str
    quoted: bool
    words: str
    start: int
    end: int
    actor: str | None = None
    via: str | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """A quantity as a row of the claim ledger; `surface == article.<field>[start:end]`.

    `value` in `unit` ("days", "people", ...), `high` the upper end of a range, `qualifier` the words
    that loosen it ("approximately", "more than"), `counted` what is counted ("pause in hostilities"),
    `claimant` who says so as written (None: the publisher itself, or somebody that "it" or "the group"
    does not tell), `actor` the actor it resolves to.
    """

    value: int | float
    unit: str
    surface: str
    start: int
    end: int
    high: int | float | None = None
    qualifier: str | None = None
    counted: str | None = None
    claimant: str | None = None
    actor: str | None = None
    as_of: date | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One mention of the event's subject with what its sentence says around it.

    All offsets index `article.<field>`. `actors` and `places` are ids of the configured lists,
    in order of appearance. `hedge` is the hedging word as written ("reportedly"), or None.
    """

    field: Field
    start: int
    end: int
    surface: str
    alias: str
    sentence: Sentence
    actors: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    attribution: Attribution | None = None
    hedge: str | None = None
    polarity: Polarity = "unknown"
    figures: tuple[Figure, ...] = ()


@dataclass(frozen=True, slots=True)
class Event:
    """A subject in one revision of an article. No mentions and `ended` set: the subject left the article.

    `stories` are the ids of the configured stories it belongs to. `salience` (0..1) says how much
    the article is about the subject. `rules` is the digest of the configuration that found it.
    `retracted`: published on partial knowledge, no longer a revision (mentions are then empty).
    `mentions_dropped` counts mentions beyond those that an event has room for.
    """

    article: ArticleRef
    subject: str
    stories: tuple[str, ...]
    mentions: tuple[Finding, ...]
    salience: float
    rules: str
    ended: Ended | None = None
    retracted: bool = False
    mentions_dropped: int = 0
