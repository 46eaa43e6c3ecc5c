"""Access and servers as the arguments that every client of aiokafka takes."""

import ssl
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from agents.brokers.access import Access
from agents.brokers.errors import LoginRefused

CLIENT = "storywire"
"""How a broker's logs and quotas name us."""


def client_options(servers: Sequence[str], access: Access) -> dict[str, Any]:
    """For AIOKafkaConsumer, AIOKafkaProducer and AIOKafkaClient; holds the password: print it nowhere.

    Raises LoginRefused for a file of a certificate or key that cannot be used.
    """
    options: dict[str, Any] = {
        "bootstrap_servers": list(servers),
        "client_id": CLIENT,
        "security_protocol": protocol(access),
    }
    if access.tls:
        options["ssl_context"] = tls_context(access)
    if access.user:
        options["sasl_mechanism"] = access.mechanism
        options["sasl_plain_username"] = access.user
        options["sasl_plain_password"] = access.password
    return options


def protocol(access: Access) -> str:
    """Kafka's `security.protocol`."""
    return ("SASL_" if access.user else "") + ("SSL" if access.tls else "PLAINTEXT")


def tls_context(access: Access) -> ssl.SSLContext:
    """Checks the broker's name and certificate against `ca`, and shows our own where there is one."""
    context = ssl.create_default_context()
    if access.ca is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        _trust(context, access.ca)
    if access.certificate is not None:
        _show(context, access.certificate, access.key)
    return context


def _trust(context: ssl.SSLContext, ca: Path) -> None:
    try:
        context.load_verify_locations(ca)
    except ssl.SSLError:
        raise LoginRefused(f"kafka_ca {ca}: holds no certificate in PEM form; name the authority's") from None
    except OSError as error:
        raise LoginRefused(f"kafka_ca {ca}: {error.strerror}; name the authority's file") from None


def _show(context: ssl.SSLContext, certificate: Path, key: Path | None) -> None:
    named = f"kafka_certificate {certificate}" + (f", kafka_key {key}" if key else "")
    for path in filter(None, (certificate, key)):
        if not path.is_file():
            raise LoginRefused(f"{named}: {path} is no file")
    try:
        # Without a function OpenSSL would ask a person at the terminal.
        context.load_cert_chain(certificate, key, password=lambda: "")
    except ssl.SSLError as error:
        why = "certificate and key do not belong together" if "MISMATCH" in str(error) else "not in PEM form"
        raise LoginRefused(f"{named}: {why}, or the key is encrypted, which cannot be used") from None
    except OSError as error:
        raise LoginRefused(f"{named}: {error.strerror}") from None
