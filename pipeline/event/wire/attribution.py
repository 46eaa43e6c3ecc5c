"""Attribution: which words of an English sentence are whose. Precision before recall.

The patterns are those of wire copy: a speaker, a verb of saying and what is said; a quotation or
clause with its speaker behind it; "according to". What fits none of them is attributed to nobody.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from pipeline.event.reading import Reading
from pipeline.event.wire import cues, speakers
from pipeline.event.wire.complement import Complement, complement, only_adjuncts
from pipeline.event.wire.speakers import Phrase

MOST = 12
"""Verbs of saying looked at in a reading; what has more is no sentence."""


CLAUSE_END = re.compile(r"(?<![A-Z])[.?!;][”\"]? |\n")
"""A stop behind which another clause begins; not the point of an initial ("U.S. ")."""

DATELINE = re.compile(r"\s*[A-Z][A-Z .’'-]{1,30}(?:, [A-Z][\w.]{1,20})? (?:\([A-Za-z ]{2,20}\) )?[—–-] ")
"""A dateline in front of a report's first sentence; it is nobody's words."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A speaker (`who`), the verb's tokens `[verb:verb_end]` and the words as a span of the reading's text.

    `topic` is what the speaker addressed before ("addressed the truce, stating that ..."), `hearsay`
    tells a source behind "according to" from one that speaks itself.
    """

    who: Phrase
    verb: int
    verb_end: int
    start: int
    end: int
    quoted: bool
    topic: tuple[int, int] | None = None
    hearsay: bool = False

    def covers(self, position: int) -> bool:
        """Whether the words, or the topic they are about, hold the position."""
        return self.start <= position < self.end or (
            self.topic is not None and self.topic[0] <= position < self.topic[1]
        )


def statements(reading: Reading) -> tuple[Statement, ...]:
    """The attributions of a reading in order of their verbs; a verb inside attributed words adds none."""
    found: list[Statement] = []
    taken = 0
    for at in islice(_cues(reading), MOST):
        if reading.tokens[at].start < taken:
            continue
        for statement in _statements_at(reading, at, found):
            found.append(statement)
            if not passes_on(reading, statement):
                taken = max(taken, statement.end)
    return tuple(one for one in found if reading.tokens[one.verb].low not in cues.TOPICAL)


def passes_on(reading: Reading, one: Statement) -> bool:
    """Whether a source speaks of what others say, so that what is in its words may be another's."""
    if one.hearsay or reading.tokens[one.verb].low in {"reported", "reports"}:
        return True
    lows = {token.low for token in reading.tokens[one.who.first : one.who.last]}
    return not lows.isdisjoint(cues.SOURCES)


def around(found: tuple[Statement, ...], position: int) -> tuple[Statement, ...]:
    """The statements whose words or topic hold the position, the outermost first."""
    covering = [statement for statement in found if statement.covers(position)]
    return tuple(sorted(covering, key=lambda one: (one.start - one.end, one.verb)))


def _cues(reading: Reading) -> Iterator[int]:
    """Tokens that may attribute: cue words outside quotations, not capitalised as names are."""
    title = reading.field == "title"
    for at, token in enumerate(reading.tokens):
        if token.low not in cues.CUES or reading.quote_at(token.start) is not None:
            continue
        if token.low == "according" or title or reading.text[token.start].islower():
            yield at


def _statements_at(reading: Reading, at: int, earlier: list[Statement]) -> tuple[Statement, ...]:
    low = reading.tokens[at].low
    if low == "according" or _reported_by(reading, at):
        return _hearsay(reading, at)
    if low in cues.PARTICIPLES and at and reading.tokens[at - 1].low == ",":
        return _carried_on(reading, at, earlier)
    if reading.tokens[at + 1 : at + 2] and reading.tokens[at + 1].low == "by":
        return _announced_by(reading, at)
    subject_end = _subject_end(reading, at)
    if subject_end is None:
        return ()
    if low in cues.INVERTIBLE and (found := _inverted(reading, at)):
        return found
    who = speakers.before(reading, subject_end) or _of_the_sentence(reading, subject_end, earlier)
    return () if who is None else _postposed(reading, at, who) or _leading(reading, at, who)


