"""Ports that nobody has and that no outgoing connection is given."""

import random
import socket
from contextlib import ExitStack
from pathlib import Path

from tests.kafka.properties import Ports

RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")


def free_ports(brokers: int) -> dict[int, Ports]:
    """Three for each broker 1..n.

    They lie below the range of outgoing connections: a client that keeps trying a dead broker would
    else be given its port one day, and connect to itself.
    """
    first = int(RANGE.read_text("ascii").split()[0]) if RANGE.exists() else 32768
    with ExitStack() as held:
        found: list[int] = []
        while len(found) < 3 * brokers:
            port = random.randrange(10240, min(first, 49152))
            probe = held.enter_context(socket.socket())
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            found.append(port)
    return {n + 1: Ports(*found[3 * n : 3 * n + 3]) for n in range(brokers)}
