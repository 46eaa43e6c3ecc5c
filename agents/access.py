"""How the cluster of these settings is reached."""

from agents.brokers.access import Access
from agents.brokers.errors import LoginRefused
from config.settings import Settings


def access_of(settings: Settings) -> Access:
    """Access as it is set. Raises LoginRefused for a password file that cannot be read."""
    return Access(
        tls=settings.kafka_tls,
        ca=settings.kafka_ca,
        certificate=settings.kafka_certificate,
        key=settings.kafka_key,
        user=settings.kafka_user,
        password=_password(settings),
        mechanism=settings.kafka_mechanism,
    )


def _password(settings: Settings) -> str:
    if settings.kafka_password_file is None:
        return settings.kafka_password.get_secret_value()
    try:
        return settings.kafka_password_file.read_text("utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is no text"
        raise LoginRefused(f"kafka_password_file {settings.kafka_password_file}: {why}") from None
