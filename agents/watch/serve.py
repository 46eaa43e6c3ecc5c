"""Metrics and health over HTTP, in threads of their own: they answer also when the event loop does not."""

import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import orjson
from prometheus_client import make_wsgi_app
from prometheus_client.exposition import ThreadingWSGIServer

from agents.watch.health import Answer
from agents.watch.watch import Instruments

Start = Callable[[str, list[tuple[str, str]]], object]
App = Callable[[dict[str, Any], Start], Iterable[bytes]]


@contextmanager
def served(instruments: Instruments, bind: str) -> Iterator[int]:
    """Serve at `bind` (HOST:PORT) while within; the port, 0 where `bind` is empty. Raises OSError."""
    if not bind:
        yield 0
        return
    host, _, port = bind.rpartition(":")
    server = make_server(host.strip("[]"), int(port), site(instruments), _server(host), handler_class=_Silent)
    thread = threading.Thread(target=server.serve_forever, name="metrics", daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def site(instruments: Instruments) -> App:
    """`/metrics`, `/health`, `/live`; whatever else is asked for is not there."""
    metrics = make_wsgi_app(instruments.metrics.registry)
    answers = {"/health": instruments.health.ready, "/live": instruments.health.live}

    def app(asked: dict[str, Any], start: Start) -> Iterable[bytes]:
        path = asked["PATH_INFO"]
        if path == "/metrics":
            return metrics(asked, start)  # type: ignore[no-any-return]
        answer = answers[path]() if path in answers else Answer(404, {"paths": ["/metrics", *answers]})
        status = HTTPStatus(answer.status)
        start(f"{status.value} {status.phrase}", [("Content-Type", "application/json")])
        return [orjson.dumps(answer.told) + b"\n"]

    return app


def _server(host: str) -> type[ThreadingWSGIServer]:
    class Server(ThreadingWSGIServer):
        address_family = socket.AF_INET6 if host.startswith("[") else socket.AF_INET

    return Server


class _Silent(WSGIRequestHandler):
    """Requests are not worth a line each."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""
