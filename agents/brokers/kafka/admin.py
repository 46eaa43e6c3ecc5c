"""Topics on a cluster: made as they were asked for, or compared with that, difference by difference."""

import asyncio
from collections.abc import Mapping

from aiokafka.errors import TopicAlreadyExistsError
from aiokafka.protocol.admin import CreateTopicsRequest, DescribeConfigsRequest

from agents.brokers.errors import InvalidTopic, PartitionsDiffer, TimedOut, TopicDiffers
from agents.brokers.kafka.connection import BACKOFF, PATIENCE, Connection, check
from agents.brokers.kafka.errors import Asked
from agents.brokers.kafka.layout import Layout, look
from agents.brokers.topic import TopicConfig

COPIES = 3
"""Copies of a message where nothing else is asked for: one broker may fail while another is serviced."""

CREATION = 2 * PATIENCE
"""Seconds. The broker that is asked hands a creation to the controller; if that falls silent, it waits half
a minute (`controller.socket.timeout.ms`) before it turns to the next."""

MAX_BATCH_BYTES = 1_100_000
"""Room for one message of 1,000,000 bytes with names of headers and the frame of its batch."""

DAY_MS = 86_400_000
HOUR_MS = 3_600_000
TOPIC = 2
"""Kafka's `ConfigResource.Type`."""

ATLEAST = ("max.message.bytes", "min.insync.replicas")
"""Settings of which more than asked for is fine."""


def wanted_settings(config: TopicConfig, copies: int) -> dict[str, str]:
    """The settings of a topic that carry what `config` promises; these are compared."""
    retention = -1 if config.retention is None else round(config.retention * 1_000)
    settings = {"cleanup.policy": config.cleanup, "max.message.bytes": str(MAX_BATCH_BYTES)}
    if config.cleanup == "delete":
        settings |= {"retention.ms": str(retention), "retention.bytes": "-1"}
    if copies >= COPIES:
        settings["min.insync.replicas"] = "2"
    return settings


def made_with(config: TopicConfig, copies: int) -> dict[str, str]:
    """All settings that a topic is made with; those beyond `wanted_settings` may be tuned later."""
    settings = wanted_settings(config, copies) | {"message.timestamp.type": "CreateTime"}
    if config.cleanup == "compact":
        settings |= {"min.compaction.lag.ms": str(HOUR_MS), "delete.retention.ms": str(DAY_MS)}
    return settings


async def declare(connection: Connection, topic: str, partitions: int, config: TopicConfig) -> None:
    """Create the topic, or check it; returns when every partition has a leader.

    Raises PartitionsDiffer or TopicDiffers, which name everything that differs and what to do.
    """
    if partitions < 1:
        raise InvalidTopic(f"{topic!r} needs at least one partition, not {partitions}")
    layout = await look(connection, [topic])
    if topic not in layout.leaders:
        copies = config.replication or min(COPIES, len(layout.brokers))
        await _create(connection, topic, partitions, copies, made_with(config, copies))
        layout = await _led(connection, topic)
    await _compare(connection, topic, partitions, config, layout)


async def _create(
    connection: Connection, topic: str, partitions: int, copies: int, settings: Mapping[str, str]
) -> None:
    asked = Asked(connection.servers, f"create {topic!r} with {copies} copies", topic, operation="Create")

    async def question() -> None:
        request = CreateTopicsRequest(
            [(topic, partitions, copies, [], list(settings.items()))], timeout=10_000, validate_only=False
        )
        response = await connection.send(request)
        try:
            for _, code, message in response.topic_errors:
                check(code, message)
        except TopicAlreadyExistsError:  # somebody was faster; what they made is compared like any other
            return

    await connection.patiently(asked, question, CREATION)


async def _led(connection: Connection, topic: str) -> Layout:
    """Wait until the new topic is known with leaders, which takes brokers a moment."""
    until = asyncio.get_running_loop().time() + PATIENCE
    while True:
        layout = await look(connection, [topic])
        leaders = layout.leaders.get(topic, {})
        if leaders and all(leader >= 0 for leader in leaders.values()):
            return layout
        if asyncio.get_running_loop().time() > until:
            raise TimedOut(f"{topic!r} was created on {','.join(connection.servers)} and has no leader after "
                           f"{PATIENCE:g} s: look at the brokers' logs")  # fmt: skip
        await asyncio.sleep(BACKOFF)


async def _compare(
    connection: Connection, topic: str, partitions: int, config: TopicConfig, layout: Layout
) -> None:
    where = ",".join(connection.servers)
    found = len(layout.leaders[topic])
    if found != partitions:
        raise PartitionsDiffer(
            f"topic {topic!r} on {where} has {found} partitions, {partitions} were asked for: "
            f"set the number to {found}, or use another topic_prefix (it never changes, as keys would move)"
        )
    copies = layout.copies[topic]
    fewer = [] if copies >= config.replication else [f"{copies} copies, not {config.replication}"]
    stands = await settings_of(connection, topic)
    wrong = _wrong(stands, wanted_settings(config, copies))
    if fewer or wrong:
        named = fewer + [f"{name} {stands.get(name, 'unset')}, not {value}" for name, value in wrong.items()]
        raise TopicDiffers(f"topic {topic!r} on {where} has {'; '.join(named)}: "
                           f"{_remedy(where, topic, copies, bool(fewer), wrong)}")  # fmt: skip


def _wrong(found: Mapping[str, str], wanted: Mapping[str, str]) -> dict[str, str]:
    return {
        name: value
        for name, value in wanted.items()
        if not (int(found[name]) >= int(value) if name in ATLEAST else _same(found[name], value))
    }


def _same(found: str, wanted: str) -> bool:
    """Lists of policies have no order."""
    return set(found.replace(" ", "").split(",")) == set(wanted.split(","))


def _remedy(where: str, topic: str, copies: int, fewer: bool, wrong: Mapping[str, str]) -> str:
    """What to type, or to set; a value in brackets is a list to kafka-configs."""
    ways = []
    if fewer:
        ways.append(f"add copies with kafka-reassign-partitions, or set replication to {copies}")
    if wrong:
        pairs = ",".join(
            f"{name}=[{value}]" if "," in value else f"{name}={value}" for name, value in wrong.items()
        )
        ways.append(f"kafka-configs --bootstrap-server {where} --alter --entity-type topics "
                    f"--entity-name {topic} --add-config {pairs}")  # fmt: skip
        if "retention.ms" in wrong:
            ways.append("or set retention_days to what it keeps")
    return "; ".join(ways)


async def settings_of(connection: Connection, topic: str) -> dict[str, str]:
    """Every setting of the topic in force, also those that the brokers give it."""
    asked = Asked(connection.servers, f"read the settings of {topic!r}", topic, operation="DescribeConfigs")

    async def question() -> dict[str, str]:
        response = await connection.send(
            DescribeConfigsRequest([(TOPIC, topic, None)], include_synonyms=False)
        )
        found: dict[str, str] = {}
        for code, message, _, _, entries in response.resources:
            check(code, message)
            found |= {entry[0]: entry[1] for entry in entries if entry[1] is not None}
        return found

    return await connection.patiently(asked, question)


def config_of(settings: Mapping[str, str], copies: int) -> TopicConfig:
    """What the topic keeps. Compaction with an end of its own is "compact" with a retention."""
    policies = set(settings["cleanup.policy"].replace(" ", "").split(","))
    retention = int(settings["retention.ms"]) / 1_000 if "delete" in policies else -1
    cleanup = "compact" if "compact" in policies else "delete"
    return TopicConfig(cleanup, None if retention < 0 else retention, copies)  # type: ignore[arg-type]
