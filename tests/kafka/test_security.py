"""A cluster that demands TLS, a password and rights."""

import ssl
from collections.abc import Iterator
from typing import Any

import pytest
from aiokafka.errors import KafkaConnectionError, KafkaError, TopicAuthorizationFailedError

from tests.kafka.cluster import Cluster
from tests.kafka.fixtures import Clusters
from tests.kafka.rights import Operation, Resource, allow
from tests.kafka.security import ADMIN, Security
from tests.kafka.test_cluster import create, read, sent


@pytest.fixture(scope="module")
def cluster(module_kafka_clusters: Clusters) -> Iterator[Cluster]:
    yield module_kafka_clusters(security=Security(acls=True))


def as_admin(cluster: Cluster) -> dict[str, Any]:
    assert cluster.security is not None
    return cluster.client(ADMIN, cluster.security.admin_password)


@pytest.mark.parametrize("mechanism", ["SCRAM-SHA-256", "SCRAM-SHA-512"])
async def test_the_right_password_is_let_in(cluster: Cluster, mechanism: str) -> None:
    """Over TLS, with the password, in both mechanisms, a message is sent and read."""
    options = as_admin(cluster) | {"sasl_mechanism": mechanism}
    await create(options, mechanism)
    await sent(options, mechanism, [b"one"])
    assert await read(options, mechanism, 1) == {b"one"}


async def test_a_wrong_password_is_refused(cluster: Cluster) -> None:
    """The broker lets nobody in with another password."""
    with pytest.raises(KafkaError):
        await create(cluster.client(password="wrong"), "refused")


async def test_a_wrong_authority_is_refused(cluster: Cluster) -> None:
    """A client that trusts another authority does not talk to the broker."""
    with pytest.raises(KafkaConnectionError):
        await create(cluster.client(ca=cluster.wrong_ca), "refused")


async def test_a_user_without_rights_is_refused(cluster: Cluster) -> None:
    """The user is let in, and may not write to a topic until that is granted."""
    await create(as_admin(cluster), "guarded")
    with pytest.raises(TopicAuthorizationFailedError):
        await sent(cluster.client(), "guarded", [b"one"])
    await allow(cluster, Operation.WRITE, Resource.TOPIC, "guard")
    await sent(cluster.client(), "guarded", [b"two"])
    assert await read(as_admin(cluster), "guarded", 1) == {b"two"}


async def test_a_client_shows_its_certificate(kafka_clusters: Clusters) -> None:
    """Where certificates are demanded, who shows one is let in and who does not is refused."""
    cluster = kafka_clusters(security=Security(scram=False, certificates=True))
    await create(cluster.client(), "in")
    without = ssl.create_default_context(cafile=cluster.ca)
    with pytest.raises(KafkaError):
        await create(cluster.client() | {"ssl_context": without}, "refused")


async def test_no_password_stays_in_a_file(cluster: Cluster) -> None:
    """Neither a setting nor a log of the brokers holds a password."""
    assert cluster.security is not None
    words = [cluster.security.password.encode(), cluster.security.admin_password.encode()]
    texts = [file.read_bytes() for file in cluster.folder.glob("broker-*/broker.*")]
    assert len(texts) == 2
    assert [word for word in words if any(word in text for text in texts)] == []
    assert list(cluster.folder.glob("broker-*/format.arguments")) == []