def _of_the_sentence(reading: Reading, end: int, earlier: list[Statement]) -> Phrase | None:
    """The subject of a verb behind "and": who spoke before in the sentence, else its first actor."""
    if end < 2 or reading.tokens[end - 1].low != "and":
        return None
    if earlier:
        return None if earlier[-1].hearsay else earlier[-1].who
    return speakers.opening(reading, end - 1)


def _reported_by(reading: Reading, at: int) -> bool:
    """ "as reported by", "as announced by"."""
    tokens = reading.tokens
    return (
        0 < at < len(tokens) - 1
        and tokens[at - 1].low == "as"
        and tokens[at + 1].low == "by"
        and tokens[at].low in {"reported", "announced", "stated", "confirmed"}
    )


def _announced_by(reading: Reading, at: int) -> tuple[Statement, ...]:
    """ "The truce was announced by Qatar": the passive credits its agent with its subject."""
    be = at - 1
    while be > 0 and reading.tokens[be].low in cues.ADVERBS | cues.BE:
        be -= 1
    be += 1
    who = speakers.after(reading, at + 2)
    if who is None or be >= at or reading.tokens[be].low not in cues.BE:
        return ()
    start, end = _trimmed(reading, _clause_start(reading, reading.tokens[be].start), reading.tokens[be].start)
    return (Statement(who, at, at + 1, start, end, False),) if start < end else ()


def _subject_end(reading: Reading, at: int) -> int | None:
    """Where the subject of the verb must end: before auxiliaries and adverbs. None: nothing is said."""
    tokens = reading.tokens
    progressive = tokens[at].low in cues.PROGRESSIVE
    be = False
    end = at
    while end > 0:
        low = tokens[end - 1].low
        if low in cues.BLOCKING:
            return None
        if low in cues.BE:
            be = True
        elif not (low in cues.HAVE or low in cues.ADVERBS or low in cues.TIMES or low.endswith("ly")):
            break
        end -= 1
    if end < at and tokens[end].low in cues.TIMES and tokens[end - 1].low in cues.TIME_LEADS:
        end -= 1
    if end > 1 and tokens[end - 1].low == "," and tokens[end - 2].low in cues.ADVERBS:
        end -= 2
    return end if be == progressive else None


def _hearsay(reading: Reading, at: int) -> tuple[Statement, ...]:
    """ "According to NP, clause" and "clause, according to NP"."""
    tokens = reading.tokens
    if at + 2 >= len(tokens) or tokens[at + 1].low not in {"to", "by"}:
        return ()
    who = speakers.source(reading, at + 2)
    if who is None:
        return ()
    first = at - 1 if tokens[at].low != "according" else at
    before = reading.text[: tokens[first].start].rstrip(" ,\t\n—–-")
    if before and before[-1] not in '.;:!?”"':
        return (
            Statement(who, at, at + 2, _clause_start(reading, len(before)), len(before), False, hearsay=True),
        )
    if who.last < len(tokens) and tokens[who.last].low == ",":
        start, end = _trimmed(reading, tokens[who.last].end, len(reading.text))
        return (Statement(who, at, at + 2, start, end, False, hearsay=True),) if start < end else ()
    return ()


def _carried_on(reading: Reading, at: int, earlier: list[Statement]) -> tuple[Statement, ...]:
    """ ", stating that ...": the speaker is the one of the statement before."""
    found = complement(reading, at)
    if not earlier or found is None or earlier[-1].hearsay:
        return ()
    first = earlier[-1]
    topic = (first.start, first.end) if reading.tokens[first.verb].low in cues.TOPICAL else None
    return (_statement(first.who, at, found, topic),)


