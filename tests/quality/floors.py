"""Floors: what the detector reached once it must go on reaching, on sentences that have not changed."""

import hashlib
import tomllib
from collections.abc import Mapping
from pathlib import Path

from tests.quality.corpus import FOLDER

FLOORS = Path(__file__).with_name("floors.toml")
CORPUS = "corpus"

Floors = Mapping[str, Mapping[str, float]]


def corpus_hash() -> str:
    """16 hex over all labelled sentences, by name and content."""
    digest = hashlib.blake2b(digest_size=8)
    for path in sorted(FOLDER.glob("*/*.toml")):
        digest.update(f"{path.parent.name}/{path.name}\n".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def read() -> tuple[str, Floors]:
    """The hash of the sentences that the floors were reached on, and the floors by measure and language."""
    if not FLOORS.exists():
        return "", {}
    found = tomllib.loads(FLOORS.read_text("utf-8"))
    return found.pop(CORPUS), found


def write(measured: Floors, lower: bool) -> None:
    """Raise the floors to what was measured; with `lower` set them to it, also where that is less."""
    _, before = read()
    lines = [
        "# What `make quality` must reach, by measure and language. `python -m tests.quality --raise` raises",
        "# them to what is reached, `--lower` also lowers them.",
        f'{CORPUS} = "{corpus_hash()}"',
    ]
    for measure, by_language in measured.items():
        lines += ["", f'["{measure}"]']
        for code, value in by_language.items():
            floor = value if lower else max(value, before.get(measure, {}).get(code, 0.0))
            lines.append(f"{code} = {floor:.2f}")
    FLOORS.write_text("\n".join(lines) + "\n", "utf-8")
