"""Word lists as they read best: one string of words."""


def listed(words: str) -> tuple[str, ...]:
    """The words in their order."""
    return tuple(words.split())


def words(text: str) -> frozenset[str]:
    """The words as a set."""
    return frozenset(text.split())
