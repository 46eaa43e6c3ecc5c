"""Every file of the corpus can be read, and its labels hold in its texts."""

import pytest

from tests.quality.__main__ import known
from tests.quality.corpus import CAPABILITIES, HELD, LANGUAGES, read
from tests.quality.corpus import FOLDER as SENTENCES
from tests.shipped import shipped

LEAST = {name: 8 if name == "context" else 12 for name in CAPABILITIES}
"""Cases that each file of a capability has at least."""


FILES = sorted(
    (folder.name, path.parent.name, path.stem)
    for folder in (SENTENCES, HELD)
    for path in folder.glob("*/*.toml")
)


@pytest.mark.parametrize(("name", "capability", "language"), FILES)
def test_a_file_is_whole(name: str, capability: str, language: str) -> None:
    """It is of a known capability and language, has cases enough, none twice, and its labels hold."""
    assert capability in CAPABILITIES and language in LANGUAGES
    folder = HELD if name == HELD.name else SENTENCES
    cases = read(capability, language, known(shipped()), folder)
    assert len(cases) >= (8 if folder == HELD else LEAST[capability])
    assert len({(case.text, getattr(case, "mention", "")) for case in cases}) == len(cases)
