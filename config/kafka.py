"""A cluster's settings: how its address is written, and which only make sense together."""

import re
from collections.abc import Iterator, Set

SERVER = re.compile(r"([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]):\d{1,5}")


def servers_of(url: str) -> tuple[str, ...]:
    """HOST:PORT of each server in `kafka://host:9092,other:9092`; nothing for any other address."""
    servers = tuple(url.removeprefix("kafka://").split(","))
    return servers if url.startswith("kafka://") and all(map(SERVER.fullmatch, servers)) else ()


def kafka_problems(given: Set[str]) -> Iterator[tuple[str, str]]:
    """Of the names of settings that are set: each that cannot stand without another, and what to do."""
    password, file = "kafka_password" in given, "kafka_password_file" in given
    if password and file:
        yield "kafka_password_file", "set either this or kafka_password, not both"
    if "kafka_user" in given and not (password or file):
        yield "kafka_user", "needs kafka_password or kafka_password_file, too"
    if (password or file) and "kafka_user" not in given:
        yield "kafka_password" if password else "kafka_password_file", "needs kafka_user, too"
    if "kafka_certificate" in given and "kafka_key" not in given:
        yield "kafka_certificate", "needs kafka_key, the file of its private key, too"
    if "kafka_key" in given and "kafka_certificate" not in given:
        yield "kafka_key", "needs kafka_certificate, which it belongs to, too"
    for name in ("kafka_ca", "kafka_certificate"):
        if name in given and "kafka_tls" not in given:
            yield name, "is of no use without kafka_tls: set that to true"
