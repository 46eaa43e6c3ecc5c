"""Days: the expressions of days in a text, and which days they mean (docs/labels.md, dates).

Sentence by sentence: dayterms.py finds words and numbers, dayphrases.py what they say together, tense.py
whether the sentence looks back or ahead, reckoning.py the days. The words are data: config/grammar/dates.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from pipeline.event.days.phrase import Phrase
from pipeline.event.days.phrases import phrase_at
from pipeline.event.days.reckoning import reckoned
from pipeline.event.days.tense import Tense, past_in_clause, tense_at
from pipeline.event.days.terms import Terms
from pipeline.event.event import Days
from pipeline.event.lexicon import Lexicon
from pipeline.mention.sentences import split

LATE = 7
"""Days between a dateline and its publication: what lies further back or ahead is another year's, or none."""


def days(text: str, words: Lexicon, day: date) -> tuple[Days, ...]:
    """Every expression of days in `text`, in order, read from `day` by the words of its language.

    Of what overlaps the first and longest counts. An empty lexicon finds nothing. Linear in the text.
    """
    if not words.roles:
        return ()
    language = "de" if "written.point" in words.roles else None
    return tuple(
        one
        for start, end in split(text, language)
        for one in _in_sentence(text[start:end], start, words, day)
    )


def dateline_day(dateline: str, words: Lexicon, day: date) -> date:
    """The day that a dateline names ("CAIRO, May 4 (Reuters) -"), if it is one of the days around its
    publication; `day`, the publication's, else."""
    if day > date.max - timedelta(LATE):
        return day
    named = {one.first for one in days(dateline, words, day + timedelta(LATE)) if one.first == one.last}
    near = {one for one in named if abs(one - day) <= timedelta(LATE)}
    return near.pop() if len(near) == 1 else day


def _in_sentence(sentence: str, offset: int, words: Lexicon, day: date) -> Iterator[Days]:
    terms = Terms(sentence, words)
    index = 0
    while index < len(terms):
        found = phrase_at(terms, index)
        if found is None:
            index += 1
            continue
        end, phrase = found
        told = reckoned(phrase, day, _tense(terms, index, end, phrase))
        if told is not None:
            first, last = terms.surface(index, end)
            yield Days(
                sentence[first:last], offset + first, offset + last, told.first, told.last, told.assumed,
                None if told.assumed == "nothing" else day,
            )  # fmt: skip
        index = end


def _tense(terms: Terms, index: int, end: int, phrase: Phrase) -> Tense:
    """The tense of the expression's clause; "since" looks back, "for" ahead, "until" without a verb."""
    before = {*terms[index - 1].roles, *(terms[index - 2].roles if "the" in terms[index - 1].roles else ())}
    if "forward" in terms[index - 1].roles and phrase.month is None:
        return "future"
    if "since" in before and phrase.last_day is None:
        return "past"
    until = "until" in before or "post_until" in terms[end].roles
    if until and not past_in_clause(terms, index, end):
        return "future"
    return tense_at(terms, index, end)
