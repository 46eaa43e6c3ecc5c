"""Runs `storywire` as a user does: a process of its own, with nothing of the test's environment."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
SEEDS = ROOT / "seeds"
FILES = ("articles.jsonl", "events.jsonl", "stories.json", "dead-letters.jsonl")
"""What `replay --out` leaves."""


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment without our settings, plus `extra`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("STORYWIRE_")}
    return kept | {"PYTHONPATH": str(ROOT)} | dict(extra or {})


def command(arguments: Sequence[str | Path]) -> list[str]:
    """The command line of `storywire ARGUMENTS`."""
    return [sys.executable, "-m", "agents.cli.main", *map(str, arguments)]


def storywire(
    *arguments: str | Path,
    folder: Path,
    stdin: bytes = b"",
    extra: Mapping[str, str] | None = None,
    timeout: float = 120,
) -> subprocess.CompletedProcess[bytes]:
    """Run it in `folder` to its end."""
    return subprocess.run(
        command(arguments),
        cwd=folder,
        env=environment(extra),
        input=stdin,
        capture_output=True,
        timeout=timeout,
        check=False,
    )


def start(
    *arguments: str | Path, folder: Path, extra: Mapping[str, str] | None = None
) -> subprocess.Popen[bytes]:
    """Start it in `folder`; whoever starts it ends it."""
    return subprocess.Popen(
        command(arguments),
        cwd=folder,
        env=environment(extra),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def left(out: Path) -> dict[str, bytes]:
    """The bytes of every file of `--out`."""
    return {name: (out / name).read_bytes() for name in FILES}
