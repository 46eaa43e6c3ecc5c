"""Generated rows: few articles, subjects and revisions, so that they meet, supersede and end each other."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from pipeline.event.event import Event
from pipeline.story.row import StoryRow, row_key
from tests.story.build import event, finding, ref

START = datetime(2031, 5, 1, tzinfo=UTC)
ARTICLES = ("a1", "a2", "a3", "a4", "a5")
SUBJECTS = ("ceasefire", "rafah")
SENTENCES = (
    "Mediators speak of 40 days of calm.",
    "Mediators speak of 33 days of calm.",
    "The delegation left Cairo without an answer.",
    "المفاوضات في القاهرة مستمرة حتى الليل.",
    "Egypt says that 33 hostages stand on the list.",
)
SKETCHES = (
    "",
    "".join(f"{value:08x}" for value in range(32)),
    "".join(f"{value:08x}" for value in range(2, 34)),
)

moments = st.none() | st.integers(0, 96).map(lambda hours: START + timedelta(hours=hours))


@st.composite
def events(draw: st.DrawFn) -> Event:
    """An event of one of few articles: standing, ended or retracted."""
    article, sentence = draw(st.sampled_from(ARTICLES)), draw(st.sampled_from(SENTENCES))
    source = ref(
        article,
        sentence,
        title=draw(st.sampled_from(("Talks in Cairo", "Quiet night", "محادثات"))),
        publisher=draw(st.sampled_from((None, "Harbour Times", "Nadir Press"))),
        credit=draw(st.sampled_from((None, "Nadir Press"))),
        published=draw(moments),
        observed=draw(moments),
        fingerprint=draw(st.sampled_from(SKETCHES)),
    )
    subject = draw(st.sampled_from(SUBJECTS))
    if draw(st.integers(0, 4)) == 0:
        return event(source, subject=subject, ended=draw(st.sampled_from(("edited", "withdrawn"))))
    if draw(st.integers(0, 5)) == 0:
        return event(source, subject=subject, retracted=True)
    known: dict[str, Any] = {
        "said": draw(st.sampled_from((None, {"speaker": "Egypt", "verb": "says", "actor": "egypt"})))
    }
    if known["said"]:
        known["said"] = {**known["said"], "words": sentence}
    if "33" in sentence or "40" in sentence:
        number = "33" if "33" in sentence else "40"
        claimant = draw(st.sampled_from((None, "egypt")))
        counted = draw(st.sampled_from((None, "days of calm")))
        known["figures"] = [
            {"surface": number, "value": int(number), "unit": "days", "counted": counted, "actor": claimant}
        ]
    salience = draw(st.sampled_from((0.1, 0.5, 0.9)))
    return event(source, finding(sentence, sentence, **known), subject=subject, salience=salience)


@st.composite
def row_sets(draw: st.DrawFn) -> list[StoryRow]:
    """Rows of one story, each key once, as its set holds them."""
    found = draw(st.lists(st.tuples(events(), st.integers(1, 3), st.integers(1, 5)), max_size=14))
    rows = [StoryRow(each, f"0001.{sequence:08d}", version) for each, sequence, version in found]
    return list({row_key("s", row): row for row in rows}.values())
