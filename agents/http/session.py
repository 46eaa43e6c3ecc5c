"""The worker's one session with the network."""

import ssl
import tomllib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import PackageNotFoundError, version
from ipaddress import ip_network
from pathlib import Path

from aiohttp import ClientSession, ClientTimeout, DummyCookieJar
from aiohttp.abc import AbstractResolver

from agents.http.connector import Guard, GuardedConnector
from agents.http.fetch import HttpFetcher
from agents.http.fetcher import Fetcher
from agents.http.inflate import ACCEPTED
from agents.http.resolver import SystemResolver
from agents.http.target import Targets
from agents.polling.clock import Clock, SystemClock
from config.settings import Settings

PER_HOST = 2
"""Connections to one host, as Media Cloud keeps it."""
LONGEST_CONNECT = 10.0
"""Seconds for a connection and its handshake: who needs longer rarely answers at all."""
LONGEST_LINE = 8_190
LONGEST_HEADER = 32_768
"""Bytes of one header: security policies of 10 kB and more stand before real feeds."""


@asynccontextmanager
async def open_fetcher(
    settings: Settings, resolver: AbstractResolver | None = None, clock: Clock | None = None
) -> AsyncIterator[Fetcher]:
    """The fetcher of these settings, for as long as the context lasts.

    Certificates are verified against the system's authorities (OpenSSL's SSL_CERT_FILE counts). Nothing of
    the environment's proxies, cookies or credentials is used.

    Behind `proxy` every connection goes to the proxy, which the operator named: its own address is let
    through whatever it is. The guard then judges only hosts that spell an address (and localhost), before
    the request; what other names mean is known to the proxy alone, whose own rules have to keep it from
    private networks.
    """
    named = tuple(ip_network(network) for network in settings.allow_networks)
    anywhere = (ip_network("0.0.0.0/0"), ip_network("::/0"))
    names = resolver or SystemResolver(settings.fetchers)
    connector = GuardedConnector(
        Guard(anywhere if settings.proxy else named),
        names,
        ssl.create_default_context(),
        limit=settings.fetchers,
        per_host=PER_HOST,
    )
    connect = min(LONGEST_CONNECT, settings.fetch_timeout / 2)
    try:
        async with ClientSession(
            connector=connector,
            headers={"User-Agent": user_agent(settings.contact), "Accept-Encoding": ACCEPTED},
            timeout=ClientTimeout(total=None, sock_connect=connect),
            cookie_jar=DummyCookieJar(),
            auto_decompress=False,
            trust_env=False,
            proxy=settings.proxy or None,
            max_line_size=LONGEST_LINE,
            max_field_size=LONGEST_HEADER,
        ) as session:
            yield HttpFetcher(session, Targets(Guard(named)), clock or SystemClock(), settings.fetch_timeout)
    finally:
        if resolver is None:
            await names.close()


def user_agent(contact: str) -> str:
    """How the worker names itself to origins: `storywire/1.2 (+https://example.org/reading)`."""
    name = f"storywire/{_version()}"
    return f"{name} (+{contact})" if contact else name


def _version() -> str:
    try:
        return version("storywire")
    except PackageNotFoundError:  # run from its source tree
        project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))["project"]
        return str(project["version"])
