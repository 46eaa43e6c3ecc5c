"""Every file of the corpus can be read, and its labels hold in its texts."""

import pytest

from config.load import ConfigProblems, load_rules
from config.settings import FOLDER
from tests.quality.corpus import CAPABILITIES, HELD, LANGUAGES, read
from tests.quality.corpus import FOLDER as SENTENCES

LEAST = {name: 8 if name == "context" else 12 for name in CAPABILITIES}
"""Cases that each file of a capability has at least."""


@pytest.fixture(scope="module")
def known() -> dict[str, frozenset[str]]:
    """The ids that labels may name."""
    rules = load_rules(FOLDER)
    assert not isinstance(rules, ConfigProblems), rules
    return {
        "actors": frozenset(rules.actors_by_id),
        "places": frozenset(one.id for one in rules.places),
        "stories": frozenset(scope.id for scope, _ in rules.scopes),
    }


FILES = sorted(
    (folder.name, path.parent.name, path.stem)
    for folder in (SENTENCES, HELD)
    for path in folder.glob("*/*.toml")
)


@pytest.mark.parametrize(("name", "capability", "language"), FILES)
def test_a_file_is_whole(name: str, capability: str, language: str, known: dict[str, frozenset[str]]) -> None:
    """It is of a known capability and language, has cases enough, none twice, and its labels hold."""
    assert capability in CAPABILITIES and language in LANGUAGES
    folder = HELD if name == HELD.name else SENTENCES
    cases = read(capability, language, known, folder)
    assert len(cases) >= (8 if folder == HELD else LEAST[capability])
    assert len({(case.text, getattr(case, "mention", "")) for case in cases}) == len(cases)
