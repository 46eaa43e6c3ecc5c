"""Event: what is published about one subject in one revision of one article."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from pipeline.article.article import DatedBy
from pipeline.dates import Utc
from pipeline.feed.entry import Origin, TextFrom
from pipeline.mention.mention import Field, Sentence

Ended = Literal["edited", "withdrawn", "moved"]
Polarity = Literal[
    "conditional", "denied", "violated", "demanded", "proposed", "in-force", "asserted", "unknown"
]
"""What a sentence tells of the thing mentioned; docs/labels.md has the definitions."""

ActType = Literal[
    "CONSULT", "AGREE", "REJECT", "REQUEST", "DEMAND", "SUPPORT", "THREATEN", "ACCUSE", "CONCEDE", "RETREAT",
    "AID", "PROTEST", "MOBILIZE", "COERCE", "ASSAULT",
]  # fmt: skip
"""What is done, in the vocabulary of PLOVER; docs/labels.md says what counts as which."""

Assumed = Literal["nothing", "year", "before", "after", "counted"]
"""How an expression of days was read: it says all itself; its year is the nearest; it is the nearest such
day before, or after, the day it is read from; it counts from that day ("yesterday")."""


Read = Literal["whole", "names"]
"""How far a text was read: wholly, or, in a language that no grammar is listed for, only for the names and
aliases that are written in its script; who says what, figures, days and acts are then not looked for."""


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
    """Who says it: `speaker` as written (for "he" or "the group" the name that it points to, one sentence
    back), `actor` the configured actor it resolves to (its id, or None).

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
class Party:
    """Who takes part in an act: as written, and the configured actor's id or None."""

    words: str
    actor: str | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """What is done about the thing mentioned: `cue == article.<field>[start:end]` is the word for it, `by`
    who does it, `to` whom it is done to or addressed, `mediator` who brokers it; None where the sentence
    does not say."""

    type: ActType
    cue: str
    start: int
    end: int
    by: Party | None = None
    to: Party | None = None
    mediator: Party | None = None


@dataclass(frozen=True, slots=True)
class Days:
    """An expression of days, `surface == article.<field>[start:end]`, and the days it means, from `first`
    to `last`, both included. `read_from` is the day that it was read from, None where it needs none."""

    surface: str
    start: int
    end: int
    first: date
    last: date
    assumed: Assumed
    read_from: date | None = None


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
    act: Act | None = None
    days: tuple[Days, ...] = ()


@dataclass(frozen=True, slots=True)
class Event:
    """A subject in one revision of an article. No mentions and `ended` set: the subject left the article.

    `stories` are the ids of the configured stories it belongs to. `salience` (0..1) says how much
    the article is about the subject. `rules` is the digest of the configuration that found it.
    `retracted`: published on partial knowledge, no longer a revision (mentions are then empty).
    `mentions_dropped` counts mentions beyond those that an event has room for. `read` tells how far the
    language was read: findings of "names" carry no attribution, figures, days, acts or stance.
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
    read: Read = "whole"
