"""Subject: of whom a verb of saying says it."""

from pipeline.event.saying.backward import backward, run_start, trailing, with_apposition
from pipeline.event.saying.clause import Clause, Verb
from pipeline.event.saying.phrase import Phrase, forward, phrase

SHORTEST = 4
"""Letters of a word with a preposition in front; in shorter ones the letter is their own."""

DOCUMENT = 6
"""Within how many tokens behind the verb the statement stands that says so."""


def subject(clause: Clause, verb: Verb, edge: int | None = None) -> Phrase | None:
    """Who the verb says it of: before it, the antecedent of its relative pronoun, or behind it."""
    edge = len(clause.tokens) if edge is None else edge
    if "say.unbound" in verb.roles:
        return _owner(clause, verb)
    if "say.document" in verb.roles:
        return issuer(clause, verb)
    if "mark" in clause.lexicon.roles:
        return backward(clause, verb.first)
    before = _antecedent(clause, verb) or (None if verb.prefix else _before(clause, verb))
    if before is not None and relative(clause, verb, before):
        return None
    return before or _behind(clause, verb, edge)


def relative(clause: Clause, verb: Verb, who: Phrase) -> bool:
    """Is it a relative clause between commas, whose pronoun looks like an article (", die Baku stützt,")?"""
    opens = clause.has(who.first, "pronounlike") and clause.sign(who.first - 1) == ","
    return opens and who.last <= verb.first and clause.sign(verb.last) == ","


def _before(clause: Clause, verb: Verb) -> Phrase | None:
    """The subject before the verb, with its apposition where that names it."""
    end = trailing(clause, run_start(clause, verb.first), verb.first)
    if clause.sign(end - 1) in (",", "،") and (named := with_apposition(clause, end)):
        return named
    before = backward(clause, verb.first)
    return None if before is None or _pronoun_aux(clause, before) else _listed(clause, before)


def _listed(clause: Clause, who: Phrase) -> Phrase:
    """The subject with the names that a list has in front of its last two ("France, Germany and Britain")."""
    if not any(clause.has(at, "and") for at in clause.words(who.first, who.last)):
        return who
    while clause.sign(who.first - 1) == "," and who.first in clause.names and who.first - 2 in clause.names:
        before = backward(clause, who.first - 1)
        if before is None or before.last < who.first - 1:
            break
        who = Phrase(before.first, who.last, before.start, who.end)
    return who


def issuer(clause: Clause, verb: Verb) -> Phrase | None:
    """Whose statement it is that says so ("in a statement of the ministry it is said")."""
    near = (*range(run_start(clause, verb.first), verb.first), *range(verb.last, verb.last + DOCUMENT))
    named = [at for at in near if clause.has(at, "document") and not clause.has(at + 1, "document")]
    if named:
        return forward(clause, named[0] + 1, verb.first if named[0] < verb.first else len(clause.tokens))
    return None


def _owner(clause: Clause, verb: Verb) -> Phrase | None:
    """Whose saying it is: the last noun phrase before ("from a source his saying that")."""
    first = run_start(clause, verb.first)
    near = [k for k in range(first, verb.first) if clause.has(k, "adjunct") and not clause.has(k, "inner")]
    return forward(clause, near[-1] + 1 if near else first, verb.first)


def _pronoun_aux(clause: Clause, who: Phrase) -> bool:
    """Whether the phrase holds no word that could be somebody."""
    return all(clause.has(at, "aux", "clitic", "adverb", "and") for at in clause.words(who.first, who.last))


def _behind(clause: Clause, verb: Verb, edge: int) -> Phrase | None:
    """The subject behind the verb; whom the verb tells is none of it where a name comes first."""
    who = forward(clause, verb.last, edge)
    if who is None or clause.lexicon.roles.get("noninverting") or who.first > verb.last + 8:
        return None
    if "ask.tell" in verb.roles or clause.has(verb.last, "second"):
        return None
    if _told(clause, who.first):
        return None
    if "say.tell" in verb.roles and (named := clause.names.get(who.first)) is not None:
        return phrase(clause, who.first, clause.token_at(named.end - 1) + 1)
    return phrase(clause, who.first, object_begins(clause, who))


