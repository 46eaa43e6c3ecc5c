"""The brokers' jars: resolved once, never half, and the same Kafka wherever it is named."""

import re
import threading
from pathlib import Path

import pytest

from tests.kafka.jars import VERSION, Unavailable, resolved

ROOT = Path(__file__).resolve().parents[2]


class Resolver:
    """Writes a jar in place of Maven, and counts; fails the first `failures` times after half of it."""

    def __init__(self, failures: int = 0) -> None:
        self.calls, self.failures = 0, failures

    def __call__(self, into: Path) -> None:
        self.calls += 1
        (into / f"part-{self.calls}.jar").touch()
        if self.calls <= self.failures:
            raise Unavailable("cut short")


def test_two_at_once_resolve_once(tmp_path: Path, kafka_here: None) -> None:
    """Of processes that want the jars at the same time one resolves and the others find them."""
    resolver = Resolver()
    threads = [threading.Thread(target=resolved, args=(tmp_path / "jars", resolver)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert resolver.calls == 1


def test_half_a_cache_is_filled_anew(tmp_path: Path, kafka_here: None) -> None:
    """What a cut-short try left behind is thrown away, not used."""
    resolver = Resolver(failures=1)
    with pytest.raises(Unavailable, match="cut short"):
        resolved(tmp_path / "jars", resolver)
    assert [jar.name for jar in resolved(tmp_path / "jars", resolver).glob("*.jar")] == ["part-2.jar"]


def test_no_java_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without Java there is one line that says so."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Unavailable, match=r"^no Java$"):
        resolved()


def test_an_old_java_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A Java that Kafka 4 does not run with is as good as none."""
    java = tmp_path / "java"
    java.write_text("#!/bin/sh\necho 'openjdk version \"11.0.2\" 2019-01-15' >&2\n", "utf-8")
    java.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Unavailable, match=r"^no Java 17 or newer$"):
        resolved()


def test_docker_runs_the_same_kafka() -> None:
    """compose.yaml starts the version that the tests run on, and serves this machine alone."""
    compose = (ROOT / "compose.yaml").read_text("utf-8")
    assert re.findall(r"image: (\S+)", compose) == [f"apache/kafka:{VERSION}"]
    assert re.findall(r'- "(\S+):9092:9092"', compose) == ["127.0.0.1"]
