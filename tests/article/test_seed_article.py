"""The seed article that the project started from."""

from pathlib import Path

import pytest

from pipeline.article.identity import article_id
from pipeline.article.observe import observe
from pipeline.article.publisher import parse_publishers
from pipeline.article.revise import revise
from pipeline.article.row import ArticleRow, add
from pipeline.feed.entry import Content, Entry

ROOT = Path(__file__).resolve().parents[2]
SEEDS = ROOT.parent / "shared" / "seeds"
PUBLISHERS = parse_publishers((ROOT / "config" / "publishers.toml").read_text())


@pytest.mark.skipif(not SEEDS.exists(), reason="absent: ../shared/seeds")
def test_the_seed_article():
    """Headline, 17 paragraphs, dateline, credit and language are found; it stays undated."""
    (path,) = SEEDS.glob("*.txt")
    headline, _, body = path.read_text().partition("\n")
    entry = Entry(feed="seeds", origin="archive", title=Content(headline), content=Content(body))
    identity = article_id(entry, PUBLISHERS)
    assert isinstance(identity, str)
    (article,) = revise(add(ArticleRow(identity), observe(entry, PUBLISHERS)), PUBLISHERS)
    assert article.title == headline
    assert article.text.split("\n\n") == [line for line in body.split("\n") if line]
    assert (article.dateline, article.credit, article.language) == ("CAIRO", "BBC", "en")
    assert (article.published, article.dated_by, article.observed) == (None, None, None)
