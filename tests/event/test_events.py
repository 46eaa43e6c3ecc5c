"""Events of an article's revisions."""

from pipeline.article.article import Article
from pipeline.codec import decode, encode
from pipeline.event.event import Event
from pipeline.event.events import events
from pipeline.rules import Rules

from .conftest import article

TRUCE = "Hamas said a truce was near in Gaza."
PLAIN = "The markets closed higher."


def told(rules: Rules, *revisions: Article) -> list[tuple[str, str, int, str | None]]:
    """Revision, subject, mentions and ending of each event."""
    return [
        (event.article.revision, event.subject, len(event.mentions), event.ended)
        for event in events(revisions, rules)
    ]


def test_no_mention_no_event(rules: Rules) -> None:
    """An article that mentions nothing has no events."""
    assert events((article("Markets", PLAIN),), rules) == ()


def test_each_revision_with_mentions_is_an_event(rules: Rules) -> None:
    """Events are sorted by revision, then subject."""
    both = TRUCE + " Hostages wait."
    assert told(rules, article("A", TRUCE), article("A", both, "r2")) == [
        ("r1", "ceasefire", 1, None),
        ("r2", "ceasefire", 1, None),
        ("r2", "hostages", 1, None),
    ]


def test_a_subject_that_leaves_ends_once(rules: Rules) -> None:
    """The first revision without the subject ends it; later ones say nothing; a return is an event again."""
    revisions = (
        article("A", TRUCE), article("A", PLAIN, "r2"), article("B", PLAIN, "r3"), article("A", TRUCE, "r4"),
    )  # fmt: skip
    assert told(rules, *revisions) == [
        ("r1", "ceasefire", 1, None),
        ("r2", "ceasefire", 0, "edited"),
        ("r4", "ceasefire", 1, None),
    ]


def test_a_withdrawn_revision_mentions_nothing(rules: Rules) -> None:
    """A withdrawal ends the subject whatever its text still says, and again only after a new mention."""
    gone = article("A", TRUCE, "r2", withdrawn=True)
    assert told(rules, article("A", TRUCE), gone) == [
        ("r1", "ceasefire", 1, None),
        ("r2", "ceasefire", 0, "withdrawn"),
    ]
    assert told(rules, gone) == []


def test_an_article_that_moved(rules: Rules) -> None:
    """An article that is now another one ends its subjects as moved."""
    gone = article("A", "", "r2", withdrawn=True, moved_to="u2")
    assert told(rules, article("A", TRUCE), gone)[1] == ("r2", "ceasefire", 0, "moved")


def test_an_ending_keeps_the_stories(rules: Rules) -> None:
    """Whoever follows the story hears that the subject left the article."""
    ended = events((article("A", TRUCE), article("A", PLAIN, "r2")), rules)[1]
    assert ended.stories == ("gaza-talks",)
    assert ended.salience == 0.0


def test_a_story_is_not_left_behind(rules: Rules) -> None:
    """A revision that has turned to another war still reaches the story that its first one entered."""
    other = "The Sudanese army kept the truce in Khartoum."
    later = events((article("A", TRUCE), article("Sudan", other, "r2")), rules)[1]
    assert later.stories == ("gaza-talks",)
    assert events((article("Sudan", other, "r2"),), rules)[0].stories == ()


def test_salience_falls_with_position(rules: Rules) -> None:
    """Title and lead make an article more about a subject than a passing mention."""
    lead = events((article("A truce", TRUCE + PLAIN * 20),), rules)[0]
    late = events((article("Markets", PLAIN * 20 + TRUCE),), rules)[0]
    only = events((article("A truce", ""),), rules)[0]
    assert 0.5 < lead.salience < 1.0
    assert 0.0 < late.salience < 0.3
    assert only.salience == 1.0


def test_salience_is_the_documented_formula(rules: Rules) -> None:
    """0.5 for the title, 0.3 for how early, 0.2 for how often: worked out by hand."""
    event = events((article("Markets", "x" * 499 + " truce" + " " + "x" * 494),), rules)[0]
    assert event.salience == round(0.3 * (1 - 500 / 1000) + 0.2 * (500 / 1000), 3)


def test_an_unlisted_language_is_read_for_names(rules: Rules) -> None:
    """Without a grammar of its language an event has the names of its text and says so."""
    (event,) = events((article("", "Hamas accepteert het ceasefire, zei Egypt.", language="nl"),), rules)
    (finding,) = event.mentions
    assert (event.read, finding.actors) == ("names", ("hamas", "egypt"))
    assert (finding.attribution, finding.polarity, finding.figures) == (None, "unknown", ())
    (listed,) = events((article("", "Hamas accepts the ceasefire, Egypt said.", language="en-GB"),), rules)
    assert listed.read == "whole"


def test_an_event_survives_the_wire(rules: Rules) -> None:
    """Encoding and decoding gives the same event and the same bytes."""
    event = events((article("A", TRUCE + " At least 40 hostages wait."),), rules)[0]
    data = encode(event)
    assert decode(Event, data) == event
    assert encode(decode(Event, data)) == data


def test_offsets_cut_the_surface(rules: Rules) -> None:
    """Mention, sentence and figure offsets cut their words out of the article."""
    text = "“We wait,” he said.\n\nAt least 40 hostages and 3-5 aid trucks wait for a truce in Rafah. No end."
    for event in events((article("A truce", text),), rules):
        for one in event.mentions:
            whole = text if one.field == "text" else "A truce"
            assert whole[one.start : one.end] == one.surface
            assert whole[one.sentence.start : one.sentence.end] == one.sentence.text
            assert all(whole[figure.start : figure.end] == figure.surface for figure in one.figures)
