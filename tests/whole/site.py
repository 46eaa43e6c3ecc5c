"""A small site on loopback, for commands that really ask: pages by path, and what was asked for."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


@dataclass(frozen=True)
class Page:
    """What a path answers; a redirect where there is a `location`."""

    body: bytes = b""
    content_type: str = "application/rss+xml"
    status: int = 200
    location: str = ""


@dataclass
class Site:
    """A running site. `pages` may change while it runs; `asked` are (path, User-Agent) in order."""

    url: str = ""
    pages: dict[str, Page] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)


@contextmanager
def running_site() -> Iterator[Site]:
    """A site on a free port of loopback."""
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append((self.path, self.headers.get("User-Agent", "")))
            page = site.pages.get(self.path, Page(b"nothing here", "text/plain", 404))
            self.send_response(page.status)
            self.send_header("Content-Type", page.content_type)
            self.send_header("Content-Length", str(len(page.body)))
            if page.location:
                self.send_header("Location", page.location)
            self.end_headers()
            self.wfile.write(page.body)

        def log_message(self, *_: object) -> None:
            """Nothing on standard error."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    site.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def rss(title: str, *entries: str, language: str = "en") -> Page:
    """A feed with these entries."""
    items = "".join(
        f"<item><title>{entry}</title><link>https://news.example/{number}</link>"
        "<pubDate>Sat, 04 May 2024 10:00:00 GMT</pubDate></item>"
        for number, entry in enumerate(entries)
    )
    head = f"<title>{title}</title><link>https://news.example/</link><language>{language}</language>"
    return Page(f'<rss version="2.0"><channel>{head}{items}</channel></rss>'.encode())
