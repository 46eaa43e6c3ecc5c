"""Sayings: which words of a sentence are whose, in any language that has a lexicon of attribution.

The lexicon's roles tell which words credit somebody (`say`, `ask`, `according`, `behind`, `cite`) and how
phrases end; the patterns are the same in all languages: speaker and verb before what is said, behind it,
inside it, or a source named alone.
"""

from collections.abc import Iterator, Sequence
from itertools import islice

from pipeline.event.saying.asked import asking, object_first
from pipeline.event.saying.backward import run_start, trailing
from pipeline.event.saying.carried import carried, goes_on, progressive
from pipeline.event.saying.citing import cited
from pipeline.event.saying.clause import Clause, Verb
from pipeline.event.saying.hearsay import according, according_behind, citing
from pipeline.event.saying.leading import leading
from pipeline.event.saying.phrase import Phrase, forward, phrase
from pipeline.event.saying.postposed import inserted, postposed
from pipeline.event.saying.said import quotation, reported
from pipeline.event.saying.saying import Saying, capable, two_capitals

MOST = 12
"""Words that credit looked at in a reading; what has more is no sentence."""

NEAR = 3
"""Within how many tokens a negation belongs to the verb."""

COLON_WORDS = 8
"""Tokens of a speaker before a headline's colon."""


def sayings(clause: Clause) -> tuple[Saying, ...]:
    """The sayings of a reading in order of their verbs."""
    found: list[Saying] = list(headline(clause))
    for verb in islice(clause.verbs, MOST):
        found += _at(clause, verb, found)
    return tuple(cited(clause, found))


def _at(clause: Clause, verb: Verb, earlier: Sequence[Saying]) -> Iterator[Saying]:
    participle = not verb.roles.isdisjoint(("say.carried", "ask.carried"))
    if participle and not progressive(clause, verb):
        yield from carried(clause, verb, earlier) if goes_on(clause, verb) else ()
    elif "citing" in verb.roles or _noun(clause, verb):
        return
    elif "according" in verb.roles:
        yield from according(clause, verb)
    elif "behind" in verb.roles:
        yield from according_behind(clause, verb)
    elif "cite" in verb.roles and not _blocked(clause, verb):
        yield from citing(clause, verb)
    elif clause.quoted(verb.first) is not None and not _short_quote(clause, verb.first):
        yield from inserted(clause, verb)
    elif not _blocked(clause, verb):
        yield from _passive(clause, verb) if _is_passive(clause, verb) else _active(clause, verb)


def _noun(clause: Clause, verb: Verb) -> bool:
    """Whether what looks like a participle is a noun behind its article ("la propuesta de tregua")."""
    return "ask.participle" in verb.roles and clause.has(verb.first - 1, "article")


def _short_quote(clause: Clause, at: int) -> bool:
    """Whether the quotation around a token quotes a word or two only."""
    quote = clause.quoted(at)
    return quote is not None and quote[1] - quote[0] < 30


def _blocked(clause: Clause, verb: Verb) -> bool:
    """Whether the verb is denied, asked, expected or not yet done."""
    named_alone = clause.has(verb.first - 1, "according") and not clause.has(verb.first - 1, "as")
    if named_alone or clause.has(verb.first - 1, "notdirect"):
        return True
    for at in range(verb.first - 1, max(verb.first - 1 - NEAR, -1), -1):
        if clause.hard(at):
            break
        if clause.has(at, "not"):
            return True
    for at in range(verb.last, min(verb.last + NEAR, len(clause.tokens))):
        if clause.hard(at) or clause.has(at, "that", "infinitive"):
            break
        if clause.has(at, "notbehind"):
            return True
    return False


def _is_passive(clause: Clause, verb: Verb) -> bool:
    if "ask.passive" in verb.roles:
        return True
    first = run_start(clause, verb.first)
    return any(clause.has(at, "passive") for at in (*range(first, verb.first), verb.last))


