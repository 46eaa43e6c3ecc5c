"""Attribution, figures and stance on sentences of our own, and on hostile ones."""

from time import process_time
from typing import Any

import pytest

from pipeline.codec import encode
from pipeline.event.event import Event, Finding

from .conftest import Finder, cases

Row = dict[str, Any]


def finding(row: Row, found: Finder) -> Finding:
    """The finding of the row's mention, in the title or in the text behind `before`."""
    text = " ".join(filter(None, (row.get("before"), row["text"])))
    titled = row.get("field") == "title"
    events = found(text, "") if titled else found("", text)
    start = text.rindex(row["mention"])
    hits = [
        one
        for event in events.values()
        for one in event.mentions
        if one.start <= start + 3 and one.end > start
    ]
    assert hits, f"{row['mention']!r} is no mention"
    return hits[0]


@pytest.mark.parametrize("row", cases("attribution"))
def test_whose_words_they_are(row: Row, found: Finder) -> None:
    """Speaker, actor, verb, words, source and kind of speech are as the case says, or nobody is credited."""
    one = finding(row, found).attribution
    if "speaker" not in row:
        assert one is None
        return
    assert one is not None
    assert (one.speaker, one.verb, one.words) == (row["speaker"], row["verb"], row["words"])
    assert (one.actor, one.via, one.quoted) == (row.get("actor"), row.get("via"), row.get("quoted", False))


@pytest.mark.parametrize("row", cases("attribution"))
def test_attributed_words_are_cut_from_the_article(row: Row, found: Finder) -> None:
    """The offsets of attributed words cut them out of the article."""
    text = " ".join(filter(None, (row.get("before"), row["text"])))
    one = finding(row, found).attribution
    assert one is None or text[one.start : one.end] == one.words


@pytest.mark.parametrize("row", cases("dateline"))
def test_sentences_begin_behind_the_dateline(row: Row, found: Finder) -> None:
    """A dateline is no part of the first sentence, nor of its speaker; what stands in it is found."""
    events = found("", row["text"], language=row.get("language", "en"))
    (one,) = (m for event in events.values() for m in event.mentions if m.surface == row["mention"])
    assert one.sentence.text == row["sentence"] == row["text"][one.sentence.start : one.sentence.end]
    assert (one.attribution and one.attribution.speaker) == row.get("speaker")


FIELDS = ("value", "unit", "surface", "high", "qualifier", "counted", "claimant", "actor", "as_of")


@pytest.mark.parametrize("row", cases("figures"))
def test_figures(row: Row, found: Finder) -> None:
    """A sentence gives the figures that its case lists, in order, and no other."""
    events = found("", row["text"])
    assert events, "the sentence mentions no subject"
    figures = next(iter(events.values())).mentions[0].figures
    asked = [{name for name in FIELDS if name in want} for want in row["figures"]]
    got = [
        {name: getattr(figure, name) for name in names} for figure, names in zip(figures, asked, strict=False)
    ]
    assert (len(figures), got) == (len(row["figures"]), row["figures"])
    for figure, want in zip(figures, row["figures"], strict=True):
        assert figure.surface == row["text"][figure.start : figure.end]
        assert all(getattr(figure, name) is None for name in FIELDS[3:] if name not in want)


@pytest.mark.parametrize("row", cases("stance"))
def test_stance(row: Row, found: Finder) -> None:
    """Hedge and polarity are as the case says."""
    one = finding(row, found)
    assert (one.polarity, one.hedge) == (row["polarity"], row.get("hedge"))


def test_other_languages_are_read_by_their_own_words(found: Finder) -> None:
    """Who says it is found in every language that has a lexicon, elsewhere actors and places only."""
    text = "Le Hamas a dit mardi que la trêve de 40 jours à Gaza était acquise."
    mention = found("", text, language="fr")["ceasefire"].mentions[0]
    assert (mention.actors, mention.places) == (("hamas",), ("gaza",))
    assert mention.attribution is not None
    assert (mention.attribution.speaker, mention.attribution.actor) == ("Le Hamas", "hamas")
    unlisted = found("", text, language="it")["ceasefire"].mentions[0]
    assert (unlisted.actors, unlisted.attribution) == (("hamas",), None)


def test_short_names_need_the_full_one(found: Finder) -> None:
    """ "Burns" is the director only in an article that names him in full."""
    alone = found("", "Burns hopes for a truce.")["ceasefire"].mentions[0]
    named = found("William Burns in Cairo", "Burns hopes for a truce.")["ceasefire"].mentions[0]
    assert (alone.actors, named.actors) == ((), ("burns",))


@pytest.mark.parametrize(
    "filler",
    ["“", '"', "'", "1,", "1.", "1 ", "between 1 and ", "said ", ", said ", "the group ", "according to ",
     "Hamas said ", "a. ", "twenty-", "(", "‘a ", "million ", " ", ", Hamas, ", "as of 1 May "],
)  # fmt: skip
def test_hostile_text_takes_linear_time(filler: str, found: Finder) -> None:
    """A hundred kilobytes of quotation marks, digits, commas or verbs takes seconds at most and fits 1 MB."""
    text = "A truce. " + filler * (100_000 // len(filler)) + " truce " + filler * 200 + " truce"
    began = process_time()
    event = found("", text)["ceasefire"]
    assert process_time() - began < 10  # quadratic work would take minutes
    assert len(encode(event)) < 1_000_000


def test_an_event_always_fits(found: Finder) -> None:
    """Two thousand mentions in one endless sentence are bounded and the rest are counted."""
    event: Event = found("", "truce “said Hamas 40 days " * 2_000)["ceasefire"]
    assert 20 <= len(event.mentions) <= 200
    assert len(event.mentions) + event.mentions_dropped == 2_000
    assert len(encode(event)) < 1_000_000
    for one in event.mentions:
        assert one.sentence.text.count("truce") and len(one.sentence.text) <= 1_000