def _leading(reading: Reading, at: int, who: Phrase) -> tuple[Statement, ...]:
    """Speaker, verb, what is said."""
    found = complement(reading, at)
    return () if found is None else (_statement(who, at, found, None),)


def _statement(who: Phrase, at: int, found: Complement, topic: tuple[int, int] | None) -> Statement:
    return Statement(who, at, found.verb_end, found.start, found.end, found.quoted, topic)


def _postposed(reading: Reading, at: int, who: Phrase) -> tuple[Statement, ...]:
    """Quotation or clause, speaker, verb."""
    tokens = reading.tokens
    if tokens[at].low not in cues.SAYING | cues.CLAUSE_ONLY | cues.TELLING:
        return ()
    return _said_before(reading, Statement(who, at, at + 1, 0, 0, False), who.first, at + 1)


def _inverted(reading: Reading, at: int) -> tuple[Statement, ...]:
    """Quotation or clause, verb, speaker."""
    if not at or not _ends_clause(reading, at):
        return ()
    who = speakers.after(reading, at + 1)
    if who is None:
        return ()
    return _said_before(reading, Statement(who, at, at + 1, 0, 0, False), at, who.last)


def _ends_clause(reading: Reading, at: int) -> bool:
    """Whether a comma or a quotation's end stands before the token."""
    return reading.tokens[at - 1].low in {",", "”", '"', "»", "’", "'"}


def _said_before(reading: Reading, cue: Statement, first: int, last: int) -> tuple[Statement, ...]:
    """The statement whose words stand before the tokens `[first:last]` of speaker and verb.

    A quotation that goes on behind them ("..., he said. "...") is a statement of its own.
    """
    if first == 0 or not _ends_clause(reading, first):
        return ()
    edge = reading.tokens[first].start
    quote = next(
        (q for q in reversed(reading.quotes) if q[1] < edge and not _words_between(reading, q[1] + 1, edge)),
        None,
    )
    if quote is None:
        if not only_adjuncts(reading, last, reading.tokens[cue.verb].low):
            return ()
        start, end = _trimmed(reading, _clause_start(reading, edge), edge)
        return (replace(cue, start=start, end=end),) if _is_clause(reading, start, end) else ()
    spans = [quote, *_resumed(reading, last)]
    trimmed = [_trimmed(reading, *span) for span in spans]
    return tuple(replace(cue, start=start, end=end, quoted=True) for start, end in trimmed if start < end)


def _is_clause(reading: Reading, start: int, end: int) -> bool:
    """Whether the span is long enough to be a clause: three words."""
    return sum(1 for token in reading.tokens if start <= token.start < end and token.low[0].isalnum()) >= 3


def _resumed(reading: Reading, last: int) -> Iterator[tuple[int, int]]:
    """The quotations that follow speaker and verb with nothing said in between."""
    edge = reading.tokens[last - 1].end
    for quote in reading.quotes:
        if quote[0] > edge and not _words_between(reading, edge, quote[0] - 1):
            yield quote
            edge = quote[1] + 1


def _words_between(reading: Reading, start: int, end: int) -> bool:
    """Whether a letter or digit stands in the stretch of text."""
    return any(char.isalnum() for char in reading.text[start:end])


def _clause_start(reading: Reading, edge: int) -> int:
    """Where the clause that ends at `edge` begins: behind the last full stop or the dateline."""
    start = max((stop.end() for stop in CLAUSE_END.finditer(reading.text, 0, edge)), default=0)
    dateline = DATELINE.match(reading.text, start, edge)
    return dateline.end() if dateline else start


def _trimmed(reading: Reading, start: int, end: int) -> tuple[int, int]:
    """The span without white space and marks at its edges; quotation marks stay where they pair."""
    text = reading.text
    while start < end and (text[start].isspace() or text[start] in ",;:.”"):
        start += 1
    while start < end and (text[end - 1].isspace() or text[end - 1] in ",;:.—–"):
        end -= 1
    return start, end
