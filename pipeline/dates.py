"""Times: always aware, always UTC."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime


def in_utc(moment: datetime) -> datetime:
    """The same moment in UTC. Raises ValueError for a naive datetime, which names no moment."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat()} has no time zone")
    return moment.astimezone(UTC)


Utc = Annotated[AwareDatetime, AfterValidator(in_utc)]
"""A datetime field: pydantic demands a zone on the wire and yields UTC."""
