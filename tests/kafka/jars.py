"""Kafka's jars: resolved by Maven once for each pom, kept in a cache outside the tree."""

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

POM = Path(__file__).parent / "pom.xml"
VERSION = ET.parse(POM).findtext(".//{*}kafka.version") or ""
JAVA = 17
"""The least that brokers of Kafka 4 run with."""

SECONDS = 600
"""For Maven, on a fresh machine: some 45 MB of jars and Maven's own plugins."""

Resolve = Callable[[Path], None]


class Unavailable(Exception):
    """No cluster can be started on this machine; the message is one line."""


def folder() -> Path:
    """Where the jars of this pom are kept."""
    cache = os.environ.get("XDG_CACHE_HOME") or str(Path("~/.cache").expanduser())
    return Path(cache) / "storywire" / f"kafka-{VERSION}"


def resolved(into: Path | None = None, resolve: Resolve | None = None) -> Path:
    """The folder of the jars, filled if it is not yet; a second process waits for the first.

    Raises `Unavailable` where Java or Maven is missing, Java is too old or Maven cannot resolve.
    """
    into = into or folder()
    check_java()
    if not _done(into).exists():
        _fill(into, resolve or _maven)
    return into


def check_java() -> None:
    """Raises `Unavailable` where brokers could not run."""
    # What macOS has in Java's place exists, runs, and fails.
    try:
        said = subprocess.run(["java", "-version"], capture_output=True, text=True, check=True).stderr
    except (OSError, subprocess.CalledProcessError) as error:
        raise Unavailable("no Java") from error
    found = re.search(r'version "(\d+)', said)
    if found is None or int(found[1]) < JAVA:
        raise Unavailable(f"no Java {JAVA} or newer")


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
    if shutil.which("mvn") is None:
        raise Unavailable("no Maven")
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
