"""Kafka's jars: resolved by Maven once for each pom, kept in a cache outside the tree."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

POM = Path(__file__).parent / "pom.xml"
VERSION = ET.parse(POM).findtext(".//{*}kafka.version") or ""
SECONDS = 600
"""For Maven, on a fresh machine: some 45 MB of jars and Maven's own plugins."""

Resolve = Callable[[Path], None]


class Unavailable(Exception):
    """No cluster can be started on this machine; the message is one line."""


def missing() -> str:
    """Why there can be no cluster here, or an empty text."""
    if shutil.which("java") is None:
        return "no Java: the Kafka tier is left out"
    if not _done(folder()).exists() and shutil.which("mvn") is None:
        return "no Maven: the Kafka tier is left out"
    return ""


def folder() -> Path:
    """Where the jars of this pom are kept."""
    cache = os.environ.get("XDG_CACHE_HOME") or str(Path("~/.cache").expanduser())
    return Path(cache) / "storywire" / f"kafka-{VERSION}"


def resolved(into: Path | None = None, resolve: Resolve | None = None) -> Path:
    """The folder of the jars, filled if it is not yet; a second process waits for the first.

    Raises `Unavailable` where Java or Maven is missing or Maven cannot resolve.
    """
    into = into or folder()
    if resolve is None and (why := missing()):
        raise Unavailable(why)
    if not _done(into).exists():
        _fill(into, resolve or _maven)
    return into


def _fill(into: Path, resolve: Resolve) -> None:
    """Under a lock; an unfinished folder of an earlier try is emptied first."""
    into.parent.mkdir(parents=True, exist_ok=True)
    with into.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if _done(into).exists():
            return
        shutil.rmtree(into, ignore_errors=True)
        into.mkdir()
        resolve(into)
        _done(into).touch()


def _done(jars: Path) -> Path:
    """Named by what the pom says, so that another slf4j or plugin is resolved anew too."""
    return jars / f"{hashlib.sha256(POM.read_bytes()).hexdigest()[:16]}.done"


def _maven(into: Path) -> None:
    command = ["mvn", "-q", "-B", "-f", str(POM), "dependency:copy-dependencies"]
    command += ["-DincludeScope=runtime", f"-DoutputDirectory={into}"]
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise Unavailable(f"Maven did not resolve Kafka {VERSION} within {SECONDS} s") from error
    if done.returncode:
        said = [line for line in (done.stdout + done.stderr).splitlines() if "ERROR" in line]
        raise Unavailable(f"Maven cannot resolve Kafka {VERSION}: {said[0] if said else done.stdout[-300:]}")
