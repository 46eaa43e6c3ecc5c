"""The first contact: which servers answer, or the one reason why none does, before any client is made.

aiokafka's own clients log each failure, keep the reason to themselves and try again; people need it.
"""

import asyncio
import ssl
from collections.abc import Mapping, Sequence
from typing import Any

from aiokafka.conn import create_conn, get_ip_port_afi
from aiokafka.protocol.metadata import MetadataRequest

from agents.brokers.access import Access
from agents.brokers.errors import BrokerError, LoginRefused, MaybeError, Unreachable, Unusable
from agents.brokers.kafka.errors import Asked, chain, translated
from agents.brokers.kafka.options import client_options

BOUND = 10.0
"""Seconds that the first answer may take: a healthy broker needs milliseconds, a login a few hundred."""


async def reached(servers: Sequence[str], access: Access) -> dict[str, Any]:
    """`client_options` with one server alone, which answers. Raises what `reach` raises.

    aiokafka asks its servers one after the other, in an order of its own, and each for as long as a request
    may take: a broker that takes connections and answers nothing would use up the time of those that do.
    """
    options = client_options(servers, access)
    return options | {"bootstrap_servers": [await reach(options)]}


async def reach(options: Mapping[str, Any]) -> str:
    """The first server of `client_options` that answers as it would in work.

    Raises LoginRefused, Unusable or Unreachable: what a person can act on comes before silence.
    """
    servers: Sequence[str] = options["bootstrap_servers"]
    tries = [asyncio.create_task(_one(server, options)) for server in servers]
    found: list[BrokerError] = []
    try:
        for attempt in asyncio.as_completed(tries):
            answer = await attempt
            if isinstance(answer, str):
                return answer
            found.append(answer)
    finally:
        for one in tries:
            one.cancel()
        await asyncio.gather(*tries, return_exceptions=True)
    if all(isinstance(error, Unreachable) for error in found):
        raise _unreachable(servers)
    raise min(found, key=_rank)


def _rank(error: BrokerError) -> int:
    kinds = (LoginRefused, Unusable, MaybeError)
    return next((n for n, kind in enumerate(kinds) if isinstance(error, kind)), len(kinds))


def _unreachable(servers: Sequence[str]) -> Unreachable:
    return Unreachable(f"no broker answers at {','.join(servers)}; is the cluster up, is the address right?")


async def _one(server: str, options: Mapping[str, Any]) -> BrokerError | str:
    """The server's address where it answers; else why not."""
    try:
        async with asyncio.timeout(BOUND):
            connection = await _connected(server, options)
    except Exception as error:  # whatever it is, it is why we cannot work
        return await _reason(server, error, options)
    try:
        async with asyncio.timeout(BOUND):
            await connection.send(MetadataRequest([]))
    except Exception as error:
        return _after_hello(server, error, options)
    finally:
        connection.close()
    return server


async def _connected(server: str, options: Mapping[str, Any]) -> Any:
    host, port, _ = get_ip_port_afi(server)
    given = {name: value for name, value in options.items() if name != "bootstrap_servers"}
    return await create_conn(host, port, request_timeout_ms=int(BOUND * 1_000), **given)


async def _reason(server: str, error: BaseException, options: Mapping[str, Any]) -> BrokerError:
    found = translated(error, Asked((server,)))
    if isinstance(found, LoginRefused | Unusable):
        return found
    tls = options["security_protocol"].endswith("SSL")
    if tls and (_is_tls_garble(error) or (_was_closed(error) and not await _speaks_tls(server))):
        return LoginRefused(
            f"{server} does not speak TLS on this port: unset kafka_tls, or name its TLS port"
        )
    if not tls and _was_closed(error) and await _speaks_tls(server):
        return LoginRefused(f"{server} speaks TLS on this port: set kafka_tls (and kafka_ca)")
    return found


def _after_hello(server: str, error: BaseException, options: Mapping[str, Any]) -> BrokerError:
    """The broker said who it is and then ended the conversation: it wants to know who we are."""
    found = translated(error, Asked((server,)))
    if isinstance(found, Unreachable) and not options["security_protocol"].startswith("SASL"):
        return LoginRefused(
            f"{server} asks who we are: set kafka_user and kafka_password (or kafka_certificate)"
        )
    return found


def _was_closed(error: BaseException) -> bool:
    """The other side took the connection and dropped it, which a port that is closed does not."""
    kinds = (EOFError, ConnectionResetError, ConnectionAbortedError, BrokenPipeError, ssl.SSLError)
    return any(isinstance(one, kinds) for one in chain(error)) or "closed" in str(error)


def _is_tls_garble(error: BaseException) -> bool:
    return any(isinstance(one, ssl.SSLError) and one.reason == "WRONG_VERSION_NUMBER" for one in chain(error))


async def _speaks_tls(server: str) -> bool:
    """Whether a TLS handshake works there at all; nothing is sent, so nothing need be trusted."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    host, port, _ = get_ip_port_afi(server)
    try:
        async with asyncio.timeout(BOUND / 2):
            _, writer = await asyncio.open_connection(host, port, ssl=context)
    except ssl.SSLError as error:
        return "ALERT" in (error.reason or "")
    except OSError:  # a time-out is one, too
        return False
    writer.close()
    return True
