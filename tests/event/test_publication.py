"""What is published when an article's row grows."""

from datetime import UTC, datetime

import pytest

from pipeline.article.article import Article
from pipeline.article.observe import observe
from pipeline.article.publisher import Publishers
from pipeline.article.row import ArticleRow, add
from pipeline.codec import decode
from pipeline.event.event import Event
from pipeline.feed.entry import Content, Entry
from pipeline.ids import message_id
from pipeline.publication import Publication, messages, publications
from pipeline.rules import Rules

TRUCE = "Hamas said a truce was near in Gaza, and talks in Cairo would go on through the night."
PLAIN = "Hamas sent its delegation home, and nobody in Cairo would say for how long it had gone."


def entry(text: str, hour: int, feed: str = "wire", **more: object) -> Entry:
    return Entry(
        feed, "feed", datetime(2024, 5, 4, hour, tzinfo=UTC), url="https://wire.example/a",
        title=Content("Cairo"), content=Content(text), language="en", **more,
    )  # type: ignore[arg-type]  # fmt: skip


def row(*entries: Entry) -> ArticleRow:
    grown = ArticleRow("u1")
    for one in entries:
        grown = add(grown, observe(one, Publishers()))
    return grown


def summary(found: tuple[Publication, ...]) -> list[tuple[str, str, str]]:
    """Topic, key and kind, the version left out."""
    return [(one.topic, one.key, one.kind.removeprefix("storywire.")) for one in found]


def test_a_new_article_is_published_with_its_events(rules: Rules) -> None:
    """Article, then events, then the same event's bytes once per story."""
    found = publications(None, row(entry(TRUCE, 9)), rules)
    assert summary(found) == [
        ("articles", "u1", "article.v1"),
        ("events.ceasefire", "u1", "event.v1"),
        ("story-events", "gaza-talks", "event.v1"),
    ]
    assert found[1].value == found[2].value
    assert decode(Event, found[1].value).stories == ("gaza-talks",)
    assert decode(Article, found[0].value).text == TRUCE


def test_the_id_is_of_type_article_subject_revision_and_rules(rules: Rules) -> None:
    """`ce_id` is the documented hash, for an article with an empty subject."""
    article, event, _ = publications(None, row(entry(TRUCE, 9)), rules)
    revision = decode(Article, article.value).revision
    assert article.ce_id == message_id("storywire.article.v1", "u1", "", revision, rules.digest)
    assert event.ce_id == message_id("storywire.event.v1", "u1", "ceasefire", revision, rules.digest)


def test_the_same_row_publishes_nothing(rules: Rules) -> None:
    """Nothing new is known: nothing is said, by identity or by content."""
    known = row(entry(TRUCE, 9))
    assert publications(known, known, rules) == ()
    assert publications(known, row(entry(TRUCE, 9)), rules) == ()


def test_a_revision_without_the_subject_ends_it_in_its_story(rules: Rules) -> None:
    """An edit that takes the subject out is told on the subject's topic and to the story."""
    before = row(entry(TRUCE, 9))
    found = publications(before, row(entry(TRUCE, 9), entry(PLAIN, 10)), rules)
    assert summary(found) == [
        ("articles", "u1", "article.v1"),
        ("events.ceasefire", "u1", "event.v1"),
        ("story-events", "gaza-talks", "event.v1"),
    ]
    ended = decode(Event, found[2].value)
    assert (ended.ended, ended.mentions, ended.stories) == ("edited", (), ("gaza-talks",))


def test_a_withdrawal_ends_every_subject(rules: Rules) -> None:
    """What the source withdraws is published as withdrawn and ends its events."""
    before = row(entry(TRUCE, 9))
    gone = Entry(
        "wire", "feed", datetime(2024, 5, 4, 11, tzinfo=UTC), url="https://wire.example/a", withdrawn=True
    )
    found = publications(before, add(before, observe(gone, Publishers())), rules)
    assert [one.topic for one in found] == ["articles", "events.ceasefire", "story-events"]
    assert decode(Article, found[0].value).withdrawn
    assert decode(Event, found[1].value).ended == "withdrawn"


def test_a_revision_that_vanishes_is_retracted(rules: Rules) -> None:
    """When another feed turns out to be the feed of record, the revisions known so far are taken back."""
    before = row(entry(TRUCE, 9))
    after = add(before, observe(entry(TRUCE + " " + PLAIN, 8, feed="full"), Publishers()))
    found = publications(before, after, rules)
    kinds = {(one.topic, one.kind.removeprefix("storywire.")) for one in found}
    assert kinds == {
        (topic, f"{kind}{state}.v1")
        for topic, kind in (("articles", "article"), ("events.ceasefire", "event"), ("story-events", "event"))
        for state in ("", ".retracted")
    }
    taken = [one for one in found if "retracted" in one.kind]
    for one in taken[1:]:
        event = decode(Event, one.value)
        assert (event.retracted, event.mentions, event.stories) == (True, (), ("gaza-talks",))
    assert decode(Article, taken[0].value).retracted
    published = {one.ce_id for one in publications(None, before, rules)}
    assert not published & {one.ce_id for one in taken}


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2), (2, 0, 1)])
def test_messages_do_not_depend_on_the_order_of_arrival(rules: Rules, order: tuple[int, ...]) -> None:
    """The messages of a row are those of its set of observations."""
    entries = (entry(TRUCE, 9), entry(PLAIN, 10), entry(TRUCE, 11))
    arrived = row(*(entries[i] for i in order))
    assert messages(arrived, rules) == messages(row(*entries), rules)


def test_what_is_published_adds_up(rules: Rules) -> None:
    """Applying publications by key, retractions removing, leads to the messages of the row."""
    entries = (entry(TRUCE, 9), entry(PLAIN, 10), entry(TRUCE + " " + PLAIN * 2, 8, feed="full"))
    standing: dict[tuple[str, str, str], bytes] = {}
    before: ArticleRow | None = None
    for one in entries:
        after = add(before or ArticleRow("u1"), observe(one, Publishers()))
        for said in publications(before, after, rules):
            about = decode(Article if said.topic == "articles" else Event, said.value)
            revision = about.revision if isinstance(about, Article) else about.article.revision
            if about.retracted:
                del standing[said.topic, said.key, revision]
            else:
                standing[said.topic, said.key, revision] = said.value
        before = after
    expected = {(k.topic, k.key, k.revision): one.value for k, one in messages(before, rules).items()}
    assert standing == expected


def test_no_row_no_messages(rules: Rules) -> None:
    """An article that is not known has no messages."""
    assert messages(None, rules) == {}
