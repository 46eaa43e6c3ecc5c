"""Who speaks: the noun phrase beside a verb of saying, and the configured actor that it names."""

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.event.reading import Reading
from pipeline.event.wire import cues
from pipeline.event.world.actor import Actor
from pipeline.event.world.gazetteer import Named

LONGEST = 18
"""A speaker's noun phrase in tokens; longer ones are misread clauses."""

HARD_STOPS = frozenset(',;:()[]"“”«»—–.!?…„')
LEADS = cues.ADVERBS | frozenset(
    {"and", "but", "so", "yet", "while", "as", "or", "because", "although", "though"}
)


SUBORDINATE = frozenset(
    {"that", "which", "who", "whom", "while", "because", "when", "if", "where", "as", "but"}
)
OPENING = 8
"""Within how many tokens the subject of a whole sentence ends."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase as the tokens `[first:last]` of a reading."""

    first: int
    last: int


def before(reading: Reading, at: int) -> Phrase | None:
    """The speaker whose noun phrase ends before the token `at` (the verb with its adverbs left out)."""
    tokens = reading.tokens
    if at <= 0:
        return None
    if tokens[at - 1].low == ",":
        return _behind_apposition(reading, at - 1)
    first = _reach_back(reading, at)
    if first and tokens[first - 1].low == "to":  # "sources close to the group said": not the group
        return None
    return _speaking(reading, Phrase(first, at))


def after(reading: Reading, at: int) -> Phrase | None:
    """The speaker whose noun phrase begins at the token `at` and ends at a mark or the end."""
    tokens = reading.tokens
    last = at
    while last < len(tokens) and last - at <= LONGEST:
        low = tokens[last].low
        if low in HARD_STOPS or low in cues.STOPPERS or low in cues.TIME_LEADS:
            break
        last += 1
    if last == at or tokens[last - 1].low in cues.UNFINISHED:
        return None
    return Phrase(at, last) if _can_speak(reading, Phrase(at, last)) else None


def opening(reading: Reading, end: int) -> Phrase | None:
    """The sentence's first actor, when it is the subject of all verbs up to the token `end`."""
    tokens = reading.tokens
    end -= tokens[end - 1].low == ","
    if any(token.low in SUBORDINATE or token.low in ",;:" for token in tokens[:end]):
        return None
    for named in reading.named:
        last = next((i for i in range(min(end, OPENING)) if tokens[i].end == named.end), None)
        if last is not None and named.form != "demonym" and _acts(reading, last + 1, end):
            return Phrase(0, last + 1)
    return None


def _acts(reading: Reading, at: int, end: int) -> bool:
    """Whether a verb in the past tense stands at the token, when it was said left aside."""
    tokens = reading.tokens
    while at < end and (tokens[at].low in cues.TIMES or tokens[at].low in cues.TIME_LEADS):
        at += 1
    return at < end and (tokens[at].low in cues.PAST or tokens[at].low.endswith("ed"))


def source(reading: Reading, at: int) -> Phrase | None:
    """The source that "according to" names from the token `at` on: any noun phrase but a plan's."""
    tokens = reading.tokens
    last = at
    while last < len(tokens) and last - at <= LONGEST and tokens[last].low not in HARD_STOPS:
        if tokens[last].low in cues.STOPPERS:
            break
        last += 1
    inside = [token.low for token in tokens[at:last]]
    if not inside or inside[-1] in cues.UNFINISHED:
        return None
    if last - at > LONGEST or cues.NOT_SOURCES.intersection(inside):
        return None
    return Phrase(at, last)


def _reach_back(reading: Reading, at: int) -> int:
    """The first token of the longest run before `at` that could be one noun phrase."""
    tokens = reading.tokens
    first = at
    while first > 0 and at - first < LONGEST:
        low = tokens[first - 1].low
        if low in HARD_STOPS or low in cues.STOPPERS or low in cues.CUES:
            break
        if low == "-" and reading.text[tokens[first - 1].end : tokens[first - 1].end + 1].isspace():
            break
        if low in "’'" and any(quote[1] == tokens[first - 1].start for quote in reading.quotes):
            break
        first -= 1
    while first < at and tokens[first].low in LEADS:
        first += 1
    return first


def _behind_apposition(reading: Reading, comma: int) -> Phrase | None:
    """The speaker before "NP, apposition," as one phrase when the apposition names, else the NP alone."""
    tokens = reading.tokens
    opening = comma - 1
    while opening > 0 and tokens[opening].low != "," and comma - opening <= LONGEST:
        if tokens[opening].low in HARD_STOPS - {"(", ")"}:
            return None
        opening -= 1
    if opening <= 0 or tokens[opening].low != ",":
        return None
    end = _without_bracket(reading, opening)
    outer = Phrase(_reach_back(reading, end), end)
    if outer.first > 0 and tokens[outer.first - 1].low not in {",", ";", "—", "–", ".", "”", '"', "that"}:
        return None
    if any(named.form != "demonym" for named in named_in(reading, Phrase(opening + 1, comma))):
        inner = _speaking(reading, Phrase(opening + 1, comma))
        if inner is not None and tokens[opening + 1].low not in cues.STOPPERS and _person(reading, inner):
            return Phrase(outer.first, comma) if outer.first < end else inner
    return _speaking(reading, outer)


