"""NotCopied: why a copy is not begun, or not gone on with."""


class NotCopied(Exception):
    """One line for a person: what stands in the way, where, and what to do."""
