"""Sets up a virtual environment, once for each state of the pins: `environment.py run|dev|bench|quix`.

Runs on nothing but the standard library. What is installed is named by hashes in a stamp that is
written last; an interrupted set-up leaves a mark and is made again from nothing.
"""

import argparse
import fcntl
import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

PINS = {
    "run": "requirements.txt",
    "dev": "requirements-dev.txt",
    "bench": "requirements-bench.txt",
    "quix": "requirements-quix.txt",
}
"""What each purpose installs; those of `dev` and `bench` contain that of `run`, with the same versions.
`quix` is for a peer of the bench that does not go with them, and has a folder of its own."""

PROJECT = "pyproject.toml"
PIP = ("--disable-pip-version-check", "--no-input", "--quiet")

Run = Callable[[list[str]], None]


@dataclass(frozen=True, slots=True)
class Environment:
    """A virtual environment at `folder` for the checkout at `root`; `run` executes a command or raises."""

    root: Path
    folder: Path
    run: Run

    @property
    def python(self) -> str:
        """The environment's interpreter."""
        return str(self.folder / "bin" / "python")

    @property
    def stamp(self) -> Path:
        """Holds, as JSON, the hash of each thing that is completely installed."""
        return self.folder / "installed.json"

    @property
    def mark(self) -> Path:
        """Stands while something is being installed."""
        return self.folder / "installing"

    def missing(self, purpose: str) -> list[str]:
        """The files whose content is not installed; all of them where all is to be made again."""
        installed = self._installed()
        wanted = (PINS[purpose], PROJECT)
        return [name for name in wanted if installed.get(name) != _hash(self.root, name)]

    def install(self, missing: list[str]) -> None:
        """Installs what `missing` named; the stamp says so at the end and not before."""
        installed = self._installed()
        if not installed:
            self.run([sys.executable, "-m", "venv", "--clear", str(self.folder)])
        self.mark.touch()
        for name in missing:
            self.run([self.python, "-m", "pip", "install", *PIP, *self._arguments(name)])
        self._remember(installed | {name: _hash(self.root, name) for name in missing})

    def _installed(self) -> dict[str, str]:
        """What the stamp says; nothing where all is to be made again.

        That is where a set-up was cut short, the interpreter is gone, the checkout was moved, or
        the pins of anything installed have changed since.
        """
        if self.mark.exists() or not self.stamp.exists() or not Path(self.python).exists():
            return {}
        installed = dict(json.loads(self.stamp.read_text("utf-8")))
        pins = [name for name in PINS.values() if name in installed]
        changed = any(installed[name] != _hash(self.root, name) for name in pins)
        return {} if changed or installed.get("root") != str(self.root) else installed

    def _arguments(self, name: str) -> list[str]:
        if name == PROJECT:
            # With the pinned setuptools and no index: nothing is downloaded for the project itself.
            return ["--no-deps", "--no-build-isolation", "--no-index", "--editable", str(self.root)]
        # The pins are complete. Resolving them again finds nothing, and old versions of pip warn of an extra.
        return ["--no-deps", "--require-hashes", "-r", str(self.root / name)]

    def _remember(self, installed: dict[str, str]) -> None:
        written = self.stamp.with_suffix(".new")
        written.write_text(json.dumps(installed | {"root": str(self.root)}, indent=1), "utf-8")
        written.replace(self.stamp)
        self.mark.unlink()


def _hash(root: Path, name: str) -> str:
    return hashlib.sha256((root / name).read_bytes()).hexdigest()


def _execute(command: list[str]) -> None:
    subprocess.run(command, check=True)


def main() -> int:
    """Command line: says what it does only where it does something; 1 where that failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("purpose", choices=sorted(PINS))
    parser.add_argument("--folder", type=Path, default=Path(".venv"))
    given = parser.parse_args()
    root = Path(__file__).resolve().parents[1]
    environment = Environment(root, root / given.folder, _execute)
    # One set-up at a time: a second `make` waits for the first, then finds everything done.
    with (root / PROJECT).open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if missing := environment.missing(given.purpose):
            return _install(environment, missing)
    return 0


def _install(environment: Environment, missing: list[str]) -> int:
    print(f"storywire: setting up {environment.folder} (a minute or two, once) ...", file=sys.stderr)
    try:
        environment.install(missing)
    except subprocess.CalledProcessError as error:
        print(f"storywire: the set-up failed at: {' '.join(error.cmd)}", file=sys.stderr)
        print("What pip said stands above; the same command starts the set-up afresh.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
