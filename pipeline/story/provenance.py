"""Where a row's words come from: what every citation of it repeats, and what orders it in time."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache

from pipeline.event.event import ArticleRef
from pipeline.feed.entry import Origin, TextFrom
from pipeline.mention.mention import Sentence
from pipeline.story.summary import Citation
from pipeline.story.words import name_key

UNDATED = -(1 << 62)
"""Stands for the moment of an article without date and observation; sorts before every real one."""
LONGEST_CITED = 400
"""Characters of a cited sentence. Of the sentences of real feeds 7 in 1,000 are longer, mostly lists that
no full stop divides; of those only the span in question is cited."""
LONGEST_NAME = 160
LONGEST_URL = 2_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Provenance:
    """An article revision as citations name it.

    `moment` is its place in time, microseconds since 1970: the earlier of published and observed
    (nothing is reported after it was seen, so a feed's date from the future does not count), or
    UNDATED. `agency` is the credited agency where it is not the publisher itself, folded; `outlet`
    and `house` (family, else publisher) are folded names, empty where unnamed. `fingerprint` is the
    near-duplicate sketch as the article carries it.
    """

    article: str
    revision: str
    title: str
    origin: Origin
    publisher: str | None
    family: str | None
    credit: str | None
    url: str | None
    language: str | None
    published: datetime | None
    observed: datetime | None
    moment: int
    day: int
    agency: str
    outlet: str
    house: str
    fingerprint: bytes
    text_from: TextFrom = "feed"


@lru_cache(maxsize=512)
def provenance(ref: ArticleRef) -> Provenance:
    """The provenance of an event's article; shared by the events of one revision, which arrive together."""
    outlet = name_key(ref.publisher or "")
    house = name_key(ref.family or "") or outlet
    agency = name_key(ref.credit or "")
    moment = _moment(ref.published, ref.observed)
    return Provenance(
        article=ref.id,
        revision=ref.revision,
        title=ref.title,
        origin=ref.origin,
        publisher=_bounded(ref.publisher),
        family=_bounded(ref.family),
        credit=_bounded(ref.credit),
        url=ref.url if ref.url is None or len(ref.url) <= LONGEST_URL else None,
        language=ref.language,
        published=ref.published,
        observed=ref.observed,
        moment=moment,
        day=0 if moment == UNDATED else day_of(moment).toordinal(),
        agency="" if agency in (outlet, house) else agency,
        outlet=outlet,
        house=house,
        fingerprint=_sketch(ref.fingerprint),
        text_from=ref.text_from,
    )


def _bounded(name: str | None) -> str | None:
    return None if name is None else name[:LONGEST_NAME]


def _moment(published: datetime | None, observed: datetime | None) -> int:
    known = [moment for moment in (published, observed) if moment is not None]
    if not known:
        return UNDATED
    gap = min(known) - _EPOCH
    return (gap.days * 86_400 + gap.seconds) * 1_000_000 + gap.microseconds


def _sketch(fingerprint: str) -> bytes:
    try:
        return bytes.fromhex(fingerprint)
    except ValueError:  # a sketch of a later version: compared with none
        return b""


def day_of(moment: int) -> date:
    """The UTC day of a moment in microseconds since 1970."""
    return date.fromordinal(_EPOCH.toordinal() + moment // 86_400_000_000)


def cite(source: Provenance, sentence: Sentence) -> Citation:
    """The citation of a sentence of `source`."""
    return Citation(
        article=source.article,
        revision=source.revision,
        field=sentence.field,
        start=sentence.start,
        end=sentence.end,
        words=sentence.text,
        origin=source.origin,
        publisher=source.publisher,
        url=source.url,
        language=source.language,
        published=source.published,
        observed=source.observed,
        credit=source.credit,
        text_from=source.text_from,
    )


def title_of(source: Provenance) -> Sentence:
    """The title as a citable sentence, cut where it is no title any more."""
    words = source.title[:LONGEST_CITED]
    return Sentence("title", 0, len(words), words)
