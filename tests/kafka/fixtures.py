"""Fixtures for every test that needs Kafka: a shared cluster, a prefix of one's own, clusters of one's own.

Where there is no Java or Maven they skip, in one line; under --skips-fail that fails the run.
"""

import os
import uuid
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

import pytest

from tests.kafka.cluster import Cluster
from tests.kafka.jars import Unavailable, resolved
from tests.kafka.security import Security

EXISTING = "KAFKA_BOOTSTRAP_SERVERS"


class Clusters(Protocol):
    """Starts a cluster that is stopped when its test, or module of tests, is over."""

    def __call__(
        self, brokers: int = 1, security: Security | None = None, settings: Mapping[str, str] | None = None
    ) -> Cluster: ...


@pytest.fixture(scope="session")
def kafka(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """host:port,... of the cluster that all tests share; one that exists, if the shell names it."""
    if existing := os.environ.get(EXISTING):
        yield existing
        return
    request.getfixturevalue("kafka_here")
    with Cluster(tmp_path_factory.mktemp("kafka")) as cluster:
        yield cluster.bootstrap


@pytest.fixture
def kafka_prefix() -> str:
    """Begins the names of one test's topics and groups, and of nobody else's."""
    return f"t{uuid.uuid4().hex[:12]}."


@pytest.fixture(scope="session")
def kafka_here() -> None:
    """Skips a test that starts a `Cluster` of its own where none can be started."""
    try:
        resolved()
    except Unavailable as why:
        pytest.skip(f"{why}: the Kafka tier is left out")


@pytest.fixture
def kafka_clusters(kafka_here: None, tmp_path: Path) -> Iterator[Clusters]:
    """Starts clusters for this test alone."""
    with ExitStack() as started:
        yield _starting(started, tmp_path)


@pytest.fixture(scope="module")
def module_kafka_clusters(kafka_here: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clusters]:
    """Starts clusters that the tests of one module share."""
    with ExitStack() as started:
        yield _starting(started, tmp_path_factory.mktemp("kafka"))


def _starting(started: ExitStack, folder: Path) -> Clusters:
    def start(
        brokers: int = 1, security: Security | None = None, settings: Mapping[str, str] | None = None
    ) -> Cluster:
        own = folder / uuid.uuid4().hex[:8]
        return started.enter_context(Cluster(own, brokers, security, settings))

    return start
