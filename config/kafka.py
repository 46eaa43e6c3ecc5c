"""Settings of a cluster that only make sense together."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from config.settings import Settings


def kafka_problems(settings: "Settings") -> Iterator[tuple[str, str]]:
    """Each setting that cannot stand as it is, and what to do; no value is in the words."""
    password = bool(settings.kafka_password.get_secret_value())
    file = settings.kafka_password_file is not None
    if password and file:
        yield "kafka_password_file", "set either this or kafka_password, not both"
    if settings.kafka_user and not (password or file):
        yield "kafka_user", "needs kafka_password or kafka_password_file, too"
    if (password or file) and not settings.kafka_user:
        yield "kafka_password" if password else "kafka_password_file", "needs kafka_user, too"
    if settings.kafka_certificate and not settings.kafka_key:
        yield "kafka_certificate", "needs kafka_key, the file of its private key, too"
    if settings.kafka_key and not settings.kafka_certificate:
        yield "kafka_key", "needs kafka_certificate, which it belongs to, too"
    for name in ("kafka_ca", "kafka_certificate"):
        if getattr(settings, name) and not settings.kafka_tls:
            yield name, "is of no use without kafka_tls: set that to true"
