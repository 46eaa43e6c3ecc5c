"""What a person is told when a cluster does not let us in: one line, soon, and never a secret."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from agents.brokers.access import Access
from agents.brokers.broker import bootstrap
from agents.brokers.errors import BrokerError, LoginRefused, NotAuthorised, Unreachable
from agents.brokers.kafka.broker import KafkaBroker
from agents.brokers.kafka.noise import Seldom
from agents.brokers.message import Outgoing
from tests.kafka.cluster import Cluster
from tests.kafka.fixtures import Clusters
from tests.kafka.ports import free_ports
from tests.kafka.rights import Operation, Resource, allow
from tests.kafka.security import ADMIN, Security

WRONG = "a-password-that-is-wrong-7f3a"


@pytest.fixture(scope="module")
def cluster(module_kafka_clusters: Clusters) -> Iterator[Cluster]:
    yield module_kafka_clusters(security=Security(acls=True))


def right(cluster: Cluster) -> Access:
    """Access of the user, who has no rights but those that a test gives."""
    assert cluster.security is not None
    security = cluster.security
    return Access(tls=True, ca=cluster.ca, user=security.user, password=security.password)


def administrator(cluster: Cluster) -> Access:
    assert cluster.security is not None
    return replace(right(cluster), user=ADMIN, password=cluster.security.admin_password)


@asynccontextmanager
async def opened(cluster: Cluster, access: Access) -> AsyncIterator[KafkaBroker]:
    broker = KafkaBroker(bootstrap(cluster.url), access, "")
    try:
        yield broker
    finally:
        await broker.close()


async def refusal(servers: tuple[str, ...], access: Access) -> BrokerError:
    """What the first question raises, which takes less than ten seconds and is one line."""
    broker, began = KafkaBroker(servers, access, ""), time.monotonic()
    try:
        with pytest.raises(BrokerError) as raised:
            await broker.topics()
    finally:
        await broker.close()
    assert time.monotonic() - began < 10
    assert "\n" not in str(raised.value)
    return raised.value


@pytest.mark.parametrize("mechanism", ["SCRAM-SHA-256", "SCRAM-SHA-512"])
async def test_the_right_password_is_let_in(cluster: Cluster, mechanism: str) -> None:
    """Over TLS, in both mechanisms, topics are made, written, read, followed and committed."""
    topic, group = f"in.{mechanism}", f"group.{mechanism}"
    access = replace(administrator(cluster), mechanism=mechanism)  # type: ignore[arg-type]
    async with opened(cluster, access) as broker:
        await broker.declare(topic, 1)
        assert await broker.publish([Outgoing(topic, b"k", b"v")]) == [0]
        assert (await broker.read(topic, 0, 0, 1))[0].value == b"v"
        async with asyncio.timeout(10):
            assert (await anext(broker.follow(topic, {}))).value == b"v"
        await broker.commit(group, {(topic, 0): 1})
        assert await broker.committed(group) == {(topic, 0): 1}


async def test_wrong_credentials(cluster: Cluster) -> None:
    """A wrong password, an unknown user and a mechanism that is not offered are each named."""
    access, servers = right(cluster), bootstrap(cluster.url)
    for wrong in (replace(access, password=WRONG), replace(access, user="nobody-of-this-name")):
        found = await refusal(servers, wrong)
        assert isinstance(found, LoginRefused)
        assert f"{servers[0]} refuses the login: check kafka_user, kafka_password" in str(found)
    found = await refusal(servers, replace(access, mechanism="PLAIN"))
    assert isinstance(found, LoginRefused) and "set another kafka_mechanism" in str(found)
    found = await refusal(servers, replace(access, user="", password=""))
    assert isinstance(found, LoginRefused) and "set kafka_user" in str(found)


async def test_wrong_certificates(cluster: Cluster, tmp_path: Path) -> None:
    """An authority that did not sign, files that are not there or no certificates: each names its setting."""
    access, servers = right(cluster), bootstrap(cluster.url)
    (tmp_path / "text").write_text("no certificate")
    cases = {
        replace(access, ca=cluster.wrong_ca): "is not trusted",
        replace(access, ca=None): "set kafka_ca to its authority",
        replace(access, ca=tmp_path / "gone"): f"kafka_ca {tmp_path / 'gone'}: No such file",
        replace(access, ca=tmp_path / "text"): "holds no certificate in PEM form",
        replace(access, certificate=tmp_path / "gone"): f"{tmp_path / 'gone'} is no file",
        replace(access, certificate=cluster.certificate, key=tmp_path / "text"): "kafka_key",
    }
    for wrong, said in cases.items():
        found = await refusal(servers, wrong)
        assert isinstance(found, LoginRefused)
        assert said in str(found)


async def test_tls_on_the_wrong_port(cluster: Cluster, kafka: str) -> None:
    """Plain words to a port that speaks TLS, TLS to one that does not, a user where none is asked for."""
    plain = tuple(kafka.split(","))
    cases = [
        (
            bootstrap(cluster.url),
            replace(right(cluster), tls=False),
            "speaks TLS on this port: set kafka_tls",
        ),
        (bootstrap(cluster.url), Access(), "speaks TLS on this port: set kafka_tls"),
        (plain, right(cluster), "does not speak TLS on this port: unset kafka_tls"),
        (plain, Access(user="u", password=WRONG), "takes no user on this port: unset kafka_user"),
    ]
    for servers, wrong, said in cases:
        found = await refusal(servers, wrong)
        assert isinstance(found, LoginRefused)
        assert said in str(found)


async def test_a_certificate_is_asked_for(kafka_clusters: Clusters) -> None:
    """Where clients must show a certificate, the one who has none is told which settings want one."""
    cluster = kafka_clusters(security=Security(scram=False, certificates=True))
    own = Access(tls=True, ca=cluster.ca, certificate=cluster.certificate, key=cluster.key)
    async with opened(cluster, own) as broker:
        assert await broker.topics() == []
    found = await refusal(bootstrap(cluster.url), Access(tls=True, ca=cluster.ca))
    assert isinstance(found, LoginRefused)
    assert "kafka_certificate" in str(found)


async def test_nobody_answers(kafka: str) -> None:
    """Closed ports and unknown names end in one line; one server that answers is enough."""
    closed = f"127.0.0.1:{free_ports(1)[1].client}"
    for server in (closed, "no-such-host.invalid:9092"):
        found = await refusal((server,), Access())
        assert isinstance(found, Unreachable)
        assert str(found) == f"no broker answers at {server}; is the cluster up, is the address right?"
    broker = KafkaBroker((closed, *kafka.split(",")), Access(), "none.")
    assert await broker.topics() == []
    await broker.close()


async def test_rights_that_are_missing(cluster: Cluster) -> None:
    """What is missing is named with its topic or group; what was given works."""
    async with opened(cluster, administrator(cluster)) as broker:
        await broker.declare("guarded", 1)
    await allow(cluster, Operation.DESCRIBE, Resource.TOPIC, "guarded")
    async with opened(cluster, right(cluster)) as broker:
        with pytest.raises(NotAuthorised, match="write to 'guarded': the right Write on topic 'guarded'"):
            await broker.publish([Outgoing("guarded", b"k", b"v")])
        with pytest.raises(NotAuthorised, match="read 'guarded': the right Read on topic 'guarded'"):
            await broker.read("guarded", 0, 0, 1)
        with pytest.raises(NotAuthorised, match="the right Read on topic 'guarded'"):
            async with asyncio.timeout(20):
                await anext(broker.follow("guarded", {}))
        with pytest.raises(NotAuthorised, match="commit as group 'g': the right Read on group 'g'"):
            await broker.commit("g", {("guarded", 0): 1})
        with pytest.raises(NotAuthorised, match="the right Read on group 'g'"):
            await broker.committed("g")
        with pytest.raises(NotAuthorised, match="'unseen'"):
            await broker.declare("unseen", 1)
        await allow(cluster, Operation.WRITE, Resource.TOPIC, "guarded")
        assert await broker.publish([Outgoing("guarded", b"k", b"v")]) == [0]


async def test_no_secret_is_told(cluster: Cluster, caplog: pytest.LogCaptureFixture) -> None:
    """No error, chain of errors, log record at any level or repr holds a password, right or wrong."""
    caplog.set_level(logging.DEBUG)
    access, servers = right(cluster), bootstrap(cluster.url)
    told = [repr(access), str(access)]
    wrongs = [replace(access, password=WRONG, mechanism=one) for one in ("SCRAM-SHA-512", "PLAIN")]  # type: ignore[arg-type]
    for wrong in wrongs:
        error: BaseException | None = await refusal(servers, wrong)
        while error is not None:
            told += [str(error), repr(error)]
            error = error.__cause__ or error.__context__
    async with opened(cluster, access) as broker:
        told += [repr(broker), repr(vars(broker._connection))]
        await broker.identity()
        told.append(repr(vars(broker._connection)))
    told += [record.getMessage() for record in caplog.records]
    text = "\n".join(told)
    assert [word for word in (WRONG, access.password) if word in text] == []
    assert not logging.getLogger("aiokafka.conn").isEnabledFor(logging.DEBUG)  # it would log the login


def test_warnings_are_said_seldom(caplog: pytest.LogCaptureFixture) -> None:
    """What aiokafka repeats ten times a second is said once; another message is said, too. That a group
    rebalances is no warning."""
    said = Seldom()
    moved = "Heartbeat failed for group %s because it is rebalancing"
    said.emit(logging.LogRecord("aiokafka", logging.WARNING, "", 1, moved, ("a",), None))
    for number in range(10):
        said.emit(logging.LogRecord("aiokafka", logging.WARNING, "", 1, "gone: %s", (number,), None))
    said.emit(logging.LogRecord("aiokafka", logging.WARNING, "", 1, "back", None, None))
    assert [record.getMessage() for record in caplog.records] == ["gone: 0", "back"]
