"""What is said: the words behind a verb of saying, without when, where and to whom it was said."""

from dataclasses import dataclass

from pipeline.event.reading import Reading
from pipeline.event.vocabulary import words
from pipeline.event.wire import cues

OPENERS = frozenset("“\"„«‘'")
FAR = 12
"""How many tokens "that" or a quotation may stand behind the verb."""

NO_CLAUSE = words(", . about of ’ '")
"""Behind whom somebody told, these show that the addressee goes on or that only a topic is named."""

CREDIT = 7
"""Tokens of a name and a verb behind a comma that credit somebody with the whole sentence."""

TO = 5
"""Before how many tokens the infinitive of "told the negotiators to return" stands."""


@dataclass(frozen=True, slots=True)
class Complement:
    """The words as a span of the reading's text, and the token behind the verb and its particle."""

    verb_end: int
    start: int
    end: int
    quoted: bool


def complement(reading: Reading, at: int) -> Complement | None:
    """What the verb at `at` attributes, or None where that is not certain."""
    tokens = reading.tokens
    low = tokens[at].low
    verb_end = at + 1
    if low in cues.PARTICLES:
        if verb_end >= len(tokens) or tokens[verb_end].low not in cues.PARTICLES[low]:
            return None
        return _from(reading, verb_end + 1, verb_end + 1)
    first = _begins(reading, verb_end, low)
    return None if first is None else _from(reading, verb_end, first)


def _begins(reading: Reading, at: int, low: str) -> int | None:
    """The token at which what is said begins."""
    marked = _marked(reading, at)
    if marked is not None:
        return marked
    if low in cues.CLAUSE_ONLY and low not in cues.PARTICIPLES:
        return None
    if low in cues.TELLING or low == "telling":
        return _past_recipient(reading, at)
    first = past_adjuncts(reading, at)
    opens = reading.tokens[first].low if first < len(reading.tokens) else ""
    passive = opens == "to" and low in {"said", "says"}
    return None if opens == "," or passive else first


def _marked(reading: Reading, at: int) -> int | None:
    """The token behind "that" or at a quotation, when only adjuncts or a recipient stand before it."""
    tokens = reading.tokens
    for i in range(at, min(len(tokens), at + FAR)):
        low = tokens[i].low
        if low == "that":
            return i + 1 if i == at or _adverbial(reading, at, i) else None
        if low == ":" or (low in OPENERS and any(q[0] == tokens[i].end for q in reading.quotes)):
            return i + (low == ":") if i == at or _adverbial(reading, at, i) else None
        if low in {".", ";", "which", "who"}:
            return None
    return None


def _adverbial(reading: Reading, at: int, end: int) -> bool:
    """Whether the tokens `[at:end]` say when, where or to whom: adjuncts, or a recipient of "told"."""
    tokens = reading.tokens
    if tokens[at - 1].low in cues.TELLING or tokens[at - 1].low == "telling":
        return not any(tokens[i].low in cues.STOPPERS - {"there"} for i in range(at, end))
    done = past_adjuncts(reading, at)
    if done < end and tokens[done].low in {",", "to"}:
        done = end if tokens[done].low == "to" else done + 1
    return done >= end


def _past_recipient(reading: Reading, at: int) -> int | None:
    """The token behind whom a verb of telling addresses; the addressee itself before an infinitive."""
    tokens = reading.tokens
    for i in range(at, min(len(tokens), at + TO)):
        if tokens[i].low == "to" and i > at:
            return at
        if not tokens[i].low[0].isalnum() or tokens[i].low in cues.STOPPERS:
            break
    end = at + (at < len(tokens) and tokens[at].low == "the")
    first = end
    while end < len(tokens) and (
        tokens[end].low in cues.RECIPIENTS or reading.text[tokens[end].start].isupper()
    ):
        end += 1
    if end == first or end >= len(tokens):
        return None
    first = past_adjuncts(reading, end)
    return first if first < len(tokens) and tokens[first].low not in NO_CLAUSE else None


def past_adjuncts(reading: Reading, at: int) -> int:
    """The token behind "on Saturday", "late on Monday", "in a statement", "to reporters"."""
    while (end := _past_adjunct(reading, at)) > at:
        at = end
    return at


def _past_adjunct(reading: Reading, at: int) -> int:
    tokens = reading.tokens
    if at >= len(tokens):
        return at
    low = tokens[at].low
    if low in cues.TIMES:
        return at + 1
    if low in cues.TIME_LEADS and any(
        i < len(tokens) and tokens[i].low in cues.TIMES | cues.TIME_LEADS - {"on"} for i in (at + 1,)
    ):
        return at + 1
    if low == "to" and at + 1 < len(tokens) and tokens[at + 1].low in cues.RECIPIENTS:
        return at + 2
    if low in {"in", "at", "during", "through", "via", "on", "after"}:
        for i in range(at + 1, min(len(tokens), at + 7)):
            if tokens[i].low in cues.OCCASIONS and not _compound(reading, i):
                return i + 1
            if (
                not tokens[i].low.isalpha()
                or tokens[i].low in cues.STOPPERS
                or tokens[i].low in cues.PREPOSITIONS
            ):
                break
    return at


