"""Leading: a speaker and a verb in one order or the other, then what is said."""

from pipeline.event.saying.backward import run_start
from pipeline.event.saying.clause import DASHES, Clause, Verb
from pipeline.event.saying.phrase import Phrase, name_in_quotes, past_times
from pipeline.event.saying.said import Said, quotation, reported
from pipeline.event.saying.saying import Saying, as_before, subordinate
from pipeline.event.saying.subject import subject
from pipeline.event.saying.titled import spoken

TOLD = 12
"""Tokens of whom a verb tells something."""

AHEAD = 40
"""Within how many tokens behind its verb what is said begins."""

Opened = tuple[int, Said]
"""The token at which the speaker must have ended, and the words."""


def leading(clause: Clause, verb: Verb, marked: bool, who: Phrase | None = None) -> list[Saying]:
    """Speaker and verb in one order or the other, then what is said. `marked`: only where it begins
    right behind the verb, as what is asked for is what stands behind it else."""
    found = _opener(clause, verb)
    if found is None:
        return []
    edge, said = found
    if marked and not said.quoted and not _right_behind(clause, verb, edge):
        return []
    who = who or subject(clause, verb, edge)
    if who is None and not (_left_out(clause, verb, edge)):
        return []
    if who is not None and not spoken(clause, who):
        return []
    if who is not None and clause.has(who.first, "nobody") and who.last - who.first == 1:
        return []
    hearsay = as_before(clause, verb, who)
    return [Saying(who, (verb.start, verb.end), said.start, said.end, said.quoted, hearsay)]


def _right_behind(clause: Clause, verb: Verb, edge: int) -> bool:
    """Whether nothing but the subject stands between the verb and what is said."""
    if "mark" in clause.lexicon.roles or not any(clause.words(verb.last, edge)):
        return True
    to = "say" in verb.roles and clause.has(verb.last, "adjunct") and clause.has(edge, "that")
    if (
        past_times(clause, verb.last, edge) >= edge
        or to
        or ("say.tell" in verb.roles and _told(clause, verb, edge))
    ):
        return True
    who = subject(clause, verb)
    return who is not None and who.first >= verb.first and who.last >= edge - 1


def _told(clause: Clause, verb: Verb, edge: int) -> bool:
    """Whether no more than whom the verb tells stands between it and what is said."""
    between = range(verb.last, edge - (clause.sign(edge - 1) == ","))
    return len(between) <= TOLD and not any(clause.hard(at) for at in between)


def _left_out(clause: Clause, verb: Verb, edge: int) -> bool:
    """Whether the verb may stand without its subject and does."""
    if "say.alone" not in verb.roles and "ask.alone" not in verb.roles:
        return False
    endings = clause.lexicon.roles.get("plural", ())
    if endings and clause.reading.text[verb.start : clause.tokens[verb.first].end].endswith(endings):
        return False
    first = run_start(clause, verb.first)
    while clause.sign(first) and first < verb.first:
        first += 1
    if clause.has(first, "and") and first > clause.sentence_start(first):
        return False  # the second of two verbs: its subject is that of the first, not of the sentence before
    before = all(
        clause.has(at, "and", "adverb", "time", "aux", "clitic") for at in clause.words(first, verb.first)
    )
    return before and (edge <= verb.last + 1 or clause.has(verb.last, "adjunct", "time", "addressee", "that"))


def _opener(clause: Clause, verb: Verb) -> Opened | None:
    """Where what is said begins."""
    bare, commas = not verb.roles.isdisjoint(("say.bare", "ask.bare")), 0
    at = verb.last
    while at < min(len(clause.tokens), verb.last + AHEAD):
        if (behind := name_in_quotes(clause, at)) and not _quote_follows(clause, at, verb):
            at = behind
            continue
        if clause.quote_from(at) is not None or clause.has(at, "that") or clause.sign(at) == ":":
            return _marked(clause, verb, at, commas)
        if at == verb.last and clause.has(at, "infinitive"):
            return _clause(clause, verb, at, at)
        if clause.stops(at) or clause.has(at, "whether", "while") or (at > verb.last and _verb(clause, at)):
            break
        if clause.hard(at):
            dash = clause.sign(at) in DASHES and at == verb.last
            if dash or (bare and not commas and _bare(clause, at + 1)):
                return _clause(clause, verb, at, at + 1)
            commas += 1
        at += 1
    return _prefixed(clause, verb)


def _marked(clause: Clause, verb: Verb, at: int, commas: int) -> Opened | None:
    """What is said behind a conjunction or a colon, or in the quotation that opens at the token."""
    colon = clause.sign(at) == ":"
    quote = clause.quote_from(at + colon)
    if quote is not None:
        loose = commas and not colon and clause.sign(at - 1) not in (",", "،")
        return None if loose else (at, quotation(clause, quote))
    first = at + 1
    while not colon and (clause.has(first, "that") or (clause.sign(first) and not clause.hard(first))):
        first += 1
    return _clause(clause, verb, at, first)


def _verb(clause: Clause, at: int) -> bool:
    return clause.has(at, "say", "ask", "cite") and at not in clause.names and not clause.has(at, "aside")


def _quote_follows(clause: Clause, at: int, verb: Verb) -> bool:
    """Whether the quotation at the token is what the verb says, however short."""
    return at == verb.last or clause.sign(at - 1) in (":", ",", "،")


def _bare(clause: Clause, at: int) -> bool:
    """Whether behind a comma another clause may be what is said: no conjunction or pronoun opens it."""
    return not clause.has(at, "that", "whether", "stop", "relative", "while", "and", "say", "ask")


def _prefixed(clause: Clause, verb: Verb) -> Opened | None:
    """What is said where its conjunction is written in front of its first word ("שהפסקת")."""
    for prefix in clause.lexicon.roles.get("thatprefix", ()):
        for at in range(verb.last, min(len(clause.tokens), verb.last + 14)):
            token = clause.tokens[at]
            if clause.hard(at):
                break
            named = clause.names.get(at)
            own = named is not None and named.start <= token.start
            word = clause.reading.text[token.start : token.end]
            if len(word) > 2 and word.startswith(prefix) and not own and not clause.has(at, "notprefix"):
                return _clause(clause, verb, at, at, len(prefix))
    return None


def _clause(clause: Clause, verb: Verb, edge: int, first: int, skip: int = 0) -> Opened | None:
    span = reported(clause, first, len(clause.tokens), cut=subordinate(clause, verb), skip=skip)
    if span is None or (clause.has(edge, "that") and clause.reading.text[span[1] - 1] in "?؟"):
        return None
    return edge, Said(*span, False)
