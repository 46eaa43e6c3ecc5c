"""The row: a set of observations in bounded space, the same whatever the order."""

from dataclasses import replace
from functools import reduce
from hashlib import blake2b
from itertools import permutations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.article import row as rows
from pipeline.article.observe import Observed
from pipeline.article.row import ArticleRow, add, digest, readable, size, texts_dropped
from pipeline.codec import decode, encode
from tests.article.strategies import observations, shown

EMPTY = ArticleRow("u1")


def grown(observed: list[Observed]) -> ArticleRow:
    return reduce(add, observed, EMPTY)


@given(st.lists(observations, max_size=12), st.randoms(use_true_random=False))
def test_any_order_and_repetition_gives_the_same_bytes(observed, random):
    """A row is a function of the set of what was observed."""
    again = observed * 2
    random.shuffle(again)
    assert encode(grown(again)) == encode(grown(observed))


@given(st.lists(observations, max_size=12))
def test_size_counts_what_is_new(observed):
    """The row's knowledge grows by one with each new observation and stays with each known one."""
    row = EMPTY
    for each in observed:
        after = add(row, each)
        known = each.observation in row.observations
        assert (after is row) == known
        assert size(after) == size(row) + (not known)
        row = after


@given(st.lists(observations, max_size=8))
def test_row_round_trips(observed):
    """A row read back from its bytes is the same row."""
    row = grown(observed)
    assert decode(ArticleRow, encode(row)) == row


LOW = {
    "TEXTS": 4,
    "TEXT_BYTES": 700,
    "FIRST_TEXT_BYTES": 150,
    "OBSERVATIONS": 5,
    "OBSERVATION_BYTES": 2_000,
    "FEEDS": 2,
    "FORGOTTEN": 1_000,
    "_FEW": 4,
    "_SMALL_CHARS": 100,
}
"""Limits that a handful of observations passes, all of them."""


@settings(max_examples=300)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 12), st.sampled_from("abc"), st.integers(0, 9), st.sampled_from((1, 2, 30, 60))
        ),
        max_size=25,
    ),
    st.randoms(use_true_random=False),
)
def test_overfull_row_does_not_depend_on_order(seen, random):
    """Also when texts, observations and feeds are given up, what stays is the same for every order."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in LOW.items():
            patch.setattr(rows, name, value)
        observed = [shown(at, f"Wording {text}." * repeat, feed) for at, feed, text, repeat in seen]
        again = observed * 2
        random.shuffle(again)
        first, second = grown(observed), grown(again)
        assert encode(first) == encode(second)
        assert size(first) == len({each.observation for each in observed})
        assert sum(len(encode(text)) for text in first.texts) <= 700 + 800 + 2 * 150


def test_a_text_passed_over_is_not_overtaken_by_an_older_one():
    """Where a large text finds no room, an older small one gets none in any order of arrival."""
    seen = [shown(0, "First."), shown(3, "Old."), shown(5, "Large. " * 100), shown(9, "New.")]
    with pytest.MonkeyPatch.context() as patch:
        for name, value in LOW.items():
            patch.setattr(rows, name, value)
        found = {encode(grown(list(order))) for order in permutations(seen)}
        assert len(found) == 1
        assert {text.text for text in decode(ArticleRow, found.pop()).texts} == {"First.", "New."}


def embedding_the_time(number: int, feed: str = "clock") -> list[Observed]:
    """A feed whose summary says what time it is: a new text in every poll."""
    return [shown(minute, feed=feed) for minute in range(number)]


def test_beyond_24_texts_the_first_and_the_newest_23_stay():
    """Of 40 distinct texts of one feed 24 make revisions, and 16 are counted."""
    row = grown(embedding_the_time(40))
    kept = {text.text for text in readable(row).values()}
    assert kept == {"Wording 0.", *(f"Wording {number}." for number in range(17, 40))}
    assert texts_dropped(row) == 16


def test_24_texts_all_stay():
    """Up to the limit nothing is dropped."""
    row = grown(embedding_the_time(24))
    assert (len(readable(row)), texts_dropped(row)) == (24, 0)


def test_24_texts_all_stay_when_the_first_returns():
    """The first text is kept as such, so that its return takes no other's place."""
    row = grown([*embedding_the_time(24), shown(50, "Wording 0.")])
    assert (len(readable(row)), texts_dropped(row)) == (24, 0)