def _compound(reading: Reading, i: int) -> bool:
    """Whether the occasion goes on ("video address", "news conference")."""
    tokens = reading.tokens
    return i + 1 < len(tokens) and tokens[i + 1].low in cues.OCCASIONS


def only_adjuncts(reading: Reading, at: int, verb: str) -> bool:
    """Whether nothing that could be said stands from the token `at` on: only when, where and to whom."""
    tokens = reading.tokens
    end = past_adjuncts(reading, at)
    if verb in cues.TELLING:
        while end < len(tokens) and end - at < TO and tokens[end].low[0].isalnum():
            end += 1
    if verb in {"said", "says"} and end < len(tokens) and tokens[end].low in cues.CIRCUMSTANCES:
        return True
    return end >= len(tokens) or tokens[end].low in {".", ",", "!", "?"} or tokens[end].low in OPENERS


def _from(reading: Reading, verb_end: int, first: int) -> Complement | None:
    """The complement that begins at the token `first`: a whole quotation, or up to where another begins."""
    tokens = reading.tokens
    if first >= len(tokens):
        return None
    start = tokens[first].start
    if tokens[first].low in OPENERS:
        quote = next((q for q in reading.quotes if q[0] == tokens[first].end), None)
        if quote is not None and _closed(reading, quote[1]):
            return _complement(reading, verb_end, quote[0], quote[1], True)
    return _complement(reading, verb_end, start, _stops(reading, first), False)


def _closed(reading: Reading, end: int) -> bool:
    """Whether nothing of the clause follows a quotation's end."""
    rest = [token.low for token in reading.tokens if token.start > end][:1]
    return not rest or rest[0] in {".", ",", ";", "!", "?", "—", "–", "and", "while"}


def _complement(reading: Reading, verb_end: int, start: int, end: int, quoted: bool) -> Complement | None:
    text = reading.text
    while start < end and (text[end - 1].isspace() or text[end - 1] in ",;:.—–"):
        end -= 1
    if (
        not quoted
        and end > start
        and text[end - 1] in '”"'
        and not any(start <= q[0] - 1 and q[1] < end for q in reading.quotes)
    ):
        end -= 1
    while start < end and text[start].isspace():
        start += 1
    return Complement(verb_end, start, end, quoted) if end - start > 1 else None


def _stops(reading: Reading, first: int) -> int:
    """Where what is said ends: at another attribution, else with its sentence."""
    tokens = reading.tokens
    for i in range(first + 1, len(tokens)):
        low = tokens[i].low
        if low not in {",", ";", ".", "?", "!", "according", "—", "–"} or reading.quote_at(tokens[i].start):
            continue
        if low in ".?!" and _full_stop(reading, i):
            return tokens[i].start if low == "." else tokens[i].end
        if low == "according" and i + 1 < len(tokens) and tokens[i + 1].low == "to":
            return tokens[i].start
        if low in {",", ";", "—", "–"} and _another(reading, i + 1):
            return tokens[i].start
    return len(reading.text)


def _full_stop(reading: Reading, i: int) -> bool:
    """Whether the stop ends a sentence: white space and a capital or the end follow, no initial before."""
    text, end = reading.text, reading.tokens[i].end
    rest = text[end:].lstrip("”\"’'")
    if not rest.strip():
        return True
    letters = i > 0 and reading.tokens[i - 1].end - reading.tokens[i - 1].start == 1
    return rest[0].isspace() and rest.lstrip()[:1].isupper() and not letters


def _reporter(reading: Reading, i: int) -> bool:
    """Whether no more than a name and its verb follow (", Reuters reported")."""
    for k in range(i, min(i + CREDIT, len(reading.tokens))):
        token = reading.tokens[k]
        if k > i and token.low in cues.CREDITING:
            rest = [after.low for after in reading.tokens[k + 1 : k + 2]]
            return not rest or rest[0] in cues.TIMES | cues.TIME_LEADS | {".", ","}
        if not (reading.text[token.start].isupper() or token.low in {"the", "-", "of"}):
            return False
    return False


def _another(reading: Reading, i: int) -> bool:
    """Whether another attribution begins at the token: a participle, "as reported by", "while X said"."""
    tokens = reading.tokens
    if i >= len(tokens):
        return False
    if _reporter(reading, i):
        return True
    low = tokens[i].low
    if low in cues.PARTICIPLES or low == "according":
        return True
    if low == "as" and i + 2 < len(tokens) and tokens[i + 2].low == "by":
        return True
    if (
        low == "and"
        and i + 2 < len(tokens)
        and tokens[i + 1].low in cues.CUES
        and tokens[i + 2].low == "that"
    ):
        return True
    return low in cues.CONNECTORS and any(
        token.low in cues.SAYING or token.low in cues.PARTICLES for token in tokens[i + 1 : i + FAR]
    )
