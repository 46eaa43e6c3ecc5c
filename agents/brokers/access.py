"""Access: how a client proves who it is, and whom it believes to be the broker."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

Mechanism = Literal["SCRAM-SHA-512", "SCRAM-SHA-256", "PLAIN"]


@dataclass(frozen=True, slots=True)
class Access:
    """Of a Kafka cluster; the embedded log needs none. The password is in no repr.

    `tls` encrypts and checks the broker's certificate against `ca` (PEM; None: the system's).
    `certificate` and `key` (PEM files) are the client's own, where brokers ask for one. With `user` the
    client logs in by `mechanism`.
    """

    tls: bool = False
    ca: Path | None = None
    certificate: Path | None = None
    key: Path | None = None
    user: str = ""
    password: str = field(default="", repr=False)
    mechanism: Mechanism = "SCRAM-SHA-512"
