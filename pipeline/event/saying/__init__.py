"""Who says what: speakers and the words that they are credited with, in any language that has a lexicon."""
