"""The seed article, end to end through the events."""

from pathlib import Path

import pytest

from pipeline.event.event import Event
from pipeline.event.events import events
from pipeline.rules import Rules

from .conftest import article

SEED = Path(__file__).resolve().parents[2].parent / "shared" / "seeds" / "000_ffe9001a80410a1a.txt"


@pytest.fixture(scope="module")
def seed(rules: Rules) -> dict[str, Event]:
    if not SEED.exists():
        pytest.skip("absent: ../shared/seeds")
    title, text = SEED.read_text("utf-8").split("\n", 1)
    found = events((article(title, text.strip().replace("\n", "\n\n"), origin="seed"),), rules)
    return {event.subject: event for event in found}


def test_all_three_subjects(seed: dict[str, Event]) -> None:
    """The seed article is an event of each subject, in the seeds' own story."""
    assert sorted(seed) == ["ceasefire", "hostages", "rafah"]
    assert {event.stories for event in seed.values()} == {("cairo-talks",)}


@pytest.mark.parametrize(
    ("subject", "actor", "verb", "words"),
    [
        ("ceasefire", "blinken", "emphasized", "accepting the ceasefire should be straightforward"),
        ("ceasefire", "hamas", "stated", "its delegation was heading to the negotiations with"),
        ("ceasefire", "gantz", "stating", "an official response to the proposal is pending, and"),
        ("ceasefire", "us", "urged", "Qatar to expel Hamas’s political leadership"),
        ("rafah", "netanyahu", "reiterated", "his intention to launch a military operation"),
    ],
)  # fmt: skip
def test_who_said_what(seed: dict[str, Event], subject: str, actor: str, verb: str, words: str) -> None:
    """The statements of the seed article are attributed to those who made them."""
    found = [one.attribution for one in seed[subject].mentions if one.attribution is not None]
    mine = [one for one in found if one.actor == actor]
    assert [one.verb for one in mine] == [verb]
    assert mine[0].words.startswith(words)


def test_the_figures(seed: dict[str, Event]) -> None:
    """Forty days of pause and 1.4 million people in Rafah are rows of the ledger."""
    figures = {
        (one.value, one.unit, one.qualifier, one.counted)
        for event in seed.values()
        for finding in event.mentions
        for one in finding.figures
    }
    assert figures == {
        (40, "days", None, "pause in hostilities"),
        (1_400_000, "people", "Approximately", "individuals have sought refuge in Rafah"),
    }


def test_the_absent_pause_is_denied(seed: dict[str, Event]) -> None:
    """ "No pause in fighting" is the one mention that the article denies."""
    denied = [one.surface for event in seed.values() for one in event.mentions if one.polarity == "denied"]
    assert denied == ["pause in fighting"]
