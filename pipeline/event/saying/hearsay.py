"""Hearsay: sources that are named beside the words ("according to"), and whom a channel cites."""

from collections.abc import Iterator

from pipeline.event.saying.backward import apposed, ending
from pipeline.event.saying.clause import QUOTING, Clause, Verb
from pipeline.event.saying.phrase import Phrase, forward, phrase
from pipeline.event.saying.postposed import quote_before
from pipeline.event.saying.said import reported, sentence_around
from pipeline.event.saying.saying import Saying, capable
from pipeline.event.saying.subject import subject
from pipeline.event.saying.titled import cut_off


def according(clause: Clause, verb: Verb) -> Iterator[Saying]:
    """ "According to NP, clause" and "clause, according to NP"."""
    who = source(clause, verb.last)
    if who is None or cut_off(clause, who) or _headless(clause, who):
        return
    if any(clause.has(at, "nosource") for at in range(who.first, who.last)):
        return
    closing = apposed(clause, who.last)
    if closing is not None and any(
        clause.has(k, "official", "person", "speaker") for k in range(who.first, who.last)
    ):
        who = Phrase(who.first, closing, who.start, clause.tokens[closing - 1].end)
    opens = clause.sentence_start(verb.first)
    lone = clause.tokens[verb.first + (clause.has(verb.first, "as") and verb.last - verb.first > 1)]
    made = (who, (lone.start, verb.end))
    if all(clause.has(at, "and", "adverb") for at in clause.words(opens, verb.first)):
        first = _begun(clause, who)
        if first is None:
            return
        span = reported(clause, first, len(clause.tokens))
    elif clause.hard(verb.first - 1) or clause.sign(verb.first - 1) in QUOTING or capable(clause, who):
        if (quote := quote_before(clause, verb.first)) is not None:
            yield Saying(*made, quote.start, quote.end, True, True)
            return
        span = sentence_around(clause, verb.first, who.last)
        if not clause.hard(verb.first - 1) and not clause.hard(who.last):
            span = reported(clause, opens, len(clause.tokens))
    else:
        return
    if span is not None:
        yield Saying(*made, *span, False, True)


def _headless(clause: Clause, who: Phrase) -> bool:
    """Is it an article alone, whose noun stands behind its attributes ("eines mit der Sache Vertrauten")?"""
    return all(clause.has(at, "article", "indefinite") for at in clause.words(who.first, who.last))


def _begun(clause: Clause, who: Phrase) -> int | None:
    """The token with which the words begin behind a source, who cites it and what is told of it between
    commas ("источника, знакомого с делом, ..."); None where the sentence ends."""
    last = who.last
    while clause.has(last, "cited") or (last > who.last and not clause.hard(last)):
        last += 1
    if clause.stops(last):
        return None
    first = last + clause.hard(last)
    if clause.has(first, "aside"):
        first = next((k for k in range(first, len(clause.tokens)) if clause.hard(k)), first) + 1
    return None if clause.stops(first - 1) else first


def source(clause: Clause, at: int) -> Phrase | None:
    """The source named from the token on; without a comma behind it, it ends where its nouns do."""
    who = forward(clause, at, len(clause.tokens))
    if who is not None and who.first == at:
        who = without_prefix(clause, who, "sourceprefix")
    if who is None or clause.hard(who.last):
        return who
    text = clause.reading.text
    noun = False
    for k in range(who.first, who.last):
        letter = text[clause.tokens[k].start]
        if noun and letter.islower() and k not in clause.names and not clause.has(k, "link", "inner"):
            return phrase(clause, who.first, k)
        noun = noun or letter.isupper()
    return who


def without_prefix(clause: Clause, who: Phrase, role: str) -> Phrase:
    """The source without the preposition that is written in front of it."""
    for prefix in clause.lexicon.roles.get(role, ()):
        token = clause.tokens[who.first]
        if who.start == token.start and clause.reading.text.startswith(prefix, token.start):
            start = min(who.start + len(prefix), token.end - 1)
            return Phrase(who.first, who.last, start, who.end)
    return who


def according_behind(clause: Clause, verb: Verb) -> Iterator[Saying]:
    """ "NP के अनुसार, clause" and "clause, NP zufolge"."""
    who = ending(clause, verb.first)
    if who is None or any(clause.has(at, "nosource") for at in range(who.first, who.last)):
        return
    made = (who, (verb.start, verb.end))
    opens = clause.sentence_start(who.first)
    if all(clause.has(at, "and", "adverb", "time", "adjunct") for at in clause.words(opens, who.first)):
        first = verb.last + (clause.hard(verb.last) and not clause.stops(verb.last))
        span = reported(clause, first, len(clause.tokens))
    elif clause.hard(who.first - 1):
        span = sentence_around(clause, who.first, verb.last)
    else:
        return
    if span is not None:
        yield Saying(*made, *span, False, True)


def citing(clause: Clause, verb: Verb) -> Iterator[Saying]:
    """ "A channel cites an official who says": the channel passes on what follows."""
    who = subject(clause, verb)
    if who is None:
        return
    span = reported(clause, max(verb.last, who.last), len(clause.tokens))
    if span is not None:
        yield Saying(who, (verb.start, verb.end), *span, False, True)
