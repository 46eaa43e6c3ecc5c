"""What the rows of the tables are called. Who prints them imports nothing more, to stay small."""

STAGE, DETECT, MATCHER, FOLDED = "detect stage", "detector", "matcher", "matcher, folded before"
FIRST_WORDS, ALL_FORMS = "bare automaton", "bare automaton, plain forms"
RE, SPACY, TOKENS = "re alternation", "spaCy PhraseMatcher", "spaCy, tokenised before"
PEER = "spacy"

MIXED, MENTIONING, REAL = "a tenth", "all mention", "real articles"

OWN, COMMON = "first words of their own", "common first words"
KINDS = (OWN, COMMON)
FIRST = 10
"""Aliases of the smallest size, which a tenth of the articles name."""

NO_MENTION = ("combining marks alone",)
"""Hostile texts without a mention."""