def _passive(clause: Clause, verb: Verb) -> Iterator[Saying]:
    """ "was announced by X": credits X alone, with the subject in front of it or, where the participle
    opens the sentence, behind it."""
    first = run_start(clause, verb.first)
    be = next((at for at in (*range(first, verb.first), verb.last) if clause.has(at, "passive")), verb.first)
    agent = _next(clause, min(be, verb.first) + 1, "agent")
    by = next((k for k in range(agent or 0, len(clause.tokens)) if not clause.has(k, "agent")), 0)
    who = forward(clause, by, len(clause.tokens)) if agent is not None else None
    if who is None or agent is None or not capable(clause, who):
        return
    opens = clause.sentence_start(verb.first)
    begin, end = (be + 1, agent) if be > verb.first and opens == verb.first else (opens, min(be, agent))
    end = trailing(clause, begin, end)
    span = reported(clause, begin + clause.has(begin, "that"), end)
    if span is not None:
        yield Saying(who, (verb.start, verb.end), *span, False)


def _next(clause: Clause, at: int, role: str) -> int | None:
    """The next token of the role before the phrase ends."""
    while not clause.hard(at):
        if clause.has(at, role):
            return at
        at += 1
    return None


def _active(clause: Clause, verb: Verb) -> Iterator[Saying]:
    behind = postposed(clause, verb)
    if "say.so" in verb.roles or any(one.quoted for one in behind):
        yield from behind
    elif "ask" in verb.roles:
        ended = behind if "say" in verb.roles else []
        found = leading(clause, verb, marked=True) or ended or object_first(clause, verb)
        yield from found or asking(clause, verb) or _inverted(clause, verb, behind)
    else:
        around = [one for one in behind if one.start < verb.start < one.end]
        yield from around or leading(clause, verb, marked=False) or behind


def _inverted(clause: Clause, verb: Verb, behind: list[Saying]) -> list[Saying]:
    """Those of what stands in front of a verb that only asks or refuses whose speaker follows the verb: in
    "rebels accept, the army refuses" nobody refuses what stands before the comma in so many words."""
    if "say" in verb.roles or "mark" in clause.lexicon.roles:
        return behind
    return [one for one in behind if one.who is None or one.who.first >= verb.first]


def headline(clause: Clause) -> Iterator[Saying]:
    """ "Name: what he says"."""
    if ":" not in clause.reading.text:
        return
    colon = next(
        (k for k in range(min(COLON_WORDS, len(clause.tokens))) if clause.sign(k) == ":" and clause.hard(k)),
        None,
    )
    if not colon or any(clause.hard(k) or clause.has(k, "say", "ask", "according") for k in range(colon)):
        return
    who = phrase(clause, 0, colon)
    quote = clause.quote_from(colon + 1)
    if who is None or not _speaks(clause, who, quote is not None):
        return
    span = reported(clause, colon + 1, len(clause.tokens))
    if quote is not None:
        said = quotation(clause, quote)
        span = said.start, said.end
    if span is not None:
        mark = clause.tokens[colon]
        yield Saying(who, (mark.start, mark.end), *span, quote is not None)


def _speaks(clause: Clause, who: Phrase, quoting: bool) -> bool:
    """Whether what stands before a colon is a speaker: a name and not a mere place, or an office with one."""
    named = [clause.names[k] for k in range(who.first, who.last) if k in clause.names]
    if _topic(clause, who):
        return False
    if any(
        one.actor is not None and one.form != "demonym" and (quoting or one.place is None) for one in named
    ):
        return True
    office = any(clause.has(k, "official", "speaker") for k in range(who.first, who.last))
    return (office or two_capitals(clause, who)) if quoting else (office and bool(named))


def _topic(clause: Clause, who: Phrase) -> bool:
    """Whether the parties are only what a noun behind them is about ("इसराइल-हमास युद्धविराम:")."""
    last = next((k for k in range(who.last - 1, who.first, -1) if not clause.sign(k)), who.first)
    text = clause.reading.text
    cased = text[clause.tokens[last].start]
    office = any(clause.has(k, "official", "speaker") for k in range(who.first, who.last))
    return last not in clause.names and not office and cased.lower() == cased
