"""Salience: how much an article is about a subject, from where and how often it is mentioned."""

from collections.abc import Sequence

from pipeline.article.article import Article
from pipeline.mention.mention import Mention

TITLE, POSITION, DENSITY = 0.5, 0.3, 0.2
"""Weights of the three parts. Headline and lead carry most of a news story (the inverted pyramid);
chosen so that a headline alone outweighs any number of mentions below it."""

DENSE = 500
"""Characters of text per mention at which density is full: about one mention in every third sentence."""


def salience(article: Article, mentions: Sequence[Mention]) -> float:
    """0 (not mentioned) to 1, rounded to three places.

    `TITLE * t + POSITION * p + DENSITY * d`, where t is 1 when the title mentions the subject; p is
    1 - (offset of the first mention in the text / length of the text); d is the number of mentions in
    the text times DENSE over its length, at most 1. Without a text, t alone decides.
    """
    titled = 1.0 if any(mention.field == "title" for mention in mentions) else 0.0
    if not article.text:
        return titled
    offsets = [mention.start for mention in mentions if mention.field == "text"]
    if not offsets:
        return round(TITLE * titled, 3)
    position = 1 - min(offsets) / len(article.text)
    density = min(1.0, len(offsets) * DENSE / len(article.text))
    return round(TITLE * titled + POSITION * position + DENSITY * density, 3)