def test_a_text_that_returns_is_new_again():
    """The newest are those observed last, not those first seen last."""
    row = grown([*embedding_the_time(40), shown(50, "Wording 1.")])
    assert "Wording 1." in {text.text for text in readable(row).values()}
    assert texts_dropped(row) == 16


def test_thousands_of_texts_in_any_order_are_one_row():
    """A feed that embeds the current time fills a row that neither grows without end nor depends on order."""
    observed = [*embedding_the_time(1500), *embedding_the_time(40, "other")]
    shuffled = [*observed, *observed[:500]]
    Random(7).shuffle(shuffled)
    row = grown(observed)
    assert encode(row) == encode(grown(shuffled))
    assert size(row) == 1540
    assert len(row.observations) <= rows.OBSERVATIONS + 2


def test_beyond_the_digests_size_never_falls():
    """When even the digests of what was forgotten are too many, the row's knowledge is an estimate."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rows, "FORGOTTEN", 64)
        patch.setattr(rows, "OBSERVATIONS", 16)
        sizes = []
        row = EMPTY
        for observed in embedding_the_time(600):
            row = add(row, observed)
            sizes.append(size(row))
    assert sizes == sorted(sizes)
    assert 400 < sizes[-1] < 900


def test_another_feed_cannot_push_a_full_text_out():
    """The first text of a feed stays while another feed brings a new text in every poll."""
    full = shown(0, "The whole article. " * 50, feed="full", title="Talks")
    row = grown([full, *embedding_the_time(100)])
    assert full.text.content in readable(row)


def test_the_largest_row_fits_a_message():
    """Texts, addresses and names as long as they can be: the row stays under 1 MB."""
    row = EMPTY
    for number in range(160):
        one = shown(number, feed=f"https://feeds.example/{'f' * 200}/{number % 40:03d}")
        long = f"{number:03d}" + "\U0001f600" * 63_700
        observation = replace(
            one.observation,
            content=f"{number:032x}",
            guid="\U0001f4f0" * 512,
            url="https://x.example/" + "ü" * 1_000,
            publisher="ü" * 200,
            language="x" * 35,
        )
        text = replace(
            one.text,
            content=f"{number:032x}",
            title='"' * 1000,
            text=long,
            authors=("\U0001f600" * 100,) * 16,
        )
        row = add(row, Observed(observation, text))
    assert 500_000 < len(encode(row)) < 1_000_000


def test_the_digest_of_an_observation_is_this():
    """A literal from before pages were read: a row's forgotten observations are still known as such."""
    one = shown(1, "One.").observation
    assert digest(one) == "c7598eea4b81ff90"
    assert digest(replace(one, text_from="page")) == "24a17d974b81ff90"


def test_what_a_row_from_before_pages_were_read_has_forgotten():
    """An observation whose digest was taken of bytes that end before `text_from` is known when it returns."""
    first, second = shown(1, "One."), shown(2, "Two.").observation
    old = encode(second).removesuffix(b',"text_from":"feed"}') + b"}"
    gone = blake2b(old, digest_size=4).hexdigest() + second.content[:8]
    row = replace(grown([first]), forgotten=(gone,))
    assert old.endswith(b',"truncated":false}')
    assert add(row, shown(2, "Two.")) is row


def test_a_row_from_before_pages_were_read():
    """A row without the field decodes, and its texts are the feed's."""
    row = grown([shown(1, "One.")])
    old = encode(row).replace(b',"text_from":"feed"', b"")
    assert old != encode(row)
    assert decode(ArticleRow, old) == row
