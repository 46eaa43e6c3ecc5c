"""What a secured cluster demands of its clients, and the files and secrets to answer it with."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import trustme
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

MECHANISMS = ("SCRAM-SHA-256", "SCRAM-SHA-512")
ADMIN = "admin"


def _password() -> str:
    return secrets.token_urlsafe(18)


@dataclass(frozen=True, slots=True)
class Security:
    """What the listener for clients requires; brokers talk to each other in the clear, on loopback.

    `user` has its password in both mechanisms and, with `acls`, no right until one is given to it;
    "admin" may do everything. `certificates`: a client must show one that the cluster's authority signed.
    """

    tls: bool = True
    scram: bool = True
    acls: bool = False
    certificates: bool = False
    user: str = "storywire"
    password: str = field(default_factory=_password, repr=False)
    admin_password: str = field(default_factory=_password, repr=False)

    @property
    def protocol(self) -> str:
        """Kafka's `security.protocol`."""
        return ("SASL_" if self.scram else "") + ("SSL" if self.tls else "PLAINTEXT")

    def settings(self, folder: Path) -> Mapping[str, str]:
        """The brokers' settings; `folder` is where `certify` put its files."""
        found: dict[str, str] = {}
        if self.tls:
            found["listener.name.client.ssl.keystore.type"] = "PEM"
            found["listener.name.client.ssl.keystore.location"] = str(folder / "broker.pem")
        if self.certificates:
            found["listener.name.client.ssl.client.auth"] = "required"
            found["listener.name.client.ssl.truststore.type"] = "PEM"
            found["listener.name.client.ssl.truststore.location"] = str(folder / "ca.pem")
        if self.scram:
            found |= _scram()
        if self.acls:
            found["authorizer.class.name"] = "org.apache.kafka.metadata.authorizer.StandardAuthorizer"
            found["allow.everyone.if.no.acl.found"] = "false"
            # Brokers reach each other without a name; clients cannot, their listener asks for one.
            found["super.users"] = f"User:{ADMIN};User:ANONYMOUS"
        return found

    def credentials(self) -> list[str]:
        """The values of `--add-scram` when a broker's folder is formatted."""
        if not self.scram:
            return []
        users = {self.user: self.password, ADMIN: self.admin_password}
        return [f"{m}=[name={name},password={word}]" for m in MECHANISMS for name, word in users.items()]


def _scram() -> dict[str, str]:
    module = "org.apache.kafka.common.security.scram.ScramLoginModule required;"
    return {"listener.name.client.sasl.enabled.mechanisms": ",".join(MECHANISMS)} | {
        f"listener.name.client.{mechanism.lower()}.sasl.jaas.config": module for mechanism in MECHANISMS
    }


def certify(folder: Path) -> None:
    """Writes the two authorities, a certificate for 127.0.0.1 and one for a client with its key."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "ca.pem")
    trustme.CA().cert_pem.write_to_path(folder / "wrong-ca.pem")
    leaf = authority.issue_cert("127.0.0.1", "localhost")
    key = load_pem_private_key(leaf.private_key_pem.bytes(), None)
    # Kafka reads a key in PKCS #8 only, trustme writes the older form.
    written = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    _keep(folder / "broker.pem", written + b"".join(pem.bytes() for pem in leaf.cert_chain_pems))
    client = authority.issue_cert("client@storywire.test")
    client.cert_chain_pems[0].write_to_path(folder / "client.pem")
    _keep(folder / "client.key", client.private_key_pem.bytes())


def _keep(target: Path, secret: bytes) -> None:
    target.touch(mode=0o600)
    target.write_bytes(secret)
