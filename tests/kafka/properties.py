"""The settings of one broker: a node that is controller too, quick to start and to notice a death."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PROTOCOLS = "CONTROLLER:PLAINTEXT,INTERNAL:PLAINTEXT,CLIENT:{client}"

QUICK = {
    "auto.create.topics.enable": "false",
    "unclean.leader.election.enable": "false",
    "num.partitions": "1",
    "num.network.threads": "2",
    "num.io.threads": "4",
    "background.threads": "4",
    "num.recovery.threads.per.data.dir": "1",
    "group.initial.rebalance.delay.ms": "0",
    "group.min.session.timeout.ms": "500",
    "offsets.topic.num.partitions": "5",
    "transaction.state.log.num.partitions": "5",
    "share.coordinator.state.topic.num.partitions": "1",
    # A dead broker is noticed after 4 s, not 9: a test waits for it.
    "broker.heartbeat.interval.ms": "500",
    "broker.session.timeout.ms": "4000",
    # Compaction and retention can be watched; the buffer must fit a small heap (128 MB otherwise).
    "log.initial.task.delay.ms": "100",
    "log.retention.check.interval.ms": "500",
    "log.cleaner.backoff.ms": "200",
    "log.cleaner.threads": "1",
    "log.cleaner.dedupe.buffer.size": "4194304",
    "log.cleaner.io.buffer.size": "262144",
    "log.segment.delete.delay.ms": "500",
}
"""Where a default is made for clusters that run for months; `Cluster(settings=...)` overrides."""


@dataclass(frozen=True, slots=True)
class Ports:
    """Of one broker, on 127.0.0.1."""

    client: int
    internal: int
    controller: int


def properties(node: int, ports: Mapping[int, Ports], folder: Path, protocol: str) -> dict[str, str]:
    """What broker `node` of a cluster with these ports is started with; `protocol` is the clients'."""
    own = ports[node]
    where = f"CLIENT://127.0.0.1:{own.client},INTERNAL://127.0.0.1:{own.internal}"
    copies = min(3, len(ports))
    return {
        "process.roles": "broker,controller",
        "node.id": str(node),
        "listeners": f"{where},CONTROLLER://127.0.0.1:{own.controller}",
        "advertised.listeners": where,
        "listener.security.protocol.map": PROTOCOLS.format(client=protocol),
        "inter.broker.listener.name": "INTERNAL",
        "controller.listener.names": "CONTROLLER",
        "controller.quorum.voters": ",".join(f"{n}@127.0.0.1:{p.controller}" for n, p in ports.items()),
        "log.dirs": str(folder),
        **_copies(copies, max(1, copies - 1)),
        **QUICK,
    }


def _copies(copies: int, in_sync: int) -> dict[str, str]:
    return {
        "default.replication.factor": str(copies),
        "min.insync.replicas": str(in_sync),
        "offsets.topic.replication.factor": str(copies),
        "transaction.state.log.replication.factor": str(copies),
        "transaction.state.log.min.isr": str(in_sync),
        "share.coordinator.state.topic.replication.factor": str(copies),
        "share.coordinator.state.topic.min.isr": str(in_sync),
    }
