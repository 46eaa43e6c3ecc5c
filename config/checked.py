"""Which subject files the project ships whose examples were found to hold, by the digest of their bytes.

Written anew by `python -m config.checked > config/subjects/checked.txt` where a test says so. A file that was
changed is not among them and has its examples looked at whenever it is loaded.
"""

import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from hashlib import blake2b

from config.settings import FOLDER
from pipeline.mention import examples, subject
from pipeline.outcome import Rejected

LIST = FOLDER / "subjects" / "checked.txt"


def digest(data: bytes) -> str:
    """32 hex over a file's bytes, whatever ends its lines."""
    return blake2b(data.replace(b"\r\n", b"\n"), digest_size=16).hexdigest()


def known(data: bytes) -> bool:
    """Is this a file of the project, as it was checked?"""
    return digest(data) in _listed()


@cache
def _listed() -> frozenset[str]:
    lines = LIST.read_text("ascii").splitlines() if LIST.exists() else []
    return frozenset(line.split()[0] for line in lines if line.strip())


def lines() -> Iterator[str]:
    """The list as it should be. Raises SystemExit with what is wrong in a file whose examples do not hold."""
    for path in sorted((FOLDER / "subjects").glob("*.toml")):
        data = path.read_bytes()
        found = subject.read(tomllib.loads(data.decode()), path.name)
        wrong = [found.message] if isinstance(found, Rejected) else list(examples.wrong(found))
        if wrong:
            raise SystemExit("\n".join(f"{path.name}: {line}" for line in wrong))
        yield f"{digest(data)}  {path.name}\n"


if __name__ == "__main__":
    sys.stdout.writelines(list(lines()))
