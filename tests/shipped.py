"""The configuration as it is shipped, compiled once for all tests of a process."""

from functools import cache

from config.load import load_rules
from config.settings import FOLDER
from pipeline.rules import Rules


@cache
def shipped() -> Rules:
    """The rules of the project's own files."""
    found = load_rules(FOLDER)
    assert isinstance(found, Rules), str(found)
    return found
