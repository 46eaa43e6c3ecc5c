"""Phrase: the noun phrase of somebody who speaks, before or behind the verb."""

from dataclasses import dataclass

from pipeline.event.saying.clause import Clause

LONGEST = 20
"""A speaker's phrase in tokens; what is longer is a clause misread."""

FAR = 26
"""Within how many tokens before its verb a subject begins."""

BOUNDS = (
    "that", "stop", "adjunct", "time", "aux", "adverb", "say", "ask", "cite", "according", "behind", "not",
    "mark", "relative", "addressee", "passive", "agent", "whether", "while", "cited", "as",
    "aside",
)  # fmt: skip
"""Roles that no noun phrase holds, unless "inner" says so or a name does."""

BREAKS = (
    "that",
    "stop",
    "relative",
    "say",
    "ask",
    "cite",
    "according",
    "behind",
    "whether",
    "while",
    "cited",
    "as",
)
"""Roles behind which another clause's subject begins."""

NAME_WORDS = 4
"""Words of a name in quotation marks (a channel's); longer quotations are said."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase: the tokens `[first:last]`, the letters `[start:end]` of the reading's text."""

    first: int
    last: int
    start: int
    end: int


def phrase(clause: Clause, first: int, last: int) -> Phrase | None:
    """The tokens as a phrase, without signs at its edges and particles before a name."""
    while first < last and clause.tokens[first].sign and clause.quote_from(first) is None:
        first += 1
    while last > first and clause.sign(last - 1) and clause.sign(last - 1) not in '»”"״':
        last -= 1
    if first >= last:
        return None
    start = clause.tokens[first].start
    named = clause.names.get(first)
    if named is not None and start < named.start < clause.tokens[first].end:
        start = named.start
    elif first and clause.has(first - 1, "stop", "that"):
        start += _particle(clause, first)
    return Phrase(first, last, start, clause.tokens[last - 1].end)


def _particle(clause: Clause, at: int) -> int:
    """Letters that a conjunction leaves in front of the word behind it ("אחרי שראש")."""
    text = clause.reading.text[clause.tokens[at].start : clause.tokens[at].end]
    return max((len(p) for p in clause.lexicon.roles.get("prefix", ()) if text.startswith(p)), default=0)


def forward(clause: Clause, first: int, limit: int) -> Phrase | None:
    """The noun phrase that begins at the token, when it was said and to whom left aside."""
    limit = min(limit, len(clause.tokens))
    first = past_times(clause, first, limit)
    at = first
    while at < limit and at - first < LONGEST:
        if at > first and "(" in clause.reading.text[clause.tokens[at - 1].end : clause.tokens[at].start]:
            break  # what stands beside a name in brackets ends it
        if at in clause.names or clause.has(at, "inner"):
            at += 1
        elif (quoted := name_in_quotes(clause, at)) and at > first:
            at = quoted
        elif clause.hard(at) or clause.has(at, *BOUNDS):
            break
        else:
            at += 1
    return phrase(clause, first, at)


def name_in_quotes(clause: Clause, at: int) -> int:
    """The token behind a name in quotation marks that opens at the token, 0 where none does."""
    quote = clause.quote_from(at)
    if quote is None:
        return 0
    last = clause.token_at(quote[1])
    inside = clause.tokens[at + 1 : last]
    short = 0 < len(inside) <= NAME_WORDS and not any(token.hard for token in inside)
    return last + 1 if short and last < len(clause.tokens) and clause.sign(at - 1) == "" else 0


def past_times(clause: Clause, at: int, limit: int) -> int:
    """The token behind "on Tuesday", "again", "to reporters"."""
    while at < limit and at not in clause.names and (behind := _past_one(clause, at, limit)):
        at = behind
    return at


def _past_one(clause: Clause, at: int, limit: int) -> int:
    """The token behind one such expression, 0 where none is."""
    inside = clause.has(at, "time") and (clause.has(at - 1, "time") or clause.has(at, "article"))
    plain = (leads(clause, at) or inside) and not clause.has(at, "and")
    if plain or clause.has(at, "addressee") or (clause.sign(at) and not clause.hard(at)):
        return at + 1
    return _time_behind(clause, at, limit) if clause.has(at, "adjunct") else 0


def _time_behind(clause: Clause, at: int, limit: int) -> int:
    """The token behind a preposition and a time, 0 where no time follows."""
    for there in range(at + 1, min(at + 4, limit)):
        if clause.has(there, "time"):
            return there + 1
        if clause.hard(there) or there in clause.names:
            break
    return 0


def leads(clause: Clause, at: int) -> bool:
    """Whether the token may stand before a subject that it is no part of."""
    return clause.has(at, "and", "adverb", "time", "clitic") and not clause.has(at, "article")
