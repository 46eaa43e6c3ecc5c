"""Fetcher: the seam between what asks for a document and the network."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from pipeline.poll.answer import Fetched, Unfetched

FEED_TYPES = (
    "application/atom+xml, application/rss+xml, application/feed+json;q=0.9, application/xml;q=0.8, "
    "text/xml;q=0.8, application/json;q=0.7, */*;q=0.1"
)
PAGE_TYPES = "text/html, application/xhtml+xml;q=0.9, */*;q=0.1"


@dataclass(frozen=True, slots=True)
class Get:
    """A GET request (or, with `form`, a POST of it). `limit` bounds the body in bytes after decompression."""

    url: str
    accept: str = FEED_TYPES
    headers: Mapping[str, str] = field(default_factory=dict)
    limit: int = 10_000_000
    form: Mapping[str, str] | None = None


class Fetcher(Protocol):
    """Fetches one document. Never raises for what the network does; is safe to call concurrently."""

    async def fetch(self, request: Get) -> Fetched | Unfetched:
        """The answer, whatever its status, or why there is none that can be read."""
