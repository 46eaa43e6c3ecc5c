"""Generated articles: few feeds, moments and words, so that observations meet, repeat and disagree."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from pipeline.article.observe import Observed, observe
from pipeline.article.publisher import Publisher, Publishers
from pipeline.feed.entry import Content, Entry

START = datetime(2024, 5, 4, 12, tzinfo=UTC)

PUBLISHERS = Publishers(
    (
        Publisher(
            id="harbour-post", name="Harbour Post", hosts=("harbourpost.example",), drop_params=("via",)
        ),
        Publisher(
            id="meridian-wire",
            name="Meridian Wire",
            family="meridian",
            hosts=("meridianwire.example",),
            aliases=("MW", "ميريديان"),
            title_suffixes=("World",),
        ),
        Publisher(id="gather", name="Gather", hosts=("gather.example",), aggregator=True),
        Publisher(
            id="vault",
            name="The Vault",
            hosts=("vault.example",),
            wrappers=("https://vault.example/newest/", "https://vault.example/at/*/"),
        ),
    )
)


def minute(number: int) -> datetime:
    return START + timedelta(minutes=number)


moments = st.none() | st.integers(0, 6).map(minute)
feeds = st.sampled_from(("a", "b", "c"))
words = st.sampled_from(("", "A pause.", "A pause of 40 days.", "Talks in Cairo go on.\n\nNo answer yet."))
titles = st.sampled_from(("Talks", "Talks resume", ""))


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    """Entries of one article, as several feeds show it over a few minutes."""
    return Entry(
        feed=draw(feeds),
        origin="archive",
        observed=draw(moments),
        url="https://harbourpost.example/talks",
        title=Content(draw(titles)),
        summary=Content(draw(words)),
        authors=draw(st.sampled_from(((), ("Ida Marl",)))),
        published=draw(moments),
        updated=draw(moments),
        withdrawn=draw(st.booleans()),
        text_from=draw(st.sampled_from((None, "https://harbourpost.example/talks"))),
    )


observations = entries().map(lambda entry: observe(entry, PUBLISHERS))


def shown(number: int, text: str | None = None, feed: str = "a", title: str = "Talks") -> Observed:
    """One observation in minute `number`, of a text of its own unless one is given."""
    entry = Entry(
        feed=feed,
        origin="archive",
        observed=minute(number),
        url="https://harbourpost.example/talks",
        title=Content(title),
        content=Content(f"Wording {number}." if text is None else text),
    )
    return observe(entry, PUBLISHERS)
