"""Asked: what is asked for, rejected or announced as the object of its verb, on either side of it."""

from pipeline.event.saying.backward import backward, run_start, trailing
from pipeline.event.saying.clause import Clause, Verb
from pipeline.event.saying.phrase import Phrase, forward, past_times, phrase
from pipeline.event.saying.said import reported
from pipeline.event.saying.saying import Saying, as_before, capable, subordinate
from pipeline.event.saying.subject import object_begins, subject
from pipeline.event.saying.titled import speaks

SHORTEST = 4
"""Letters of a word with a preposition in front; in shorter ones the letter is their own."""

ALONE = 2
"""Words of a name that no configuration knows, where its verb stands first."""

ENDS = ("adjunct", "time", "adverb", "separable", "addressee", "and", "stop", "stop.subordinate", "aux")
"""Roles of what may stand behind a subject that its object precedes."""

TO = 5
"""Before how many tokens the infinitive of "told the negotiators to return" stands."""


def asking(clause: Clause, verb: Verb, who: Phrase | None = None) -> list[Saying]:
    """Speaker, verb and what is asked for, rejected or announced as its object."""
    who = who or _shared(clause, verb) or subject(clause, verb)
    if who is None or not (_may_ask(clause, who) or _named_alone(clause, verb, who)):
        return []
    first, last = verb.last, len(clause.tokens)
    if who.first >= verb.last:
        who = only_speaker(clause, who)
        first = who.last
    if _at_end(clause, first) and who.last <= verb.first:
        first, last = who.last, verb.first
        while first < last and clause.has(first, "aux", "mark", "adverb", "time", "and"):
            first += 1
    first = past_times(clause, first, last)
    if "ask.tell" in verb.roles:
        first = _past_told(clause, first)
    if clause.has(first, "whether", "stop.subordinate"):
        return []
    joined = clause.has(first, "particle")
    first += joined
    if clause.hard(first) and clause.quote_from(first) is None:
        if not (clause.sign(first) == "," and "ask.bare" in verb.roles):
            return []
        first += 1
    last = _to_second(clause, verb, first, _without_separable(clause, first, last))
    span = reported(clause, first, last, cut=subordinate(clause, verb), skip=_preposition(clause, first))
    if span is None:
        return []
    end = clause.tokens[first - 1].end if joined and first - 1 == verb.last else verb.end
    return [Saying(who, (verb.start, end), *span, False, as_before(clause, verb, who))]


def _may_ask(clause: Clause, who: Phrase) -> bool:
    """Whether the phrase may be of somebody who asks: one who speaks, or a place for its government."""
    if "title" in clause.lexicon.roles:
        return speaks(clause, who.first, who.last)
    named = clause.names.get(who.first)
    place = named is not None and named.place is not None and clause.token_at(named.end - 1) + 1 >= who.last
    return capable(clause, who) or (place and not clause.has(who.first - 1, "adjunct"))


def _named_alone(clause: Clause, verb: Verb, who: Phrase) -> bool:
    """Whether the phrase right behind the verb is the name of somebody not configured: one word or two
    without an article in front of what is asked for, or another party."""
    roles, text = clause.lexicon.roles, clause.reading.text
    prefixes, article = roles.get("objectprefix", ()), roles.get("articleprefix", ())
    if (
        not article
        or who.first != verb.last
        or who.last - who.first > ALONE
        or who.last >= len(clause.tokens)
    ):
        return False
    named = clause.names.get(who.last)
    party = named is not None and named.actor is not None and named.form != "demonym"
    barred = article if party else (*article, *prefixes)
    if any(text.startswith(barred, clause.tokens[k].start) for k in range(who.first, who.last)):
        return False
    return party or text.startswith(prefixes, clause.tokens[who.last].start)


def object_first(clause: Clause, verb: Verb) -> list[Saying]:
    """The object, its verb, and who says so behind it ("Eine Waffenruhe lehnte Katar ab"), in languages
    that may set it so; one that a mark opens or a pronoun takes up in those that have these."""
    roles = clause.lexicon.roles
    if "mark" in roles:
        return _marked_first(clause, verb)
    first = run_start(clause, verb.first)
    end = trailing(clause, first, verb.first)
    first = past_times(clause, first, end)
    marked = clause.has(first, "objectmark") or clause.has(verb.first - 1, "objectclitic")
    before = phrase(clause, first, end)
    if before is None or not (marked or "written.object_first" in roles):
        return []
    if not marked and (clause.has(first, "nominative") or _may_ask(clause, before)):
        return []
    who = _right_behind(clause, verb, marked)
    span = reported(clause, first + clause.has(first, "objectmark"), end, whole=True)
    return [] if span is None or who is None else [Saying(who, (verb.start, verb.end), *span, False)]


def _right_behind(clause: Clause, verb: Verb, marked: bool) -> Phrase | None:
    """Who asks, right behind the verb and with no object behind him."""
    who = forward(clause, verb.last + clause.has(verb.last, "and"), len(clause.tokens))
    if who is None or who.first > verb.last + 1:
        return None
    who = only_speaker(clause, who)
    ended = marked or clause.hard(who.last) or clause.has(who.last, *ENDS)
    goes_on = clause.has(who.last, "separable") and clause.sign(who.last + 1) == ","
    return who if ended and not goes_on and _may_ask(clause, who) else None


