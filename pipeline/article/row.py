"""ArticleRow: all that is known of one article, a grow-only set of observations in bounded space.

The row is a function of the *set* of observations added, whatever their order and number:
`kept(kept(A) + B) == kept(A + B)`. That holds because everything is chosen by keys that never change
(least, greatest, longest beginning of a ranking), and because what was passed over once can never
rank higher later without being observed anew, which brings its text along. Four things are kept:

- the very first observation and the newest, at most OBSERVATIONS and OBSERVATION_BYTES;
- the first observation of each feed (of the FEEDS least feed ids), on which the feed of record rests;
- texts: the very first, the newest by latest observation (at most TEXTS and TEXT_BYTES), and the
  first of each of those feeds where it has at most FIRST_TEXT_BYTES, so that a feed that embeds the
  current time cannot push another feed's full text out;
- short digests of the observations no longer held, so that a repetition is known as one.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain

from pipeline import codec
from pipeline.article.observe import Observation, Observed, Text

TEXTS = 24
"""Distinct texts of an article (lemon24/reader caps hash-only updates of an entry at the same)."""

# Together under 1 MB, the usual limit of one message: the very first text 267 kB (text.py's limit,
# title and authors) + TEXT_BYTES 270 + FIRST_TEXT_BYTES * FEEDS 192 + OBSERVATION_BYTES 64
# + FEEDS + 1 first observations of at most 8 kB 136 + FORGOTTEN digests of 19 bytes 39 = 968 kB.
TEXT_BYTES = 270_000
FIRST_TEXT_BYTES = 12_000
OBSERVATIONS = 128
OBSERVATION_BYTES = 64_000
FEEDS = 16
FORGOTTEN = 2048

# Below these nothing can exceed any limit above, so nothing has to be chosen.
_FEW = 8
_SMALL_CHARS = 35_000

_LAST_FIELD = b',"text_from":"feed"}'
_NEVER = datetime.min.replace(tzinfo=UTC)
_Key = tuple[str | int | datetime, ...]


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """What is known of the article `id`: `observations` in their order, `texts` by content hash,
    `forgotten` digests (8 hex of the observation, 8 of its content), ascending."""

    id: str
    observations: tuple[Observation, ...] = ()
    texts: tuple[Text, ...] = ()
    forgotten: tuple[str, ...] = ()


def add(row: ArticleRow, observed: Observed) -> ArticleRow:
    """The row with one observation more; the identical object when it was known already."""
    new = observed.observation
    if new in row.observations or (row.forgotten and digest(new) in row.forgotten):
        return row
    observations = sorted((*row.observations, new), key=order)
    known = any(text.content == new.content for text in row.texts)
    texts = row.texts if known else tuple(sorted((*row.texts, observed.text), key=lambda text: text.content))
    grown = ArticleRow(row.id, tuple(observations), texts, row.forgotten)
    if _is_small(grown):
        return grown
    bounded = _bounded(grown)
    return row if bounded == row else bounded


def size(row: ArticleRow) -> int:
    """How many observations the row rests on: grows with every new one and with nothing else.

    Exact up to FORGOTTEN digests, then the estimate of a bottom-k sketch (Bar-Yossef et al. 2002),
    which still never falls but can stand still.
    """
    gone = len(row.forgotten)
    if gone >= FORGOTTEN:
        gone = FORGOTTEN * 2**32 // (int(row.forgotten[-1][:8], 16) + 1)
    return len(row.observations) + gone


def order(observation: Observation) -> _Key:
    """The one order of observations: by moment observed (unknown first), then content hash, feed.
    Of several that agree in these, the dated come first, then the earlier, then by the rest."""
    return (
        moment(observation),
        observation.content,
        observation.feed,
        observation.published is None,
        observation.published or _NEVER,
        observation.updated is None,
        observation.updated or _NEVER,
        observation.url or "",
        observation.guid or "",
        observation.publisher or "",
        observation.language or "",
        observation.same_entry_as or "",
        observation.moved_to or "",
        observation.origin,
        observation.length,
        observation.truncated,
        observation.text_from,
    )


def moment(observation: Observation) -> datetime:
    """When it was observed, for sorting: an unknown moment comes before every other."""
    return observation.observed or _NEVER


def firsts(row: ArticleRow) -> dict[str, Observation]:
    """The first observation of each feed that may be the feed of record, by feed id."""
    return _firsts(row.observations)


def readable(row: ArticleRow) -> dict[str, Text]:
    """The texts that make revisions, by content hash: all, or beyond TEXTS the first and the newest
    TEXTS - 1 (and the first of each feed)."""
    texts = {text.content: text for text in row.texts}
    if len(texts) < TEXTS or not row.observations:
        return texts
    first = row.observations[0].content
    others = [content for content in _ranking(row.observations) if content != first]
    stay = {first, *others[: TEXTS - 1], *(entry.content for entry in firsts(row).values())}
    return {content: text for content, text in texts.items() if content in stay}


def texts_dropped(row: ArticleRow) -> int:
    """How many distinct texts were observed that no revision can be made of any more. Exact up to
    FORGOTTEN forgotten observations, then a lower bound."""
    contents = {observation.content[:8] for observation in row.observations}
    contents.update(gone[8:] for gone in row.forgotten)
    return len(contents - {content[:8] for content in readable(row)})


def digest(observation: Observation) -> str:
    """16 hex that stand for an observation once it is forgotten."""
    data = codec.encode(observation)
    if observation.text_from == "feed":  # so every digest from before pages were read holds
        data = data.removesuffix(_LAST_FIELD) + b"}"
    whole = hashlib.blake2b(data, digest_size=4)
    return whole.hexdigest() + observation.content[:8]


def _is_small(row: ArticleRow) -> bool:
    """Whether the row is whole and too small to exceed any limit, so that there is nothing to choose."""
    return (
        len(row.observations) <= _FEW
        and not row.forgotten
        and len({observation.content for observation in row.observations}) == len(row.texts)
        and sum(len(text.text) for text in row.texts) <= _SMALL_CHARS
    )


def _bounded(row: ArticleRow) -> ArticleRow:
    """The row within its limits."""
    newest = _newest(row.observations)
    first = _firsts(row.observations)
    stay_observed = {row.observations[0], *newest, *first.values()}
    held = tuple(sorted(stay_observed, key=order))
    gone = {digest(observation) for observation in row.observations if observation not in stay_observed}
    forgotten = tuple(sorted(chain(row.forgotten, gone - set(row.forgotten)))[:FORGOTTEN])
    texts = {text.content: text for text in row.texts}
    stay = {row.observations[0].content, *_newest_texts(newest, texts), *_first_texts(first, texts)}
    return ArticleRow(row.id, held, tuple(text for text in row.texts if text.content in stay), forgotten)


def _newest(observations: Sequence[Observation]) -> list[Observation]:
    """The newest observations within their number and bytes."""
    kept: list[Observation] = []
    spent = 0
    for observation in reversed(observations):
        spent += len(codec.encode(observation))
        if len(kept) == OBSERVATIONS or spent > OBSERVATION_BYTES:
            break
        kept.append(observation)
    return kept[::-1]


def _firsts(observations: Iterable[Observation]) -> dict[str, Observation]:
    first: dict[str, Observation] = {}
    for observation in observations:
        first.setdefault(observation.feed, observation)
    return {feed: first[feed] for feed in sorted(first)[:FEEDS]}


def _ranking(observations: Sequence[Observation]) -> list[str]:
    """Content hashes by latest observation, newest first."""
    return list(dict.fromkeys(observation.content for observation in reversed(observations)))


def _newest_texts(newest: Sequence[Observation], texts: dict[str, Text]) -> list[str]:
    """The longest beginning of the ranking that fits TEXTS and TEXT_BYTES."""
    kept: list[str] = []
    spent = 0
    for content in _ranking(newest)[:TEXTS]:
        text = texts.get(content)
        # A text passed over before had no room then, and what stands above it only grows.
        spent += TEXT_BYTES + 1 if text is None else len(codec.encode(text))
        if spent > TEXT_BYTES:
            break
        kept.append(content)
    return kept


def _first_texts(first: dict[str, Observation], texts: dict[str, Text]) -> list[str]:
    """The texts of the feeds' first observations, where they are small enough to be guaranteed."""
    contents = (observation.content for observation in first.values())
    return [
        content
        for content in contents
        if content in texts and len(codec.encode(texts[content])) <= FIRST_TEXT_BYTES
    ]
