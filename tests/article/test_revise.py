"""Revisions: a pure function of the row."""

from dataclasses import replace
from functools import reduce
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.article.article import Article
from pipeline.article.observe import Observed, observe
from pipeline.article.revise import revise
from pipeline.article.row import ArticleRow, add
from pipeline.feed.entry import Content, Entry
from tests.article.strategies import PUBLISHERS, minute, observations, shown


def revisions(*observed: Observed) -> tuple[Article, ...]:
    return revise(reduce(add, observed, ArticleRow("u1")), PUBLISHERS)


def redated(one: Observed, **changes: object) -> Observed:
    return replace(one, observation=replace(one.observation, **changes))


@given(st.lists(observations, max_size=10), st.randoms(use_true_random=False))
def test_order_and_repetition_change_nothing(observed, random):
    """The same observations make the same revisions, in whatever order and however often they come."""
    again = observed * 2
    random.shuffle(again)
    assert revisions(*again) == revisions(*observed)


@given(st.lists(observations, min_size=1, max_size=10))
def test_revisions_are_what_the_design_says(observed):
    """An independent few lines over the observations find the same revisions."""
    seen = {each.observation: each.text for each in observed}
    key = lambda one: ((one.observed is not None, str(one.observed)), one.content)  # noqa: E731
    first = {feed: min((o for o in seen if o.feed == feed), key=key) for feed in {o.feed for o in seen}}
    record = min(first, key=lambda feed: (-first[feed].length, key(first[feed])[0], feed))
    contents: list[tuple[object, str]] = []
    page, title, last = None, "", None
    for one in sorted((o for o in seen if o.feed == record), key=lambda one: (key(one), one.text_from)):
        text = seen[one]
        if text.withdrawn:
            page = None
        elif one.text_from == "page":
            page = text.text
        elif page is not None and len(text.text) < len(page):
            if text.title in ("", title):
                continue
            text = replace(text, text=page)
        title, shown = text.title, replace(text, content="")
        if shown != last:
            contents.append((one.observed, one.content))
        last = shown
    found = revisions(*observed)
    assert [(article.observed, article.revision[-16:]) for article in found] == [
        (observed, content[:16]) for observed, content in contents
    ]
    assert [article.revision for article in found] == sorted(article.revision for article in found)
    assert {article.also_in for article in found} == {tuple(sorted(first.keys() - {record}))}


def test_an_edit_is_a_revision_and_a_repetition_is_none():
    """A text shown again changes nothing; another text does."""
    found = revisions(shown(1, "One."), shown(2, "One."), shown(3, "Two."))
    assert [(article.text, article.observed) for article in found] == [
        ("One.", minute(1)),
        ("Two.", minute(3)),
    ]


def test_a_return_to_an_earlier_wording_is_a_revision():
    """A, B, A are three revisions, of which the first and the last have one content."""
    first, _, last = revisions(shown(1, "One."), shown(2, "Two."), shown(3, "One."))
    assert (first.text, last.text) == ("One.", "One.")
    assert first.revision < last.revision
    assert first.revision[-16:] == last.revision[-16:]


def test_a_redate_is_no_revision():
    """New dates on the same words change nothing; the revision keeps the dates it was made with."""
    one = redated(shown(1, "One."), published=minute(0))
    (article,) = revisions(one, redated(shown(2, "One."), published=minute(30), updated=minute(40)))
    assert (article.published, article.dated_by, article.updated) == (minute(0), "published", None)


def test_of_one_moment_the_dated_and_earlier_counts():
    """Observations of one moment and content that differ in dates give the dates of the least of them."""
    undated, late, early = (redated(shown(1, "One."), published=at) for at in (None, minute(9), minute(5)))
    for order in permutations((undated, late, early)):
        assert [article.published for article in revisions(*order)] == [minute(5)]


def test_an_undated_article_stays_undated():
    """Neither the poll nor anything else stands in for a date that the source did not give."""
    (article,) = revisions(shown(1))
    assert (article.published, article.dated_by, article.observed) == (None, None, minute(1))


def test_updated_stands_in_and_says_so():
    """A source that gives only the last update dates the article by it."""
    (article,) = revisions(redated(shown(1), updated=minute(0)))
    assert (article.published, article.dated_by, article.updated) == (minute(0), "updated", minute(0))


def test_unobserved_comes_first():
    """An observation of unknown time stands before all others."""
    found = revisions(shown(1, "One."), redated(shown(2, "Two."), observed=None))
    assert [article.text for article in found] == ["Two.", "One."]
    assert found[0].revision.startswith("0000-00-00T00:00:00.000000Z-")


def test_the_feed_with_the_fuller_text_is_of_record():
    """Full text in one feed and titles in the other do not flip: one feed makes the revisions."""
    titles = [shown(at, "", "a-titles", title=f"Talks {at}") for at in (0, 2, 4)]
    full = [shown(at, f"The whole article, version {at}.", "z-full") for at in (1, 3)]
    found = revisions(*titles, *full)
    assert [article.feed for article in found] == ["z-full", "z-full"]
    assert [article.also_in for article in found] == [("a-titles",), ("a-titles",)]


def test_of_equal_texts_the_earlier_then_the_lesser_feed_is_of_record():
    """Equal first texts are decided by time, equal times by the feed's id."""
    assert revisions(shown(2, "One.", "a"), shown(1, "Two.", "b"))[0].feed == "b"
    assert revisions(shown(1, "One.", "b"), shown(1, "Two.", "a"))[0].feed == "a"


