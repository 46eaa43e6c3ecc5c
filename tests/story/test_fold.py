"""The fold: one line of what the public topics say in the end, whatever the order of their messages."""

import json
import random
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import orjson
import pytest

from pipeline.article.article import Article
from pipeline.codec import encode
from pipeline.outcome import Reason
from pipeline.story.derive import summarise
from pipeline.story.fold import PublicMessage, TopicKind, fold
from pipeline.story.row import StoryRow
from tests.story.build import SCOPE, contributions, simple
from tests.story.generated import Generator

TYPES: dict[TopicKind, str] = {
    "articles": "storywire.article.v1",
    "events": "storywire.event.v1",
    "story-events": "storywire.event.v1",
    "stories": "storywire.story.v1",
    "story-changes": "storywire.changes.v1",
    "dead-letters": "storywire.dead-letter.v1",
}


def article(ident: str, revision: str, **known: Any) -> Article:
    return Article(ident, revision, "feed", "archive", known.pop("title", "A title"), "A text.", **known)


def message(
    kind: TopicKind, key: str, value: object, sequence: int = 1, generation: int = 1
) -> PublicMessage:
    data = value if isinstance(value, bytes) else encode(value)
    return PublicMessage(kind, key, TYPES[kind], f"{generation:04d}.{sequence:08d}", data)


def delivered(row: StoryRow) -> list[PublicMessage]:
    """The messages of a row: on its subject's topic and on the story's."""
    known = {"sequence": int(row.sequence.partition(".")[2])}
    return [
        message("events", row.article, row.event, **known),
        message("story-events", SCOPE.id, row.event, **known),
    ]


def all_of(rows: Iterable[StoryRow]) -> list[PublicMessage]:
    return [each for row in rows for each in delivered(row)]


def test_one_line_per_revision() -> None:
    """Of an article's revision the message that knew most counts; each revision has its line."""
    first, more, second = article("a", "1"), article("a", "1", also_in=("feed-2",)), article("a", "2")
    found = fold(
        [
            message("articles", "a", first),
            message("articles", "a", more, 2),
            message("articles", "a", second, 2),
        ],
        [],
    )
    assert found.articles == sorted([encode(more), encode(second)])


def test_a_retracted_revision_has_no_line() -> None:
    """A revision that is taken back leaves nothing, also when the taking back comes first."""
    first, back = article("a", "1"), article("a", "1", retracted=True)
    messages = [message("articles", "a", back, 2), message("articles", "a", first)]
    assert fold(messages, []).articles == []


def test_events_fold_by_article_subject_and_revision() -> None:
    """Two subjects of one revision are two lines; an event that ended is a line that says so."""
    rows = [
        simple("a", "A truce holds.", observed="2031-05-01T08"),
        simple("a", "A truce holds.", observed="2031-05-01T08", subject="rafah"),
        simple("a", "", observed="2031-05-01T09", subject="rafah", ended="edited", sequence=2),
    ]
    found = [json.loads(line) for line in fold(all_of(rows), []).events]
    assert sorted((line["subject"], line["ended"] or "stands") for line in found) == [
        ("ceasefire", "stands"),
        ("rafah", "edited"),
        ("rafah", "stands"),
    ]


def test_stories_are_the_summaries_of_their_sets() -> None:
    """The folded summary is the one that the rows give, byte for byte."""
    rows = Generator(3).rows(60)
    found = fold(all_of(rows), [SCOPE])
    assert found.stories == b'{"cairo-talks":' + encode(summarise(SCOPE, contributions(rows))) + b"}"


@pytest.mark.parametrize("seed", range(5))
def test_order_and_repetition_change_no_byte(seed: int) -> None:
    """Messages in any order, some of them twice, fold to the same bytes."""
    rows = Generator(3).rows(80)
    letter = replace(
        message("dead-letters", "k", b"\xff{"), attributes={"stage": "article", "reason": "bad-json"}
    )
    messages = [*all_of(rows), message("articles", "a", article("a", "1")), letter]
    shuffled = [*messages, *messages[::3]]
    random.Random(seed).shuffle(shuffled)
    assert fold(shuffled, [SCOPE]) == fold(messages, [SCOPE])


def test_a_rebuild_counts_alone() -> None:
    """After a rebuild only what the newest generation says is left, in topics and in the story."""
    old = [message("events", "a", simple("a", "A truce holds.").event, 9)]
    old += [message("story-events", SCOPE.id, simple("a", "A truce holds.").event, 9)]
    new = simple("b", "A truce broke.")
    again = [
        message("events", "b", new.event, generation=2),
        message("story-events", SCOPE.id, new.event, generation=2),
    ]
    for order in (old + again, again + old):
        found = fold(order, [SCOPE])
        assert found.events == [encode(new.event)]
        assert orjson.loads(found.stories)[SCOPE.id]["articles"][0]["id"] == "b"


def test_dead_letters_keep_what_does_not_depend_on_the_run() -> None:
    """Stage, reason, message, key and bytes stay; where in the log and how often tried does not."""
    first = replace(
        message("dead-letters", "k", b"\xff{"),
        attributes={
            "stage": "article",
            "reason": "bad-json",
            "message": "no",
            "origin": "entries/0/7",
            "attempts": "1",
        },
    )
    again = replace(first, attributes={**first.attributes, "origin": "entries/3/9", "attempts": "4"})
    (line,) = fold([first, again], []).dead_letters
    assert json.loads(line) == {
        "key": "k",
        "message": "no",
        "reason": "bad-json",
        "stage": "article",
        "value": "\\xff{",
    }


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("articles", b"{"),
        ("events", b"[]"),
        ("events", b'{"article": 3}'),
        ("story-events", b"{}"),
        ("articles", b"{}"),
    ],
)
def test_foreign_messages_are_named(kind: TopicKind, value: bytes) -> None:
    """A message that is none of ours is named and left out; the rest is folded."""
    good = message("articles", "a", article("a", "1"))
    found = fold([message(kind, "x", value), good], [SCOPE])
    assert found.articles == [good.value]
    assert [(why.reason, why.where) for why in found.unreadable] == [(Reason.UNDECODABLE, f"{kind}, key 'x'")]


def test_summaries_and_changes_on_the_log_do_not_count() -> None:
    """How many versions a story had on the way is not part of what is the same."""
    assert fold([message("stories", "s", b"{}"), message("story-changes", "s", b"{}")], []) == fold([], [])


@pytest.mark.parametrize("kind", ["articles", "events", "story-events"])
def test_a_later_version_is_not_folded(kind: TopicKind) -> None:
    """Bytes that fit say nothing where the type names a version that is not known; they are named instead."""
    row = Generator(seed=5).rows(1)[0]
    value = article("u1", "r1") if kind == "articles" else row.event
    known = message(kind, SCOPE.id, value)
    found = fold([replace(known, kind=known.kind.replace(".v1", ".v2"))], [SCOPE])
    assert fold([known], [SCOPE]).unreadable == [] == found.articles == found.events
    assert found.stories == fold([], [SCOPE]).stories
    assert [".v2' is not read" in why.message for why in found.unreadable] == [True]
