"""Stance and acts of mentions in every language: what holds whatever the sentence."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.event.doing.act import act
from pipeline.event.doing.clauses import Told, told
from pipeline.event.doing.stance import stance
from pipeline.event.event import ActType, Polarity
from pipeline.event.lexicon import Lexicon
from pipeline.mention.normal import fold
from pipeline.rules import Rules

from .conftest import Finder

LANGUAGES = ("en", "ar", "he", "fr", "es", "de", "hi", "ru")
TYPES, POLARITIES = frozenset(get_args(ActType)), frozenset(get_args(Polarity))
VERBS = {"verb", "first", "end", "noun", "passive", "broke", "participle"}
PLACES = {
    "",
    "before",
    "after",
    "beside",
    "sure",
    "first",
    "next",
    "after.of",
    "any",
    "held",
    "comma",
    "without",
    "able",
}
STANCE = POLARITIES - {"unknown"} | {
    "not", "no", "being", "ended", "untrue", "doubt", "future", "hedge", "topic", "asked", "border", "opens",
    "and", "apart", "ignore", "concessive", "captive", "undenied",
}  # fmt: skip
ACTS = {
    "fire", "passive", "by", "to", "mediated", "planned", "official", "aux", "adverb", "ignore", "time",
    "number", "pronoun", "article", "paper", "object",
}  # fmt: skip


def read(rules: Rules, language: str, text: str) -> Told:
    lexicons: list[Lexicon] = [rules.grammar[name][language] for name in ("stance", "acts")]
    folded = fold(text)
    return told(text, [lexicon.cues(folded) for lexicon in lexicons], rules.gazetteer.find("", text)[1])


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_role_is_misspelled(language: str, rules: Rules) -> None:
    """Every role of the words of stance and acts is one that is read."""
    for role in rules.grammar["stance"][language].roles:
        name, _, place = role.partition(".")
        assert name in STANCE, role
        assert place in PLACES or place.startswith("split."), role
    for role in rules.grammar["acts"][language].roles:
        name, _, kind = role.partition(".")
        assert name in ACTS or (name in TYPES and kind.split(".")[0] in VERBS | {"split"}), role
        assert name != "to" or kind.split(".")[0] in TYPES, role


@pytest.mark.parametrize("language", LANGUAGES)
@given(data=st.data())
def test_any_text_is_read(language: str, rules: Rules, data: st.DataObject) -> None:
    """Words of the lexicons and of nobody in any order: nothing fails, and spans cut out what they say."""
    known = [
        phrase.strip("=*")
        for name in ("stance", "acts")
        for phrases in rules.grammar[name][language].roles.values()
        for phrase in phrases[:3]
        if not set(phrase) & set("[(.")
    ]
    word = st.one_of(st.sampled_from([*known, "Hamas", "Israel", ",", "and", "?"]), st.text(max_size=6))
    text = " ".join(data.draw(st.lists(word, max_size=25)))
    start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(text))] * 2)))
    sentence = read(rules, language, text)
    found = stance(sentence, start, end)
    assert found.polarity in POLARITIES
    assert found.hedge is None or found.hedge in text
    done = act(sentence, start, end)
    if done is not None:
        assert done.type in TYPES and text[done.start : done.end] == done.cue
        parties = [party for party in (done.by, done.to, done.mediator) if party is not None]
        assert all(party.words and party.words in text for party in parties)


def test_the_cue_of_an_act_is_cut_from_the_article(found: Finder) -> None:
    """Offsets of an act index the article's text, not its sentence."""
    text = "It rained. Hamas rejected the truce."
    done = found("", text)["ceasefire"].mentions[0].act
    assert done is not None and done.by is not None
    assert (done.type, done.cue, done.by.actor) == ("REJECT", "rejected", "hamas")
    assert text[done.start : done.end] == done.cue


@pytest.mark.parametrize(
    "text",
    [
        "Hamas has not rejected the truce.",
        "Hamas plans to reject the truce.",
        "Hamas may have rejected the truce.",
        "If Hamas rejects the truce, talks end.",
        "Has Hamas rejected the truce?",
        "It is not true that Hamas rejected the truce.",
        "Hamas denied that it had rejected the truce.",
        "Had Hamas rejected the truce, talks would have ended.",
        "Israel will attack even if Hamas rejects the truce.",
        "Hamas has yet to reject the truce.",
        "Hamas no longer rejects the truce.",
        "The truce has been on Hamas's mind.",
    ],
)
def test_what_is_not_done_is_no_act(text: str, found: Finder) -> None:
    """Negated, planned, doubted, conditional, asked about, untrue: none is an act."""
    assert found("", text)["ceasefire"].mentions[0].act is None


@pytest.mark.parametrize(
    ("text", "polarity"),
    [
        ("If rockets fall, the truce is over.", "conditional"),
        ("The truce is over if rockets fall.", "conditional"),
        ("If rockets fall, Israel will reject the truce.", "conditional"),
        ("The truce holds, but if rockets fall, Israel will strike.", "in-force"),
        ("The truce holds, while Israel will strike if rockets fall.", "in-force"),
        ("Egypt welcomed the truce and said that if rockets fall, Israel will strike.", "asserted"),
        ("The truce holds even if rockets fall.", "in-force"),
        ("Even if rockets fall, the truce holds.", "in-force"),
        ("Israel will strike even if the truce holds.", "unknown"),
        ("Hamas accepted the truce in return for prisoners.", "asserted"),
    ],
)
def test_a_condition_bears_on_its_own_clause(text: str, polarity: str, found: Finder) -> None:
    """A condition bears on its clause and the one that depends on it, a concession on none."""
    assert found("", text)["ceasefire"].mentions[0].polarity == polarity


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "On the following Saturday accepted the truce."),
        ("en", "It accepted the truce."),
        ("de", "Eine Waffenruhe von sechs Wochen wurde abgelehnt."),
        ("ru", "Следующей субботы отверг перемирие."),
        ("he", "הוא דחה את הפסקת האש."),
        ("hi", "शनिवार को युद्धविराम ठुकरा दिया गया।"),
    ],
)
def test_a_time_and_a_pronoun_are_nobody(language: str, text: str, found: Finder) -> None:
    """No party is made of words for a time, a number or of a pronoun."""
    done = found("", text, language=language)["ceasefire"].mentions[0].act
    assert done is None or (done.by, done.to) == (None, None)


def test_who_stands_bare_behind_a_verb_acts(found: Finder) -> None:
    """In front of the actor named behind them, who is what it is done to."""
    done = found("", "اتهم كوربين حماس بخرق الهدنة.", language="ar")["ceasefire"].mentions[0].act
    assert done is not None and done.by is not None and done.to is not None
    assert (done.by.words, done.by.actor, done.to.actor) == ("كوربين", None, "hamas")


def test_captives_do_not_begin(found: Finder) -> None:
    """What begins or takes effect is not told of people who are held."""
    assert found("", "The hostages began to speak.")["hostages"].mentions[0].polarity == "unknown"
    assert found("", "The truce began.")["ceasefire"].mentions[0].polarity == "in-force"


def test_a_language_without_words_tells_nothing(found: Finder) -> None:
    """Where no words are listed the stance is unknown and there is no act."""
    one = found("", "Gaza ceasefire: Hamas rejected it.", language="sw")["ceasefire"].mentions[0]
    assert (one.polarity, one.hedge, one.act) == ("unknown", None, None)
