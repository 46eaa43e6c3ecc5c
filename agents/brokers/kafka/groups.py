"""Consumer groups from outside: how far they are, where they go on, and who is in them."""

import asyncio
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from aiokafka.errors import (
    IllegalGenerationError,
    RebalanceInProgressError,
    UnknownMemberIdError,
)
from aiokafka.protocol.admin import DescribeGroupsRequest, ListGroupsRequest
from aiokafka.protocol.commit import OffsetCommitRequest, OffsetFetchRequest

from agents.brokers.errors import WorkerRunning
from agents.brokers.kafka.connection import Connection, check
from agents.brokers.kafka.errors import Asked
from agents.brokers.kafka.layout import look
from agents.brokers.message import TopicPartition

OCCUPIED = (UnknownMemberIdError, IllegalGenerationError, RebalanceInProgressError)
"""What a coordinator says to a commit from outside while the group has members."""


async def committed(connection: Connection, group: str) -> dict[TopicPartition, int]:
    """Per partition the offset at which the group goes on; those it never committed are absent."""
    asked = Asked(connection.servers, f"read the offsets of group {group!r}", group=group, operation="Read")

    async def question() -> dict[TopicPartition, int]:
        node = await connection.coordinator(group)
        response = await connection.send(OffsetFetchRequest(group, None), node)
        check(response.error_code)
        found: dict[TopicPartition, int] = {}
        for topic, partitions in response.topics:
            for partition, offset, _, code in partitions:
                check(code)
                if offset >= 0:
                    found[topic, partition] = offset
        return found

    return await connection.patiently(asked, question)


async def commit(connection: Connection, group: str, offsets: Mapping[TopicPartition, int]) -> None:
    """Set the offsets at which the group goes on. Raises WorkerRunning where somebody is in it."""
    asked = Asked(connection.servers, f"commit as group {group!r}", group=group, operation="Read",
                  topic=", ".join(sorted({topic for topic, _ in offsets})))  # fmt: skip
    topics: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
    for (topic, partition), offset in offsets.items():
        topics[topic].append((partition, offset, ""))

    async def question() -> None:
        node = await connection.coordinator(group)
        response = await connection.send(OffsetCommitRequest(group, -1, "", -1, list(topics.items())), node)
        try:
            for _, partitions in response.topics:
                for _, code in partitions:
                    check(code)
        except OCCUPIED:
            raise WorkerRunning(f"group {group!r} on {asked.where} has members, which alone may commit: "
                                "stop the workers first") from None  # fmt: skip

    if topics:
        await connection.patiently(asked, question)


async def alone(connection: Connection, name: str) -> None:
    """Raises WorkerRunning where a group called `name` or `name-<number>` has members."""
    ours = re.compile(re.escape(name) + r"(-\d+)?")
    asked = Asked(connection.servers, f"look for workers of {name!r}", group=name, operation="Describe")

    async def question() -> list[str]:
        brokers = (await look(connection, [])).brokers  # one that died is gone from there after a while
        found = await asyncio.gather(*(_members(connection, node, ours) for node in brokers))
        return [member for one in found for member in one]

    members = await connection.patiently(asked, question)
    if members:
        raise WorkerRunning(
            f"{len(members)} worker{'s'[: len(members) > 1]} of {name!r} on {asked.where} "
            f"({', '.join(sorted(members)[:4])}): stop them first; one that was killed is gone after "
            "its session, within a minute"
        )


async def _members(connection: Connection, node: int, ours: re.Pattern[str]) -> Sequence[str]:
    """Where the members of such groups run, of those groups that this broker coordinates."""
    listed = await connection.send(ListGroupsRequest(), node)
    check(listed.error_code)
    names = [group for group, _ in listed.groups if ours.fullmatch(group)]
    found: list[str] = []
    for name in names:
        # One at a time: aiokafka 0.14 reads the answer by an older layout, which fits a single group alone.
        described = await connection.send(DescribeGroupsRequest([name]), node)
        for code, group, _, _, _, members, *_ in described.groups:
            check(code, group)
            found += [f"{group} at {host.lstrip('/')}" for _, _, host, *_ in members]
    return found