def _without_bracket(reading: Reading, end: int) -> int:
    """The end of the phrase before a bracketed remark such as "(CIA)"."""
    tokens = reading.tokens
    if end and tokens[end - 1].low == ")":
        opening = end - 2
        while opening >= 0 and tokens[opening].low != "(" and end - opening < LONGEST:
            opening -= 1
        return opening if opening >= 0 and tokens[opening].low == "(" else end
    return end


def _person(reading: Reading, phrase: Phrase) -> bool:
    """Whether the phrase ends with a configured name."""
    end = reading.tokens[phrase.last - 1].end
    return any(named.end == end and named.form != "demonym" for named in named_in(reading, phrase))


def _speaking(reading: Reading, phrase: Phrase) -> Phrase | None:
    """The phrase, or the name at its end, when that can speak."""
    if phrase.first >= phrase.last:
        return None
    whole = phrase.last - phrase.first < LONGEST and reading.tokens[phrase.first].low not in cues.PREPOSITIONS
    if whole and _can_speak(reading, phrase):
        return _titled(reading, phrase)
    end = reading.tokens[phrase.last - 1].end
    for named in named_in(reading, phrase):
        if named.end == end and named.form != "demonym" and named.actor is not None:
            first = next(i for i in range(phrase.first, phrase.last) if reading.tokens[i].end > named.start)
            return Phrase(first, phrase.last)
    return None


def _titled(reading: Reading, phrase: Phrase) -> Phrase:
    """A phrase that ends with a person's name, with the titles before it and no word further."""
    tokens, end = reading.tokens, reading.tokens[phrase.last - 1].end
    name = next((n for n in named_in(reading, phrase) if n.end == end and n.form != "demonym"), None)
    if name is None or name.place is not None:
        return phrase
    first = next(i for i in range(phrase.first, phrase.last) if tokens[i].end > name.start)
    while first > phrase.first and _title_word(reading, first - 1):
        first -= 1
    return Phrase(first, phrase.last)


def _title_word(reading: Reading, at: int) -> bool:
    """Whether a word can belong to the titles before a name: "the senior Hamas official", "a member of"."""
    token = reading.tokens[at]
    return token.low in cues.TITLES or token.low in cues.SPEAKERS or not reading.text[token.start].islower()


def _can_speak(reading: Reading, phrase: Phrase) -> bool:
    """Whether the phrase's head is a name, a pronoun or a noun that speaks."""
    tokens = reading.tokens
    head = head_of(reading, phrase)
    if head.last <= head.first:
        return False
    last = tokens[head.last - 1]
    if last.low in cues.SPEAKERS or (last.low in cues.PRONOUNS and head.last - head.first == 1):
        return True
    if any(
        n.end == last.end and n.actor is not None and n.form != "demonym" for n in named_in(reading, head)
    ):
        return True
    return _proper_name(reading, head)


def _proper_name(reading: Reading, head: Phrase) -> bool:
    """Two capitalised words at the phrase's end: a person the configuration does not know."""
    if reading.field == "title" or head.last - head.first < 2:
        return False
    pair = reading.tokens[head.last - 2 : head.last]
    return all(reading.text[token.start].isupper() and token.low not in cues.TIMES for token in pair)


def refers_back(reading: Reading, phrase: Phrase) -> bool:
    """Whether the phrase is a pronoun or no more than "the" and a noun, which by itself names nobody."""
    lows = [token.low for token in reading.tokens[phrase.first : phrase.last]]
    if len(lows) == 1:
        return lows[0] in cues.PRONOUNS
    return len(lows) == 2 and lows[0] == "the" and lows[1] in cues.REFERRING


def person(reading: Reading, phrase: Phrase) -> bool:
    """Whether the phrase's head ends with a name of two words that the configuration does not know."""
    return _proper_name(reading, head_of(reading, phrase))


def head_of(reading: Reading, phrase: Phrase) -> Phrase:
    """The phrase up to its first preposition."""
    for i in range(phrase.first + 1, phrase.last):
        if reading.tokens[i].low in cues.PREPOSITIONS | cues.PRIVY:
            return Phrase(phrase.first, i)
    return phrase


def named_in(reading: Reading, phrase: Phrase) -> list[Named]:
    """The namings inside the phrase."""
    start, end = reading.tokens[phrase.first].start, reading.tokens[phrase.last - 1].end
    return [named for named in reading.named if named.start >= start and named.end <= end]


def written(reading: Reading, phrase: Phrase) -> str:
    """The phrase as the text has it."""
    return reading.text[reading.tokens[phrase.first].start : reading.tokens[phrase.last - 1].end]


def resolve(reading: Reading, phrase: Phrase, actors: Mapping[str, Actor]) -> str | None:
    """The id of the actor that the phrase names or that the one who speaks stands for, else None."""
    head = head_of(reading, phrase)
    inside = [named for named in named_in(reading, phrase) if named.actor is not None]
    people = {n.actor for n in inside if n.form != "demonym" and actors[n.actor or ""].kind == "person"}
    if len(people) == 1:
        return people.pop()
    if len(people) > 1:
        return None
    last = reading.tokens[head.last - 1]
    in_head = [named for named in inside if named.end <= last.end]
    ending = [named for named in in_head if named.end == last.end and named.form != "demonym"]
    if ending:
        return ending[0].actor
    if last.low not in cues.OFFICIALS:
        return None
    parties = {named.actor for named in (in_head or inside)}
    return parties.pop() if len(parties) == 1 else None