def _marked_first(clause: Clause, verb: Verb) -> list[Saying]:
    """The object in front of a subject that a particle marks, the verb right behind that."""
    who = backward(clause, verb.first)
    if (
        who is None
        or not capable(clause, who)
        or any(not clause.has(k, "mark", "adverb", "time", "not") for k in clause.words(who.last, verb.first))
    ):
        return []
    first, end = run_start(clause, who.first), who.first
    while end > first and clause.has(end - 1, "adjunct", "adverb"):
        end -= 1
    span = reported(clause, first, end, whole=True) if end > first else None
    return [] if span is None else [Saying(who, (verb.start, verb.end), *span, False)]


def _past_told(clause: Clause, at: int) -> int:
    """The token behind whom the verb tells something that follows without a conjunction; the first of them
    where they are told to do something; beyond the end where neither is certain."""
    if any(clause.has(k, "to") for k in range(at + 1, at + TO)) and not clause.has(at, "to"):
        return at
    text, first = clause.reading.text, at + clause.has(at, "article")
    at = first
    while not clause.hard(at) and (clause.has(at, "told") or text[clause.tokens[at].start].isupper()):
        at += 1
    at = past_times(clause, at, len(clause.tokens))
    lost = at == first or bool(clause.sign(at)) or clause.has(at, "adjunct", "link")
    lost = lost or clause.sign(at - 1) in ("'", "’") or clause.sign(at - 2) in ("'", "’")
    return len(clause.tokens) if lost else at


def _preposition(clause: Clause, at: int) -> int:
    """Letters of a preposition that is written in front of what is asked for ("بوقف", "להפסקת")."""
    if clause.has(at, "object"):
        return 1
    word = (
        clause.reading.text[clause.tokens[at].start : clause.tokens[at].end]
        if at < len(clause.tokens)
        else ""
    )
    known = at in clause.names and clause.names[at].start == clause.tokens[at].start
    prefixes = () if known or len(word) < SHORTEST else clause.lexicon.roles.get("objectprefix", ())
    return max((len(p) for p in prefixes if word.startswith(p)), default=0)


def _without_separable(clause: Clause, first: int, last: int) -> int:
    """Where the words end before the part of the verb that stands at their end ("fordert ... auf")."""
    for at in range(first + 1, last):
        if clause.hard(at):
            break
        if clause.has(at, "separable") and (clause.hard(at + 1) or clause.has(at + 1, "and")):
            return at
    return last


def _and(clause: Clause, verb: Verb) -> int | None:
    """The "and" in front of a verb, with adverbs and auxiliaries in between."""
    at = verb.first - 1
    while clause.has(at, "adverb", "aux") and not clause.hard(at):
        at -= 1
    return at if clause.has(at, "and") and not clause.hard(at) else None


def _alike(clause: Clause, verb: Verb, first: int, at: int) -> bool:
    """Whether the "and" at `at` joins a verb to this one, with no clause and no quotation in between."""
    plain = not any(clause.hard(k) or clause.has(k, "stop", "that", "whether") for k in range(first, at))
    return plain and "ask" in verb.roles and clause.quoted(at) is None


def _to_second(clause: Clause, verb: Verb, first: int, last: int) -> int:
    """Where the words end before a second verb that "and" joins to it ("condemned it and called for")."""
    for other in clause.verbs:
        at = _and(clause, other) if verb.last < other.first < last else None
        says = not other.roles.isdisjoint(("ask", "say", "say.report"))
        if at is not None and first <= at and says and _alike(clause, verb, first, at):
            return at
    return last


def _shared(clause: Clause, verb: Verb) -> Phrase | None:
    """Whose verb it is where "and" joins it to one before it that asks, too."""
    at = _and(clause, verb)
    if at is None:
        return None
    before = [one for one in clause.verbs if one.last < at and _alike(clause, one, one.last, at)]
    return subject(clause, before[0]) if before else None


def only_speaker(clause: Clause, who: Phrase) -> Phrase:
    """The speaker at the phrase's beginning where the object follows without a mark."""
    named = clause.names.get(who.first)
    if named is not None:
        return phrase(clause, who.first, clause.token_at(named.end - 1) + 1) or who
    if clause.has(who.first, "group") and who.first + 1 not in clause.names:
        return phrase(clause, who.first, who.first + 1) or who
    end = object_begins(clause, who)
    inside = [k for k in range(who.first, end) if k in clause.names]
    people = [k for k in inside if clause.names[k].actor is not None and clause.names[k].form != "demonym"]
    if people:
        own = clause.token_at(clause.names[people[0]].end - 1) + 1
        end = end if _own_name(clause, who, own, end) else own
    return phrase(clause, who.first, end) or who


def _own_name(clause: Clause, who: Phrase, first: int, end: int) -> bool:
    """Whether the tokens between the party that the speaker stands for and the mark of the object are his own
    name ("مبعوث الأمم المتحدة هانس غروندبرغ")."""
    article = clause.lexicon.roles.get("articleprefix", ())
    plain = [k for k in range(first, end) if not clause.sign(k) and k not in clause.names]
    words = bool(article) and 0 < end - first == len(plain) <= ALONE and clause.has(who.first, "official")
    return words and not any(clause.reading.text.startswith(article, clause.tokens[k].start) for k in plain)


def _at_end(clause: Clause, at: int) -> bool:
    """Whether nothing but auxiliaries stand between the token and the phrase's end."""
    while clause.has(at, "aux"):
        at += 1
    return clause.hard(at)
