"""A Kafka cluster of one to three brokers on loopback, and what can be done to it."""

import base64
import fcntl
import json
import os
import signal
import ssl
import subprocess
import sys
import uuid
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

from tests.kafka.jars import resolved
from tests.kafka.node import JAVA, Node, NotStarted, PortTaken
from tests.kafka.ports import free_ports
from tests.kafka.properties import Ports, properties
from tests.kafka.security import Security, certify

ROOT = Path(__file__).resolve().parents[2]
READY = 60.0
"""Seconds that brokers are given to start; on an idle machine one needs three."""

TRIES = 3


class Cluster(AbstractContextManager["Cluster"]):
    """Brokers 1..`brokers` with their data in `folder`; a folder that has data is opened as it was.

    `settings` override the brokers' (Kafka's names), `java` replaces the JVM's options. Its processes
    end with it: by `stop`, and by a warden where this process is killed.
    """

    def __init__(
        self,
        folder: Path,
        brokers: int = 1,
        security: Security | None = None,
        settings: Mapping[str, str] | None = None,
        java: Sequence[str] = JAVA,
    ) -> None:
        self.folder, self.security = folder.absolute(), security
        self._brokers, self._settings, self._java = brokers, dict(settings or {}), java
        self._nodes: dict[int, Node] = {}
        self._ports: dict[int, Ports] = {}
        self._warden: subprocess.Popen[bytes] | None = None
        self._lock: TextIO | None = None

    def __enter__(self) -> "Cluster":
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._kill_all()
        self.stop()

    @property
    def bootstrap(self) -> str:
        """host:port of each broker, separated by commas."""
        return ",".join(f"127.0.0.1:{port.client}" for port in self._ports.values())

    @property
    def url(self) -> str:
        """What storywire's `--broker` takes."""
        return f"kafka://{self.bootstrap}"

    @property
    def ca(self) -> Path:
        """The authority that signed the brokers' certificates."""
        return self.folder / "ca.pem"

    @property
    def wrong_ca(self) -> Path:
        """An authority that signed nothing here."""
        return self.folder / "wrong-ca.pem"

    @property
    def certificate(self) -> Path:
        """A client's, signed by `ca`: what `Security(certificates=True)` demands. Its key is `key`."""
        return self.folder / "client.pem"

    @property
    def key(self) -> Path:
        """Of `certificate`."""
        return self.folder / "client.key"

    @property
    def running(self) -> list[int]:
        """The brokers that were started and not yet killed or stopped."""
        return [n for n, node in self._nodes.items() if node.pid is not None]

    def pid(self, number: int) -> int | None:
        """Of the broker's process; None while it does not run."""
        return self._nodes[number].pid

    def log(self, number: int) -> Path:
        """What the broker printed, in all its lives."""
        return self._nodes[number].log

    def start(self) -> None:
        """Returns when every broker serves. Raises `Unavailable` (no Java) or `NotStarted`."""
        jars = resolved()
        self.folder.mkdir(parents=True, exist_ok=True)
        self._take_folder()
        self._nodes = {
            n: Node(n, self.folder / f"broker-{n}", jars, self._java) for n in range(1, self._brokers + 1)
        }
        if self.security is not None and self.security.tls and not self.ca.exists():
            certify(self.folder)
        self._open_warden()
        try:
            self._start_somewhere()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Ends every process, politely first; leaving a `with` kills, as nobody reads the data again."""
        for node in self._alive():
            node.signal(signal.SIGTERM)
            node.signal(signal.SIGCONT)
        for node in self._alive():
            self._end(node, 10)
        if self._warden is not None and self._warden.stdin is not None:
            self._warden.stdin.close()
            self._warden.wait(10)
            self._warden = None
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def kill(self, number: int) -> None:
        """kill -9; returns when the process is gone."""
        self._nodes[number].signal(signal.SIGKILL)
        self._nodes[number].ended(self._guard, 10)

    def terminate(self, number: int) -> None:
        """SIGTERM: the broker hands its partitions over; returns when the process is gone."""
        self._nodes[number].signal(signal.SIGTERM)
        self._nodes[number].ended(self._guard, READY)

    def pause(self, number: int) -> None:
        """SIGSTOP: half-dead, its sockets accept and nothing answers."""
        self._nodes[number].signal(signal.SIGSTOP)

    def resume(self, number: int) -> None:
        """SIGCONT."""
        self._nodes[number].signal(signal.SIGCONT)

    def start_broker(self, number: int, wait: bool = True) -> None:
        """A broker that was killed or terminated starts again, with its ports and data."""
        assert self._nodes[number].pid is None, f"broker {number} runs"
        self._nodes[number].start(self._guard)
        if wait:
            self.wait_for(number)

    def wait_for(self, number: int) -> None:
        """Waits until a broker that was started serves."""
        self._nodes[number].ready(READY)

    def watch(self) -> int:
        """Waits until a broker ends that nobody told to; its number."""
        while True:
            for number in self.running:
                if self._nodes[number].over(1.0):
                    return number

    def client(
        self, user: str | None = None, password: str | None = None, ca: Path | None = None
    ) -> dict[str, Any]:
        """Keyword arguments for any client of aiokafka; what is not given is right."""
        found: dict[str, Any] = {"bootstrap_servers": self.bootstrap}
        if self.security is None:
            return found
        found["security_protocol"] = self.security.protocol
        if self.security.tls:
            found["ssl_context"] = context = ssl.create_default_context(cafile=ca or self.ca)
            if self.security.certificates:
                context.load_cert_chain(self.certificate, self.key)
        if self.security.scram:
            found["sasl_mechanism"] = "SCRAM-SHA-512"
            found["sasl_plain_username"] = user or self.security.user
            found["sasl_plain_password"] = password or self.security.password
        return found

    def _take_folder(self) -> None:
        """Two clusters on one folder would write into each other's files: Kafka's own lock comes too late."""
        lock = (self.folder / "lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            raise NotStarted(
                f"another one runs in {self.folder}: stop it, or name another with --folder"
            ) from None
        self._lock = lock

    def _start_somewhere(self) -> None:
        """On ports of its own choice, or where it was before; a port lost to somebody is chosen anew."""
        known = self.folder / "cluster.json"
        told: dict[str, Any] = {"id": _cluster_id()}
        if known.exists():
            told = json.loads(known.read_text("utf-8"))
        for left in reversed(range(TRIES)):
            self._ports = {int(n): Ports(**p) for n, p in told.get("ports", {}).items()} or free_ports(
                self._brokers
            )
            if len(self._ports) != self._brokers:
                raise NotStarted(
                    f"{self.folder} holds {len(self._ports)} broker(s), not {self._brokers}: "
                    "name another folder with --folder, or remove this one"
                )
            try:
                self._start_all(told["id"])
                break
            except PortTaken:
                if "ports" in told or not left:
                    raise
                self._kill_all()
        ports = {n: asdict(port) for n, port in self._ports.items()}
        known.write_text(json.dumps({"id": told["id"], "ports": ports}), "utf-8")

    def _start_all(self, cluster_id: str) -> None:
        security = self.security or Security(tls=False, scram=False)
        for n, node in self._nodes.items():
            own = properties(n, self._ports, node.data, security.protocol)
            node.configure({**own, **security.settings(self.folder), **self._settings})
        formatting = [node.formatting(cluster_id, security.credentials()) for node in self._nodes.values()]
        for node, process in zip(self._nodes.values(), formatting, strict=True):
            node.formatted(process)
        for node in self._nodes.values():
            node.start(self._guard)
        for node in self._nodes.values():
            node.ready(READY)

    def _open_warden(self) -> None:
        self._warden = subprocess.Popen(
            [sys.executable, "-S", "-m", "tests.kafka.warden"],
            stdin=subprocess.PIPE,
            cwd=ROOT,
            start_new_session=True,
        )

    @property
    def _guard(self) -> int:
        assert self._warden is not None, "the cluster does not run"
        assert self._warden.stdin is not None
        return self._warden.stdin.fileno()

    def _alive(self) -> list[Node]:
        return [node for node in self._nodes.values() if node.pid is not None]

    def _kill_all(self) -> None:
        for node in self._alive():
            self._end(node, 0)

    def _end(self, node: Node, seconds: float) -> None:
        try:
            node.ended(self._guard, seconds)
        except subprocess.TimeoutExpired:
            os.kill(node.pid or 0, signal.SIGKILL)
            node.ended(self._guard, 10)


def _cluster_id() -> str:
    """Kafka's form of a UUID; one that starts with "-" would be taken for an option."""
    found = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
    return _cluster_id() if found.startswith("-") else found
