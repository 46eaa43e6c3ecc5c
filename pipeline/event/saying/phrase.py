"""Phrase: the noun phrase of somebody who speaks, before or behind the verb."""

from dataclasses import dataclass

from pipeline.event.saying.clause import OPENING, Clause

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
    plain = _leads(clause, at) and not clause.has(at, "and")
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


def run_start(clause: Clause, at: int) -> int:
    """Where the run of words that may hold the subject of the verb at the token begins."""
    first = at
    while first > 0 and at - first < FAR:
        before = first - 1
        if before in clause.names and not clause.hard(before):
            first -= 1
        elif clause.hard(before) or (clause.has(before, *BREAKS) and not clause.has(before, "inner")):
            break
        else:
            first -= 1
    return first


def trailing(clause: Clause, first: int, at: int) -> int:
    """Where the subject before the verb ends: before auxiliaries, adverbs and times."""
    while at > first and at - 1 not in clause.names:
        soft = clause.sign(at - 1) and not clause.hard(at - 1)
        timely = clause.has(at - 1, "adjunct") and clause.has(at, "time")
        if not (soft or timely or clause.has(at - 1, "aux", "adverb", "time", "clitic")):
            break
        at -= 1
    return at


def backward(clause: Clause, at: int) -> Phrase | None:
    """The subject before the verb at the token."""
    if "mark" in clause.lexicon.roles:
        return before_mark(clause, at)
    first = run_start(clause, at)
    end = trailing(clause, first, at)
    if end > first and clause.has(end - 1, "and"):
        return _of_the_sentence(clause, first, end - 1)
    begin = _past_leads(clause, first, end)
    if begin is None:
        return _last_name(clause, first, end)
    return forward(clause, begin, end)


def _past_leads(clause: Clause, first: int, end: int) -> int | None:
    """The token with which a subject begins, behind what the clause begins with; None: nobody knows."""
    while first < end and first not in clause.names and _leads(clause, first):
        first += 1
    if first in clause.names or not (
        clause.has(first, "adjunct", "aux") or clause.has(first - 1, "according")
    ):
        return first
    if clause.has(first, "within") and _institution(clause, first + 1):
        return first + 1
    done = past_times(clause, first, end)
    if done > first:
        return _past_leads(clause, done, end)
    aux = next((k for k in range(first, end) if clause.has(k, "aux") and k not in clause.names), None)
    if aux is not None:
        return aux + 1
    if first + 1 in clause.names and clause.names[first + 1].place is not None:
        return (
            first
            + 1
            + sum(1 for k in range(first + 1, end) if clause.names.get(k) == clause.names[first + 1])
        )
    return None


def _institution(clause: Clause, at: int) -> bool:
    """Whether an office or an organisation that is no place stands there ("in the ministry they said")."""
    named = clause.names.get(at)
    return clause.has(at, "official") or (
        named is not None and named.actor is not None and named.place is None
    )


def _leads(clause: Clause, at: int) -> bool:
    """Whether the token may stand before a subject that it is no part of."""
    return clause.has(at, "and", "adverb", "time", "clitic") and not clause.has(at, "article")


def _last_name(clause: Clause, first: int, end: int) -> Phrase | None:
    """The name right before the verb."""
    named = clause.names.get(end - 1)
    if named is None or named.actor is None or named.form == "demonym" or end <= first:
        return None
    begin = next(k for k in range(first, end) if clause.names.get(k) == named)
    if begin and clause.has(begin - 1, "adjunct"):
        return None
    return phrase(clause, begin, end)


def _of_the_sentence(clause: Clause, first: int, end: int) -> Phrase | None:
    """The subject of a verb behind "and": the name with which the clause opens."""
    begin = _past_leads(clause, first, end)
    named = clause.names.get(begin) if begin is not None else None
    if begin is not None and clause.has(begin, "article"):
        named = clause.names.get(begin + 1)
    if begin is None or named is None or named.actor is None or named.form == "demonym":
        return None
    last = clause.token_at(named.end - 1) + 1
    return phrase(clause, begin, last)


def before_mark(clause: Clause, at: int) -> Phrase | None:
    """The subject in front of the word that marks it ("ने"), or right before a verb that needs none."""
    end = at
    while end > 0 and at - end < FAR and not clause.has(end - 1, "mark", "self"):
        if clause.hard(end - 1) or clause.has(end - 1, *BREAKS):
            end = 0
            break
        end -= 1
    if end and clause.has(end - 1, "self"):
        return phrase(clause, end - 1, end)
    if not end or not clause.has(end - 1, "mark"):
        verb = next((v for v in clause.verbs if v.first == at), None)
        if verb is None or "say.unmarked" not in verb.roles:
            return None
        end = at + 1
    return ending(clause, end - 1)


def ending(clause: Clause, end: int) -> Phrase | None:
    """The noun phrase that ends before the token, in a language that sets its particles behind."""
    first = end
    while first > 0 and end - first < LONGEST:
        before = first - 1
        if clause.hard(before):
            break
        if before not in clause.names and not clause.has(before, "inner") and clause.has(before, *BOUNDS):
            break
        first -= 1
    while first < end and first not in clause.names and clause.has(first, "and", "adverb"):
        first += 1
    return phrase(clause, first, end)


def with_apposition(clause: Clause, at: int) -> Phrase | None:
    """The subject before "NP, apposition," that ends with the comma before the token: with the apposition
    where that is a name."""
    comma = at - 1
    opening = comma - 1
    while opening > 0 and comma - opening < LONGEST and clause.sign(opening) not in (",", "،"):
        if clause.hard(opening) and clause.sign(opening) not in OPENING:
            return None
        opening -= 1
    if opening <= 0 or clause.sign(opening) not in (",", "،"):
        return None
    outer = backward(clause, opening)
    if outer is None or outer.last < opening:
        return None
    named = clause.names.get(opening + 1)
    known = named is not None and named.actor is not None and named.form != "demonym"
    whole = named is not None and clause.token_at(named.end - 1) + 1 == comma
    if (known and whole) or _stranger(clause, opening + 1, comma):
        return Phrase(outer.first, comma, outer.start, clause.tokens[comma - 1].end)
    return outer


def _stranger(clause: Clause, first: int, last: int) -> bool:
    """Whether the tokens are the name of somebody nobody configured: two to four capitalised words."""
    text = clause.reading.text
    words = list(clause.words(first, last))
    return 2 <= len(words) <= NAME_WORDS and all(text[clause.tokens[k].start].isupper() for k in words)
