"""Titled: a subject that ends right before its verb, a name with the titles in front of it or a noun that
speaks; for languages whose lexicon lists the words of titles ("title")."""

from pipeline.event.saying.clause import Clause
from pipeline.event.saying.phrase import BOUNDS, LONGEST, Phrase, phrase

HEAD_ENDS = ("adjunct", "link")
"""Roles in front of which a noun phrase's head ends ("a spokesman for", "director of")."""


def titled(clause: Clause, first: int, end: int) -> Phrase | None:
    """The subject that ends before the token `end` and begins at `first` or behind it."""
    if first >= end or end - first > LONGEST:
        return None
    open_ = clause.has(first, "adjunct") and first not in clause.names
    if not open_ and _whole(clause, first, end) and speaks(clause, first, end):
        return _with_titles(clause, first, end)
    begin = _name_start(clause, first, end)
    if begin is None and open_:
        articles = (k for k in range(end - 1, first + 1, -1) if clause.has(k, "article"))
        begin = next((k for k in articles if _whole(clause, k, end) and speaks(clause, k, end)), None)
    return None if begin is None else _with_titles(clause, begin, end)


def _whole(clause: Clause, first: int, end: int) -> bool:
    """Whether the tokens may be one noun phrase."""
    inside = (k for k in range(first, end) if k not in clause.names and not clause.has(k, "inner"))
    return not any(clause.has(k, *BOUNDS) and not clause.has(k, "adjunct") for k in inside)


def speaks(clause: Clause, first: int, end: int) -> bool:
    """Whether the phrase's head is a name, a pronoun or a noun that speaks."""
    head = next((k for k in range(first + 1, end) if _ends_head(clause, k)), end)
    words = list(clause.words(first, head))
    if not words:
        return False
    last = words[-1]
    if clause.has(last, "official", "speaker") or (len(words) == 1 and clause.has(last, "pronoun")):
        return True
    named = clause.names.get(last)
    if named is not None and named.form != "demonym" and (named.actor is not None or first == last):
        return True
    text = clause.reading.text
    capital = [text[clause.tokens[k].start].isupper() and not clause.has(k, "time") for k in words[-2:]]
    if len(words) == 1:
        return capital[0] and not clause.has(last, "nobody", "article", "indefinite", "adverb", "and", "aux")
    return all(capital) and clause.reading.field != "title"


def head_end(clause: Clause, who: Phrase) -> int | None:
    """Where the phrase's head ends in a language that sets it last, as a place in the reading's text."""
    if "title" not in clause.lexicon.roles:
        return None
    head = next((k for k in range(who.first + 1, who.last) if _ends_head(clause, k)), who.last)
    return clause.tokens[head - 1].end


def _ends_head(clause: Clause, at: int) -> bool:
    return at not in clause.names and clause.has(at, *HEAD_ENDS)


def _name_start(clause: Clause, first: int, end: int) -> int | None:
    """Where the name begins that ends before the token."""
    named = clause.names.get(end - 1)
    if named is None or named.actor is None or named.form == "demonym":
        return None
    return next(k for k in range(first, end) if clause.names.get(k) == named)


def _with_titles(clause: Clause, first: int, end: int) -> Phrase | None:
    """The phrase; of one that ends with somebody's name the name with its titles alone."""
    named = clause.names.get(end - 1)
    if named is None or named.form == "demonym" or named.place is not None:
        return phrase(clause, first, end)
    begin = next((k for k in range(first, end) if clause.names.get(k) == named), first)
    while begin > first and _title_word(clause, begin - 1):
        begin -= 1
    return phrase(clause, begin, end)


def _title_word(clause: Clause, at: int) -> bool:
    text = clause.reading.text
    upper = text[clause.tokens[at].start].isupper()
    return upper or bool(clause.sign(at)) or clause.has(at, "title", "official", "speaker", "link", "inner")


def spoken(clause: Clause, who: Phrase) -> bool:
    """Whether the phrase may speak: in a language that lists titles, a whole one whose head does."""
    if "title" not in clause.lexicon.roles:
        return True
    return not cut_off(clause, who) and speaks(clause, who.first, who.last)


def cut_off(clause: Clause, who: Phrase) -> bool:
    """Whether the phrase ends with a word behind which it must go on."""
    last = who.last - 1
    listed = "title" in clause.lexicon.roles
    return listed and last not in clause.names and clause.has(last, "article", *HEAD_ENDS)
