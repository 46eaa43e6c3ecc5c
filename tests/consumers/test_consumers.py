"""The four programs of docs/consume.md, run as they stand, read from a real cluster what we read."""

import re
import subprocess
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import orjson
import pytest

from agents.brokers.access import Access
from agents.brokers.broker import Broker, open_broker
from agents.brokers.message import Outgoing
from agents.brokers.topic import KEEP, TopicConfig
from agents.envelope import attribute, headers, sequence
from agents.follow import SUMMARY, story_message
from agents.scan import scan
from pipeline.codec import encode
from pipeline.ids import message_id
from pipeline.kinds import EVENT_KIND
from pipeline.story.derive import summarise
from tests.consumers.programs import PROGRAMS, block, run
from tests.kafka.cluster import Cluster
from tests.kafka.fixtures import Clusters
from tests.kafka.security import ADMIN, Security
from tests.story.build import SCOPE, contributions
from tests.story.generated import Generator

EVENTS, STORIES = "events.ceasefire", "stories"
ECOSYSTEMS = tuple(PROGRAMS)


def events(topic: str) -> list[Outgoing]:
    """Some hundred events, every tenth of them twice."""
    rows = Generator(seed=21).rows(300)
    found = []
    for row in [*rows, *rows[::10]]:
        about = message_id(EVENT_KIND, row.article, row.subject, row.revision, row.event.rules)
        found.append(
            Outgoing(
                topic,
                row.article.encode(),
                encode(row.event),
                headers(EVENT_KIND, about, sequence=row.sequence),
            )
        )
    return found


def stories(topic: str) -> list[Outgoing]:
    """Versions of the summaries of three stories."""
    rows = Generator(seed=22).rows(30)
    return [
        story_message(
            f"story-{version % 3}",
            topic,
            SUMMARY,
            encode(summarise(SCOPE, contributions(rows[: version + 1]))),
            sequence(1, version),
        )
        for version in range(30)
    ]


async def filled(broker: Broker, prefix: str) -> None:
    for name, config, messages in (
        (EVENTS, KEEP, events(prefix + EVENTS)),
        (STORIES, TopicConfig("compact"), stories(prefix + STORIES)),
    ):
        await broker.declare(prefix + name, 4, config)
        await broker.publish(messages)


async def ours(broker: Broker, topic: str) -> Counter[str]:
    """What our own reader finds, in the form that the programs print."""
    found: Counter[str] = Counter()
    async for message in scan(broker, topic):
        revision = (orjson.loads(message.value or b"").get("article") or {}).get("revision", "-")
        found[f"{attribute(message.headers, 'id')} {(message.key or b'').decode()} {revision}"] += 1
    return found


@asynccontextmanager
async def opened(servers: str, prefix: str, access: Access = Access()) -> AsyncIterator[Broker]:  # noqa: B008
    broker = open_broker(f"kafka://{servers}", access, prefix)
    try:
        yield broker
    finally:
        await broker.close()


@pytest.mark.parametrize("ecosystem", ECOSYSTEMS)
async def test_a_program_reads_what_we_read(
    ecosystem: str, kafka: str, kafka_prefix: str, tmp_path: Path
) -> None:
    """It prints each event, and each summary of a compacted topic, as often as we find it, and ends."""
    async with opened(kafka, kafka_prefix) as broker:
        await filled(broker, kafka_prefix)
        for name, count in ((EVENTS, 330), (STORIES, 30)):
            folder = tmp_path / name
            folder.mkdir()
            done = run(ecosystem, folder, kafka, kafka_prefix + name)
            assert done.returncode == 0, done.stderr[-2000:]
            expected = await ours(broker, kafka_prefix + name)
            assert expected.total() == count
            assert Counter(done.stdout.splitlines()) == expected


@pytest.fixture(scope="module")
def secured(module_kafka_clusters: Clusters) -> Cluster:
    return module_kafka_clusters(security=Security())


