"""Settings of a cluster that only make sense together."""

from collections.abc import Iterator, Set


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
