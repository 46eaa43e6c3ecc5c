"""Where the parts of a finding stand that have no offsets of their own, and which stretches are marked."""

from agents.cli.marks import Mark, cards, marks
from pipeline.event.events import Content
from tests.marked.build import NESTED, at, finding, found, nested, said


def drawn(text: str, *findings: object) -> set[tuple[str, str, str]]:
    """Kind, words and tag of each mark."""
    content, all_found = Content("", text, "en"), found({"ceasefire": findings})  # type: ignore[dict-item]
    return {(m.kind, text[m.start : m.end], m.tag) for m in marks(content, all_found, cards(all_found))}


def test_everything_in_a_finding_is_marked() -> None:
    """Each part of a full finding has its mark, with what a reader is told of it."""
    all_found = nested()[1]
    assert drawn(NESTED, *all_found.findings["ceasefire"]) == {
        ("mention", "truce", "ceasefire, conditional"),
        ("words", "accepts about 40 to 42 days of truce", ""),
        ("speaker", "Hamas", "speaker"),
        ("verb", "told", ""),
        ("source", "sources", "source"),
        ("hedge", "reportedly", "hedge"),
        ("figure", "about 40 to 42 days", "40-42 days"),
        ("act", "accepts", "AGREE by Hamas to Egypt through Qatar"),
        ("days", "Saturday", "2024-05-04"),
    }


def test_the_speaker_is_the_nearest_one_of_the_sentence() -> None:
    """A name that stands several times is marked in the sentence, where it is next to what is said."""
    text = "Hamas met Egypt. Hamas said that Hamas wants a truce. Later Hamas left."
    sentence = "Hamas said that Hamas wants a truce."
    one = finding(text, "truce", sentence, attribution=said(text, "Hamas wants a truce", "Hamas", "said"))
    speakers = [m for m in _marks(text, one) if m.kind == "speaker"]
    assert [(m.start, m.end) for m in speakers] == [(17, 22)]


def test_a_speaker_behind_the_words_is_found() -> None:
    """ "..., Hamas said": the name that follows is nearer than the one a sentence back."""
    text = "Hamas left Cairo for talks. “A truce holds”, said Hamas."
    one = finding(text, "truce", attribution=said(text, "A truce holds", "Hamas", "said"))
    assert [m.start for m in _marks(text, one) if m.kind == "speaker"] == [text.rindex("Hamas")]


def test_a_speaker_who_is_not_there_has_no_mark() -> None:
    """Out of reach, or not in the text at all: nothing is marked for it."""
    text = "Hamas " + "a " * 600 + "A truce holds, they said."
    sentence = "A truce holds, they said."
    one = finding(text, "truce", sentence, attribution=said(text, "A truce holds", "Hamas", "said"))
    assert {m.kind for m in _marks(text, one)} == {"mention", "words", "verb"}


def test_mentions_are_numbered_in_the_order_of_reading() -> None:
    """Title first, then by place, whatever the subject; a stretch that two findings share is marked once."""
    text, title = "A truce for hostages: a truce.", "Hostages"
    act = {"attribution": said(text, "a truce", "A", ":")}
    listed = found(
        {
            "hostages": [finding(title, title, field="title"), finding(text, "hostages", **act)],
            "ceasefire": [finding(text, "truce", **act)],
        }
    )
    numbered = cards(listed)
    assert [(c.number, c.finding.surface) for c in numbered] == [
        (1, "Hostages"),
        (2, "truce"),
        (3, "hostages"),
    ]
    shared = [m for m in marks(Content(title, text, "en"), listed, numbered) if m.kind == "words"]
    assert [(m.start, m.end) for m in shared] == [at(text, "a truce")]


def test_mentions_without_a_finding_are_marked_too() -> None:
    """Beyond those that an event has room for, a mention is marked and has no card."""
    text = "truce, truce"
    listed = found({"ceasefire": [finding(text, "truce")]})
    more = found({"ceasefire": [finding(text, "truce"), finding(text[7:], "truce")]}).mentions
    both = marks(Content("", text, "en"), type(listed)(more, listed.findings, listed.named), cards(listed))
    assert [(m.kind, m.card) for m in both] == [("mention", 1), ("mention", None)]


def _marks(text: str, one: object) -> tuple[Mark, ...]:
    listed = found({"ceasefire": [one]})  # type: ignore[list-item]
    return marks(Content("", text, "en"), listed, cards(listed))
