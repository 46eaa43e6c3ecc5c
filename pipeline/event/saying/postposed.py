"""Postposed: what is said, then the verb and its speaker; or these inserted into a quotation."""

from collections.abc import Iterator

from pipeline.event.saying.backward import backward, with_apposition
from pipeline.event.saying.clause import DASHES, QUOTING, Clause, Verb
from pipeline.event.saying.phrase import Phrase, forward, name_in_quotes, phrase
from pipeline.event.saying.said import Said, quotation, reported, resumed, sentence_around
from pipeline.event.saying.saying import Saying, as_before
from pipeline.event.saying.subject import issuer, relative
from pipeline.event.saying.titled import spoken

CONJUNCTIONS = frozenset("وفו")
"""Letters for "and" in front of a verb, which begins a clause of its own then and credits none before it."""

TOLD = 6
"""Tokens of whom something was told, behind it."""


def postposed(clause: Clause, verb: Verb) -> list[Saying]:
    """A quotation or clause, then verb and speaker in one order or the other."""
    place = None if clause.has(verb.last, "second") else behind_words(clause, verb)
    if place is None or (clause.has(place[1].first, "nobody") and place[1].last - place[1].first == 1):
        return []
    edge, who = place
    while clause.has(edge - 1, "resume"):
        edge -= 1
    if as_before(clause, verb, who):
        edge -= 1
        if edge <= clause.sentence_start(edge):
            return _as_said(clause, verb, who)
    if not edge or not (clause.hard(edge - 1) or clause.sign(edge - 1) in QUOTING):
        return []
    last = max(verb.last, who.last)
    hearsay = as_before(clause, verb, who)
    made = (who, (verb.start, verb.end))
    quote = quote_before(clause, edge)
    if quote is not None and not partly(clause, quote):
        spans = [quote, *resumed(clause, last)]
        return [Saying(*made, said.start, said.end, True, hearsay) for said in spans]
    told = "ask.tell" in verb.roles and _told(clause, last)
    if verb.prefix in CONJUNCTIONS or not (_ended(clause, last) or told):
        return []
    span = sentence_around(clause, edge, last)
    return [] if span is None else [Saying(*made, *span, False, hearsay)]


def _as_said(clause: Clause, verb: Verb, who: Phrase) -> list[Saying]:
    """ "As X said, clause"."""
    last = max(verb.last, who.last)
    while not clause.hard(last):
        last += 1
    span = None if clause.stops(last) else reported(clause, last + 1, len(clause.tokens))
    return [] if span is None else [Saying(who, (verb.start, verb.end), *span, False, True)]


def behind_words(clause: Clause, verb: Verb) -> tuple[int, Phrase] | None:
    """The token with which verb and speaker begin, and the speaker."""
    first = verb.first
    pronoun = None
    while first > 0 and not clause.hard(first - 1) and first - 1 not in clause.names:
        if not (clause.has(first - 1, "aux", "adverb", "clitic", "pronoun") or clause.sign(first - 1)):
            break
        if clause.sign(first - 1) in QUOTING and clause.sign(first - 1) not in "'’":
            break
        first -= 1
        pronoun = first if clause.has(first, "pronoun") else pronoun
    own = clause.hard(first - 1) or clause.sign(first - 1) in QUOTING or clause.has(first - 1, "as")
    if own and first and "mark" not in clause.lexicon.roles:
        if pronoun is not None:
            who = phrase(clause, pronoun, pronoun + 1)
        else:
            document = "say.document" in verb.roles
            who = issuer(clause, verb) if document else forward(clause, verb.last, len(clause.tokens))
        if who is not None and spoken(clause, who):
            return first, who
        if who is None or "title" not in clause.lexicon.roles:
            return None
    before = None
    if clause.sign(verb.first - 1) in (",", "،"):
        before = with_apposition(clause, verb.first)
    before = before or backward(clause, verb.first)
    if before is None or "say.so" in verb.roles or relative(clause, verb, before):
        return None
    return before.first, before


def quote_before(clause: Clause, edge: int) -> Said | None:
    """The quotation that ends right before the token."""
    at = edge - 1
    while at >= 0 and clause.sign(at) and clause.sign(at) not in QUOTING:
        at -= 1
    if at < 0 or not clause.sign(at):
        return None
    quote = next((q for q in clause.reading.quotes if q[1] == clause.tokens[at].start), None)
    opens = clause.token_at(quote[0]) - 1 if quote is not None else 0
    if quote is None or (opens > 0 and name_in_quotes(clause, opens)):
        return None
    return quotation(clause, quote)


def partly(clause: Clause, quote: Said) -> bool:
    """Whether the quotation is the end of a clause that begins in front of it ("The truce “is dead”")."""
    opens = clause.token_at(quote.start)
    while opens > 0 and clause.sign(opens - 1) in QUOTING and clause.sign(opens - 1):
        opens -= 1
    return opens > 0 and not clause.sign(opens - 1) and not clause.has(opens - 1, "that", "say", "as", "and")


def _told(clause: Clause, at: int) -> bool:
    """Whether no more than whom it was told follows, up to a mark."""
    end = next((k for k in range(at, at + TOLD) if clause.hard(k)), None)
    return end is not None and not any(clause.has(k, "that", "to", "whether", "say") for k in range(at, end))


def _ended(clause: Clause, at: int) -> bool:
    """Whether only when and where it was said follows, up to a mark or the end."""
    return clause.hard(at) or clause.has(
        at, "adjunct", "time", "adverb", "addressee", "cited", "agent", "stop"
    )


def inserted(clause: Clause, verb: Verb) -> Iterator[Saying]:
    """Verb and speaker between commas or dashes inside of quotation marks that go on around them."""
    quote = clause.quoted(verb.first)
    place = behind_words(clause, verb)
    if quote is None or place is None or place[1].first < verb.first:
        return
    edge, who = place
    if not clause.hard(edge - 1) or clause.tokens[edge - 1].start < quote[0] or who.last <= verb.last - 1:
        return
    dashed = clause.sign(edge - 1) in DASHES
    if not dashed and clause.sign(edge - 1) not in (",", "?", "!"):
        return
    at = who.last
    while (
        at < len(clause.tokens)
        and clause.tokens[at].start < quote[1]
        and not (clause.sign(at) in DASHES and clause.hard(at))
    ):
        at += 1
    if dashed and not clause.sign(at):
        return
    made = (who, (verb.start, verb.end))
    spans = [reported(clause, clause.token_at(quote[0]), edge, whole=True)]
    if at < len(clause.tokens) and clause.tokens[at].start < quote[1]:
        spans.append(reported(clause, at + 1, clause.token_at(quote[1]), whole=True))
    for span in spans:
        if span is not None:
            yield Saying(*made, *span, True)
