"""The programs of docs/consume.md, written to files as they stand there, and how each is run."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.consumers.packages import Unavailable, installed
from tests.kafka.jars import Unavailable as NoJava
from tests.kafka.jars import resolved

HERE = Path(__file__).parent
DOCUMENT = HERE.parents[1] / "docs" / "consume.md"
SECONDS = 120
"""For one run, Java's compiler included, on a machine that does other work too."""
CLIENT = re.compile(
    r"(kafka-clients|jackson-(core|databind|annotations)|slf4j-\w+|lz4-java|zstd-jni|snappy-java)-\d"
)
"""What of a broker's jars a client in Java depends on."""


def block(name: str) -> str:
    """The block of the document that is a file of this name."""
    found = re.search(rf"^```\w+ {re.escape(name)}\n(.*?)^```$", DOCUMENT.read_text("utf-8"), re.M | re.S)
    assert found is not None, f"docs/consume.md has no {name}"
    return found[1]


def shell(folder: Path) -> list[str]:
    missing = [name for name in ("kcat", "jq") if shutil.which(name) is None]
    if missing:
        pytest.skip(f"no {' and no '.join(missing)}: the reader for the shell is left out")
    return ["bash", written(folder, "from-kafka.sh")]


def python(folder: Path) -> list[str]:
    return [sys.executable, written(folder, "from-kafka.py")]


def node(folder: Path) -> list[str]:
    try:
        packages = installed(HERE)
    except Unavailable as why:
        pytest.skip(f"{why}: the reader for Node is left out")
    (folder / "node_modules").symlink_to(packages / "node_modules")
    return ["node", written(folder, "from-kafka.mjs")]


def java(folder: Path) -> list[str]:
    try:
        jars = resolved()
    except NoJava as why:
        pytest.skip(f"{why}: the reader for Java is left out")
    (folder / "jars").mkdir()
    for jar in jars.glob("*.jar"):
        if CLIENT.match(jar.name):
            (folder / "jars" / jar.name).symlink_to(jar)
    return ["java", "-cp", "jars/*", written(folder, "FromKafka.java")]


def written(folder: Path, name: str) -> str:
    (folder / name).write_text(block(name), "utf-8")
    return name


PROGRAMS: Mapping[str, Callable[[Path], list[str]]] = {
    "shell": shell,
    "python": python,
    "node": node,
    "java": java,
}
"""Puts the program of an ecosystem into a folder; the command that runs it there, but for its arguments."""


def run(
    ecosystem: str, folder: Path, broker: str, topic: str, secrets: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Runs one of the programs in an empty folder to its end."""
    command = [*PROGRAMS[ecosystem](folder), broker, topic]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("KAFKA_", "KCAT_"))}
    return subprocess.run(
        command,
        cwd=folder,
        env=kept | dict(secrets or {}),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