def _told(clause: Clause, at: int) -> bool:
    """Is a letter written in front of the name that makes of it whom somebody tells ("קרא לחמאס")?"""
    named = clause.names.get(at)
    letters = clause.reading.text[clause.tokens[at].start : named.start] if named is not None else ""
    return bool(letters) and letters.endswith(clause.lexicon.roles.get("toldprefix", ()))


def object_begins(clause: Clause, who: Phrase) -> int:
    """The token with which the object begins behind a subject that follows its verb: at a word in the
    accusative, a preposition that is written with its word, or the name of another party."""
    roles = clause.lexicon.roles
    prefixes = roles.get("objectprefix", ())
    text = clause.reading.text
    for at in range(who.first + 1, who.last):
        token, named = clause.tokens[at], clause.names.get(at)
        if named is None and _definite(clause, at):
            return at
        if named is None and clause.has(at, "accusative", "particle") and not clause.has(at, "inner"):
            return at
        inside = named is not None and named.start <= token.start
        long = token.end - token.start >= SHORTEST and not clause.has(at, "inner", "official", "speaker")
        if prefixes and not inside and long and text.startswith(prefixes, token.start):
            return at
        party = named is not None and named.actor is not None and named.form != "demonym"
        party = party and clause.names.get(at - 1) != named
        if (
            prefixes
            and party
            and (not _title(clause, who.first, at) or _behind_person(clause, who.first, at))
        ):
            return at
    return who.last


def _definite(clause: Clause, at: int) -> bool:
    """Has the word an article behind a plural that has none and that no other noun can follow as its owner
    ("استبعد مراقبون التوصل"), as the language lists its ends?"""
    roles, text = clause.lexicon.roles, clause.reading.text
    article = roles.get("articleprefix", ())
    before, word = clause.tokens[at - 1], clause.tokens[at]
    if not article or at - 1 in clause.names or clause.has(at, "time") or clause.has(at - 1, "singular"):
        return False
    plain = not text.startswith(article, before.start) and before.end - before.start >= SHORTEST
    plural = text[before.start : before.end].endswith(roles.get("plural", ()))
    return plain and plural and text.startswith(article, word.start)


def _behind_person(clause: Clause, first: int, at: int) -> bool:
    """Stand two words of a name that nobody lists between a title and the party ("رئيس المجلس رشاد العليمي
    الحوثيين")? A title alone goes on with whose it is."""
    roles = clause.lexicon.roles
    article, ends = roles.get("articleprefix", ()), roles.get("objectend", ())
    plain = [k for k in range(max(first + 1, at - 2), at) if k not in clause.names and not clause.sign(k)]
    listed = ("official", "speaker", "source", "group", "person", "inner", "link", "article", "attribute")
    named = clause.names[at]
    last = clause.reading.text[named.start : named.end]
    if not article or len(plain) < 2 or any(clause.has(k, *listed) for k in plain):
        return False
    bare = not clause.reading.text.startswith(article, clause.tokens[plain[0]].start)
    return bare and last.startswith(article) and last.endswith(ends)


def _title(clause: Clause, first: int, last: int) -> bool:
    """Whether the tokens are offices, nouns that speak, or what links them to a name."""
    listed = ("official", "speaker", "source", "group", "person", "inner", "link", "article")
    return any(k in clause.names or clause.has(k, *listed) for k in range(first, last))


def _antecedent(clause: Clause, verb: Verb) -> Phrase | None:
    """Whom a relative clause of the verb is about."""
    at = verb.first
    if verb.prefix and verb.prefix in clause.lexicon.roles.get("relativeprefix", ()):
        return backward(clause, at)
    while at > 0 and (clause.has(at - 1, "aux", "clitic", "addressee", "adverb")):
        at -= 1
    if not clause.has(at - 1, "relative") or clause.has(at - 1, "relative.object"):
        return None
    at -= 1
    while at > 0 and clause.sign(at - 1) in (",", "،") and clause.sign(at - 1):
        at -= 1
    return backward(clause, at)