def admin(cluster: Cluster) -> Access:
    assert cluster.security is not None
    return Access(tls=True, ca=cluster.ca, user=ADMIN, password=cluster.security.admin_password)


def secrets(access: Access) -> dict[str, str]:
    """The variables that the document tells to set."""
    return {"KAFKA_USER": access.user, "KAFKA_PASSWORD": access.password, "KAFKA_CA": str(access.ca)}


def configured(folder: Path, name: str, own: dict[str, object]) -> dict[str, str]:
    """kcat's file as it stands in the document, with one's own values, and the variable that names it."""
    text = block(name)
    for told, value in own.items():
        assert text.count(f"={told}\n") == 1
        text = text.replace(f"={told}\n", f"={value}\n")
    (folder / name).write_text(text, "utf-8")
    return {"KCAT_CONFIG": str(folder / name)}


async def read_there(
    ecosystem: str, cluster: Cluster, access: Access, topic: str, folder: Path, given: dict[str, str]
) -> tuple[Counter[str], Counter[str], str]:
    """What a program reads of a topic of the cluster, what we read, and what it complains of."""
    (folder / "program").mkdir()
    async with opened(cluster.bootstrap, "", access) as broker:
        await broker.declare(topic, 4)
        await broker.publish(events(topic))
        done = run(ecosystem, folder / "program", cluster.bootstrap, topic, given)
        assert not access.password or access.password not in done.stdout + done.stderr
        said = f"{done.returncode} {done.stderr[-2000:]}"
        return Counter(done.stdout.splitlines()), await ours(broker, topic), said


@pytest.mark.parametrize("ecosystem", ["python", "node", "java"])
async def test_a_program_reads_over_tls_with_a_password(
    ecosystem: str, secured: Cluster, kafka_prefix: str, tmp_path: Path
) -> None:
    """From a cluster that demands TLS and SCRAM it reads the same, by the settings of the document."""
    access = admin(secured)
    theirs, expected, said = await read_there(
        ecosystem, secured, access, kafka_prefix + EVENTS, tmp_path, secrets(access)
    )
    assert theirs == expected, said


async def test_kcat_logs_in_where_its_library_can(
    secured: Cluster, kafka_prefix: str, tmp_path: Path
) -> None:
    """By the document's file; before librdkafka 2.6.1 it fails, and says so, as the document does."""
    access = admin(secured)
    own: dict[str, object] = {"ca.pem": secured.ca, "reader": ADMIN, "secret": access.password}
    given = configured(tmp_path, "kcat.conf", own)
    topic = kafka_prefix + EVENTS
    theirs, expected, said = await read_there("shell", secured, access, topic, tmp_path, given)
    if librdkafka() >= (2, 6, 1):
        assert theirs == expected, said
    else:
        assert not theirs and said.startswith("1 "), said


def librdkafka() -> tuple[int, ...]:
    """The version of the library that kcat runs with."""
    told = subprocess.run(["kcat", "-V"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"librdkafka (\d+)\.(\d+)\.(\d+)", told)
    assert found is not None, told
    return tuple(map(int, found.groups()))


async def test_kcat_shows_its_certificate(
    kafka_clusters: Clusters, kafka_prefix: str, tmp_path: Path
) -> None:
    """From a cluster that demands certificates it reads the same, by the document's file."""
    cluster = kafka_clusters(security=Security(scram=False, certificates=True))
    access = Access(tls=True, ca=cluster.ca, certificate=cluster.certificate, key=cluster.key)
    own: dict[str, object] = {
        "ca.pem": cluster.ca,
        "reader.pem": cluster.certificate,
        "reader.key": cluster.key,
    }
    given = configured(tmp_path, "kcat-certificate.conf", own)
    topic = kafka_prefix + EVENTS
    theirs, expected, said = await read_there("shell", cluster, access, topic, tmp_path, given)
    assert theirs == expected, said
