"""A web in memory: what stands at which address, who failed, and who asked for what when."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urljoin

from agents.http.fetcher import Get
from agents.polling.clock import Clock
from pipeline.outcome import Reason, Rejected
from pipeline.poll.answer import Answer, Fetched, Hop, Unfetched

MOST_REDIRECTS = 5


@dataclass(frozen=True)
class Stand:
    """What answers at an address. With `why` nothing does; with `to` it redirects."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    to: str | None = None
    why: Rejected | None = None


@dataclass(frozen=True)
class Asked:
    """A request as the web saw it."""

    url: str
    at: datetime
    request: Get


NOWHERE = Stand(b"nothing here", 404, {"content-type": "text/plain"})


class Web:
    """A Fetcher without a network: addresses get what the test puts there, others a 404."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._stands: dict[str, Stand] = {}
        self.requests: list[Asked] = []

    # --- what stands there

    def page(self, url: str, html: str, content_type: str = "text/html; charset=utf-8") -> None:
        """A page in UTF-8."""
        self.put(url, html.encode(), content_type)

    def put(
        self,
        url: str,
        body: bytes,
        content_type: str = "application/rss+xml",
        status: int = 200,
        **headers: str,
    ) -> None:
        """Bytes, with a header for each keyword (`last_modified` is Last-Modified)."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self._stands[url] = Stand(body, status, {"content-type": content_type, **named})

    def answer(self, url: str, status: int, **headers: str) -> None:
        """A status without a body."""
        self.put(url, b"", "text/plain", status, **headers)

    def redirect(self, url: str, to: str, status: int = 302) -> None:
        """A redirect to another address of this web."""
        self._stands[url] = Stand(status=status, to=to)

    def fail(self, url: str, reason: Reason = Reason.UNREACHABLE, message: str = "nobody answers") -> None:
        """No answer, for this reason."""
        self._stands[url] = Stand(why=Rejected(reason, message))

    def remove(self, url: str) -> None:
        """Nothing stands there any more."""
        self._stands.pop(url, None)

    # --- what was asked

    @property
    def log(self) -> list[str]:
        """The addresses asked for, in order, without those that redirects led to."""
        return [asked.url for asked in self.requests]

    async def fetch(self, request: Get) -> Fetched | Unfetched:
        """The Fetcher seam: follows redirects, bounds the body, never raises."""
        self.requests.append(Asked(request.url, self._clock.now(), request))
        url, hops = request.url, ()
        while (stand := self._stands.get(url, NOWHERE)).to is not None:
            hops = (*hops, Hop(url, stand.status))
            url = urljoin(url, stand.to)
            if len(hops) > MOST_REDIRECTS:
                return self._unfetched(
                    Rejected(Reason.TOO_MANY_REDIRECTS, "more redirects than are followed")
                )
        if stand.why is not None:
            return self._unfetched(stand.why)
        head = Answer(
            asked=request.url,
            url=url,
            status=stand.status,
            at=self._clock.now(),
            headers={name.lower(): value for name, value in stand.headers.items()},
            hops=hops,
            conditional=any(name.lower().startswith("if-") for name in request.headers),
        )
        if len(stand.body) > request.limit:
            return self._unfetched(Rejected(Reason.TOO_LARGE, "more bytes than are wanted"), head)
        return Fetched(head, stand.body)

    def _unfetched(self, why: Rejected, head: Answer | None = None) -> Unfetched:
        return Unfetched(why, self._clock.now(), head)
