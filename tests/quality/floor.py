"""Floors: what the detector reached once it must go on reaching, on sentences that have not changed."""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.quality.corpus import FOLDER, HELD

CORPUS = "corpus"

Measured = Mapping[str, Mapping[str, float]]
"""Values by measure and language."""


@dataclass(frozen=True, slots=True)
class Floors:
    """The floors of the sentences in a folder, kept in a file."""

    folder: Path
    file: Path

    def corpus_hash(self) -> str:
        """16 hex over all labelled sentences, by name and content."""
        digest = hashlib.blake2b(digest_size=8)
        for path in sorted(self.folder.glob("*/*.toml")):
            digest.update(f"{path.parent.name}/{path.name}\n".encode())
            digest.update(path.read_bytes())
        return digest.hexdigest()

    def read(self) -> tuple[str, Measured]:
        """The hash of the sentences that the floors were reached on, and the floors."""
        if not self.file.exists():
            return "", {}
        found = tomllib.loads(self.file.read_text("utf-8"))
        return found.pop(CORPUS), found

    def write(self, measured: Measured, lower: bool) -> None:
        """Raise the floors to what was measured; with `lower` set them to it, also where that is less or
        where nothing was measured."""
        before = {} if lower else self.read()[1]
        lines = [
            "# What `make quality` must reach, by measure and language. `make quality ARGS=--raise` raises",
            "# them to what is reached, `--lower` also lowers them.",
            f'{CORPUS} = "{self.corpus_hash()}"',
        ]
        for measure in dict.fromkeys([*measured, *before]):
            floors = {**before.get(measure, {})}
            for code, value in measured.get(measure, {}).items():
                floors[code] = max(value, floors.get(code, 0.0))
            lines += ["", f'["{measure}"]', *(f"{code} = {floor:.2f}" for code, floor in floors.items())]
        self.file.write_text("\n".join(lines) + "\n", "utf-8")

    def faults(self, measured: Measured) -> list[str]:
        """A line for each floor that is not held, and one if the sentences are others."""
        corpus, floors = self.read()
        found = [
            f"{measure} in {code}: {value:.2f}, below its floor of {floor:.2f}"
            for measure, by_language in floors.items()
            for code, floor in by_language.items()
            if (value := measured.get(measure, {}).get(code, 0.0)) < floor
        ]
        if corpus != self.corpus_hash():
            found.append(
                f"{self.folder.name}: not the sentences that the floors were reached on; --raise, --lower"
            )
        return found


SENTENCES = Floors(FOLDER, Path(__file__).parent / "floors" / "sentences.toml")
HELD_OUT = Floors(HELD, Path(__file__).parent / "floors" / "held.toml")
