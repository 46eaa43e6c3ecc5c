"""Said: how far the words reach that a verb credits to somebody."""

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.event.saying.clause import DASHES, OPENING, QUOTING, Clause

CREDIT = 8
"""Tokens of a name and a verb behind a comma that credit somebody with what stands in front of them."""

SHORT = 3
"""Words that a clause has at least; fewer before an inserted speaker are the beginning of one."""


@dataclass(frozen=True, slots=True)
class Said:
    """The words as a span of the reading's text."""

    start: int
    end: int
    quoted: bool


def trimmed(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The span without white space, commas and dashes at its edges; None when nothing is left."""
    while start < end and (text[start].isspace() or text[start] in ",;:.،؛—–-।"):
        start += 1
    while start < end and (text[end - 1].isspace() or text[end - 1] in ",;:.،؛—–-।"):
        end -= 1
    return (start, end) if end - start > 1 else None


def quotation(clause: Clause, quote: tuple[int, int]) -> Said:
    """The inside of a quotation."""
    span = trimmed(clause.reading.text, *quote)
    return Said(*(span or quote), True)


def resumed(clause: Clause, last: int) -> Iterator[Said]:
    """The quotations that follow speaker and verb with nothing said in between."""
    for quote in clause.reading.quotes:
        first = clause.token_at(quote[0]) - 1
        if first < last:
            continue
        between = [
            k for k in clause.words(last, first) if not clause.has(k, "adjunct", "time", "adverb", "and")
        ]
        if between and not _one_place(clause, last, first):
            break
        yield quotation(clause, quote)
        last = clause.token_at(quote[1]) + 1


def _one_place(clause: Clause, last: int, first: int) -> bool:
    """Whether no sentence ends between speaker and quotation and a comma or stop stands before it."""
    return (
        first - last < 8
        and clause.hard(first - 1)
        and not any(last <= verb.first < first for verb in clause.verbs)
    )


def reported(
    clause: Clause, first: int, last: int, cut: bool = False, whole: bool = False, skip: int = 0
) -> tuple[int, int] | None:
    """The words from the token `first` to where their sentence or another attribution ends; to its next
    comma where `cut`, to `last` in any case where `whole`."""
    if first >= min(last, len(clause.tokens)):
        return None
    end = last if whole else _end(clause, first, last, cut)
    if end <= first:
        return None
    text = clause.reading.text
    close = clause.tokens[end - 1].end
    start = clause.tokens[first].start + skip
    span = trimmed(text, start, close)
    return None if span is None else _paired(clause, *span)


def _paired(clause: Clause, start: int, end: int) -> tuple[int, int] | None:
    """The span without a quotation mark at its edge whose other one lies outside."""
    text = clause.reading.text
    if text[end - 1] in QUOTING and not any(
        start <= a - 1 and b == end - 1 for a, b in clause.reading.quotes
    ):
        end -= 1
    if text[start] in OPENING and not any(a == start + 1 and b <= end for a, b in clause.reading.quotes):
        start += 1
    return trimmed(text, start, end)


def _end(clause: Clause, first: int, last: int, cut: bool) -> int:
    last = min(last, len(clause.tokens))
    own = clause.quoted(first)
    for at in range(first, last):
        if not clause.hard(at) or clause.quoted(at) not in (None, own) or clause.sign(at) in QUOTING:
            continue
        if clause.stops(at) and clause.sign(at) != ";":
            return at + (clause.sign(at) in "?!؟")
        if clause.sign(at) in (",", "،", ";") and (cut or _another(clause, at + 1)):
            return at
        if clause.sign(at) in DASHES and _another(clause, at + 1):
            return at
    return last


def _another(clause: Clause, at: int) -> bool:
    """Whether another attribution begins at the token, or what the reporter sets it in ("a day after")."""
    if clause.has(at, "frame") or second(clause, at):
        return True
    if clause.has(at, "according", "cited", "as") and not clause.has(at, "nosource"):
        return True
    if (clause.has(at, "say") and not clause.has(at, "say.so")) or _credit(clause, at):
        return True
    if not clause.has(at, "while"):
        return False
    return any(clause.has(k, "say", "ask") for k in range(at + 1, min(at + 16, len(clause.tokens))))


def second(clause: Clause, at: int) -> bool:
    """Whether a second verb of the same subject stands behind a comma (", and denied", ", mahnte aber")."""
    if clause.has(at, "say", "ask") and clause.has(at + 1, "second"):
        return True
    joined = clause.has(at, "and") and at + 1 not in clause.names
    return (
        joined and clause.has(at + 1, "say", "ask") and not clause.has(at + 1, "say.carried", "ask.carried")
    )


def _credit(clause: Clause, at: int) -> bool:
    """Whether no more than a name and its verb follow up to a mark (", Reuters reported")."""
    text, verb = clause.reading.text, False
    for k in range(at, at + CREDIT):
        if clause.hard(k):
            return verb and k > at + 1
        named = k in clause.names or text[clause.tokens[k].start].isupper()
        verb = verb or (clause.has(k, "say") and k > at and k not in clause.names)
        if not (named or verb or clause.has(k, "article", "link", "source") or clause.sign(k)):
            return False
        if verb and not clause.has(k, "say", "time", "adjunct", "aux") and not named:
            return False
    return False


def sentence_around(clause: Clause, edge: int, last: int) -> tuple[int, int] | None:
    """The clause before the token `edge`; the whole sentence where speaker and verb up to `last` are
    inserted after its first words."""
    first = clause.sentence_start(edge)
    first += clause.has(first, "that")
    count = sum(1 for _ in clause.words(first, edge))
    bare = any(not clause.has(k, "time", "adjunct", "adverb", "and") for k in clause.words(first, edge))
    if count >= SHORT or (count == SHORT - 1 and bare and clause.stops(last)):
        return reported(clause, first, edge, whole=True)
    last = _past_place(clause, last)
    if count and clause.hard(last) and not clause.stops(last) and last + SHORT < len(clause.tokens):
        return reported(clause, first, _end(clause, last + 1, len(clause.tokens), False), whole=True)
    return None


def _past_place(clause: Clause, at: int) -> int:
    """The mark behind where and to whom it was said, where there is one near."""
    if not clause.has(at, "adjunct", "time", "addressee", "adverb"):
        return at
    return next((k for k in range(at, at + CREDIT) if clause.hard(k)), at)