def test_only_a_feeds_first_text_decides():
    """A feed that grows longer later does not take the record over."""
    found = revisions(
        shown(1, "The longer one.", "b"), shown(1, "Short.", "a"), shown(2, "By far the longest one.", "a")
    )
    assert [article.text for article in found] == ["The longer one."]


def paged(number: int, text: str) -> Observed:
    """An observation whose text was taken from the article's page."""
    return redated(shown(number, text), text_from="page")


def test_a_summary_after_the_page_is_no_revision():
    """Where the page could not be fetched again, the feed's few words are not an edit of the article."""
    found = revisions(shown(1, "A pause."), paged(2, "A pause of 40 days."), shown(3, "A pause again."))
    assert [(article.text, article.text_from) for article in found] == [
        ("A pause.", "feed"),
        ("A pause of 40 days.", "page"),
    ]


def test_a_new_headline_after_the_page_is_a_revision_with_its_text():
    """A correction in the headline is published though the page cannot be fetched, once and with its text."""
    teaser = redated(shown(4, "A pause.", title="Talks fail"), truncated=True)
    seen = (
        paged(2, "A pause of 40 days."),
        teaser,
        shown(5, "Pause.", title="Talks fail"),
        redated(shown(6, "A pause of 40 days.", title="Talks fail"), text_from="page"),
        shown(7, "A pause.", title=""),
    )
    for order in permutations(seen):
        assert [(each.title, each.text, each.text_from, each.observed) for each in revisions(*order)] == [
            ("Talks", "A pause of 40 days.", "page", minute(2)),
            ("Talks fail", "A pause of 40 days.", "page", minute(4)),
        ]
    assert revisions(*seen)[1].revision.endswith(teaser.text.content[:16])
    assert not revisions(*seen)[1].truncated


def test_without_the_pages_text_a_headline_is_none_of_its():
    """Where the text of the page is held no more, the feed's few words stand for nothing."""
    first = paged(2, "A pause of 40 days.")
    row = reduce(add, (shown(1, "Pause."), first, shown(4, "A pause.", title="Talks fail")), ArticleRow("u1"))
    texts = tuple(text for text in row.texts if text.content != first.text.content)
    assert [each.title for each in revise(replace(row, texts=texts), PUBLISHERS)] == ["Talks"]


def test_a_page_that_shrinks_and_a_feed_that_grows_are_revisions():
    """An edit seen on the page counts whatever its length, and so does a feed's own fuller text."""
    texts = ["A pause of 40 days.", "A pause."]
    found = revisions(*(paged(at, text) for at, text in enumerate(texts)), shown(5, "A pause, or none."))
    assert [article.text for article in found] == [*texts, "A pause, or none."]


def test_after_a_withdrawal_the_feeds_words_count_again():
    """What comes back after a withdrawal comes back, however little the feed says of it."""
    gone = observe(
        Entry(
            feed="a",
            origin="feed",
            observed=minute(3),
            url="https://harbourpost.example/talks",
            withdrawn=True,
        ),
        PUBLISHERS,
    )
    found = revisions(paged(2, "A pause of 40 days."), gone, shown(4, "A pause."))
    assert [(article.text, article.withdrawn) for article in found] == [
        ("A pause of 40 days.", False),
        ("", True),
        ("A pause.", False),
    ]


def test_a_withdrawal_keeps_the_title_and_no_text():
    """A tombstone without words is a revision under the title before it."""
    gone = observe(
        Entry(feed="a", origin="feed", observed=minute(5), url="https://x.example/a", withdrawn=True),
        PUBLISHERS,
    )
    first, last = revisions(shown(1, "One.", title="Talks resume"), gone)
    assert (last.title, last.text, last.withdrawn, first.withdrawn) == ("Talks resume", "", True, False)


def test_a_withdrawn_article_can_return():
    """Words shown again after a tombstone are a third revision."""
    gone = observe(Entry(feed="a", origin="feed", observed=minute(5), withdrawn=True), PUBLISHERS)
    assert [article.withdrawn for article in revisions(shown(1, "One."), gone, shown(6, "One."))] == [
        False,
        True,
        False,
    ]


def test_a_moved_article_says_whither():
    """The old article ends with the id of the new one, and the new one names the old."""
    entry = Entry(feed="a", origin="feed", observed=minute(5), title=Content("Talks"), moved_to="u2")
    first, last = revisions(shown(1, "One."), observe(entry, PUBLISHERS))
    assert (first.moved_to, last.moved_to, last.withdrawn) == (None, "u2", True)
    (new,) = revisions(redated(shown(6), same_entry_as="u1"))
    assert new.same_entry_as == "u1"


def test_dropped_texts_are_counted_on_every_revision():
    """Of 30 texts 24 are revisions that say that six are missing."""
    found = revisions(*(shown(at) for at in range(30)))
    assert len(found) == 24
    assert {article.texts_dropped for article in found} == {6}


def test_what_is_read_off_the_words():
    """A revision knows its publisher's family, language, dateline, credit and fingerprint."""
    text = "CAIRO (MW) — The talks on a pause in the fighting went on for a third day on Monday."
    (article,) = revisions(shown(1, text))
    assert (article.publisher, article.family) == ("Harbour Post", "harbour-post")
    assert (article.language, article.language_by) == ("en", "detected")
    assert (article.dateline, article.credit) == ("CAIRO", "Meridian Wire")
    assert len(article.fingerprint) % 8 == 0
    assert article.fingerprint


def test_no_observation_no_revision():
    """An empty row has no revisions."""
    assert revise(ArticleRow("u1"), PUBLISHERS) == ()
