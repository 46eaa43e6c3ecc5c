"""Which files the project ships were found to be sound, by the digest of their bytes: what a start need not
look at again. Of a file of words the list has the digest of the words, too: it is not even read at start.

Written anew by `python -m config.checked FOLDER > config/FOLDER/checked.txt` where a test says so; FOLDER is
`subjects` (as if left out) or `grammar`. A file that was changed is not listed and is looked at whenever it
is loaded.
"""

import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from hashlib import blake2b
from pathlib import Path

from config.settings import FOLDER
from pipeline.event import lexicon
from pipeline.mention import examples, subject
from pipeline.outcome import Rejected

LISTS = {name: FOLDER / name / "checked.txt" for name in ("subjects", "grammar")}


def digest(data: bytes) -> str:
    """32 hex over a file's bytes, whatever ends its lines."""
    return blake2b(data.replace(b"\r\n", b"\n"), digest_size=16).hexdigest()


def known(data: bytes) -> bool:
    """Is this a subject file of the project, as it was checked?"""
    return digest(data) in _listed("subjects")


def words(data: bytes) -> str | None:
    """The digest of the words in a file of the project, as it was checked; None of any other file."""
    return _listed("grammar").get(digest(data))


@cache
def _listed(folder: str) -> dict[str, str]:
    """What stands last in each line by what stands first."""
    path = LISTS[folder]
    lines = path.read_text("ascii").splitlines() if path.exists() else []
    return {parts[0]: parts[-1] for line in lines if (parts := line.split())}


def lines(folder: str) -> Iterator[str]:
    """The list as it should be. Raises SystemExit with what is wrong in a file that is not sound."""
    of = {"subjects": _subject, "grammar": _words}[folder]
    for path in sorted((FOLDER / folder).rglob("*.toml")):
        yield of(path)


def _subject(path: Path) -> str:
    data = path.read_bytes()
    found = subject.read(tomllib.loads(data.decode()), path.name)
    wrong = [found.message] if isinstance(found, Rejected) else list(examples.wrong(found))
    if wrong:
        raise SystemExit("\n".join(f"{path.name}: {line}" for line in wrong))
    return f"{digest(data)}  {path.name}\n"


def _words(path: Path) -> str:
    data = path.read_bytes()
    name = path.relative_to(FOLDER / "grammar").as_posix()
    found = lexicon.read(tomllib.loads(data.decode()), name)
    if isinstance(found, Rejected):
        raise SystemExit("\n".join(f"{name}: {line}" for line in found.message.splitlines()))
    return f"{digest(data)}  {name}  {lexicon.words(found).digest}\n"


if __name__ == "__main__":
    sys.stdout.writelines(list(lines(*sys.argv[1:] or ("subjects",))))
