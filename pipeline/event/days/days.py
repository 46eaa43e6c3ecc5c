"""Days: the expressions of days in a text, and which days they mean (docs/labels.md, dates).

Sentence by sentence: terms.py finds words and numbers, phrases.py what they say together, runs.py which of
them make a range or a list, tense.py whether the sentence looks back or ahead, reckoning.py the days. The
words are data: config/grammar/dates.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from pipeline.event.days.phrase import Phrase
from pipeline.event.days.reckoning import counted_from
from pipeline.event.days.runs import Spoken, reckoned_run, runs
from pipeline.event.days.tense import Tense, past_in_clause, tense_at
from pipeline.event.days.terms import Terms, tells_days
from pipeline.event.event import Days
from pipeline.event.lexicon import Lexicon
from pipeline.mention.sentences import split

_PREPOSITIONS = 4
"""Terms in front of an expression that may tell its tense."""
LATE = 7
"""Days between a dateline and its publication: what lies further back or ahead is another year's, or none."""


def days(text: str, words: Lexicon, day: date) -> tuple[Days, ...]:
    """Every expression of days in `text`, in order, read from `day` by the words of its language.

    Of what overlaps the first and longest counts. An empty lexicon finds nothing. Linear in the text.
    """
    if not words.roles:
        return ()
    cues = words.cues_in(text)
    if not tells_days(text, cues):
        return ()
    language = "de" if "written.point" in words.roles else None
    found: list[Days] = []
    for start, end in split(text, language):
        own = cues if end - start == len(text) else None
        found += _in_sentence(Terms(text[start:end], words, own), start, day)
    return tuple(found)


def dateline_day(dateline: str, words: Lexicon, day: date) -> date:
    """The day that a dateline names ("CAIRO, May 4 (Reuters) -"), if it is one of the days around its
    publication; `day`, the publication's, else."""
    if day > date.max - timedelta(LATE):
        return day
    named = {one.first for one in days(dateline, words, day + timedelta(LATE)) if one.first == one.last}
    near = {one for one in named if abs(one - day) <= timedelta(LATE)}
    return near.pop() if len(near) == 1 else day


def _in_sentence(terms: Terms, offset: int, day: date) -> Iterator[Days]:
    before: date | None = None
    for run in runs(terms):
        tense = _tense(terms, run[0].first, run[-1].end, run[0])
        from_other = _from_other(run[0].phrase, tense)
        read_from = before if from_other else day
        if read_from is None:
            continue
        found = [counted_from(run[0].phrase, read_from)] if from_other else reckoned_run(run, day, tense)
        for one, told in zip(run, found, strict=True):
            if told is None:
                continue
            first, last = terms.surface(one.first, one.end)
            surface = terms.sentence[first:last]
            yield Days(
                surface, offset + first, offset + last, told.first, told.last, told.assumed,
                None if told.assumed == "nothing" else read_from,
            )  # fmt: skip
            before = told.first if told.first == told.last else None


def _from_other(phrase: Phrase, tense: Tense) -> bool:
    """Is it counted from a day that was named before ("two days later"), not from today?"""
    return phrase.after and not (phrase.turn == "next" and tense == "future")


_BETWEEN = frozenset(("the", "at", "daypart"))


def _roles_before(terms: Terms, index: int) -> set[str]:
    """The roles in front of an expression, behind an article and a time of day: "until noon on Sunday"."""
    roles: set[str] = set()
    for before in range(index - 1, max(index - 1 - _PREPOSITIONS, -1), -1):
        roles |= terms[before].roles.keys()
        if terms[before].roles.keys().isdisjoint(_BETWEEN):
            break
    return roles


def _tense(terms: Terms, index: int, end: int, spoken: Spoken) -> Tense:
    """The tense of the expression's clause; "since" looks back, "for" ahead, "until" without a verb, but
    neither for a range, which has both."""
    phrase, ranged = spoken.phrase, spoken.upto is not None or spoken.phrase.last_day is not None
    before = _roles_before(terms, index)
    if "forward" in terms[index - 1].roles and phrase.month is None:
        return "future"
    if "since" in before and not ranged:
        return "past"
    until = "until" in before or "post_until" in terms[end].roles
    if until and not ranged and not past_in_clause(terms, index, end):
        return "future"
    return tense_at(terms, index, end)
