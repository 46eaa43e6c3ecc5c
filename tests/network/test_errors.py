"""Every exception of the layers below has a home among the reasons."""

import asyncio
import logging
import socket
import ssl

import aiohttp
import pytest
from aiohttp import client_exceptions, http_exceptions
from aiohttp.client_reqrep import ConnectionKey
from yarl import URL

from agents.http.connector import RefusedAddress
from agents.http.errors import HOMES, rejected
from pipeline.outcome import Reason

KEY = ConnectionKey("feeds.example", 443, True, True, None, None, None)
INFO = aiohttp.RequestInfo(URL("https://feeds.example/"), "GET", {}, URL("https://feeds.example/"))
BROKEN = OSError(111, "Connect call failed")
EXAMPLES: dict[str, tuple[BaseException, Reason]] = {
    "ClientError": (aiohttp.ClientError("odd"), Reason.BAD_RESPONSE),
    "ClientConnectionError": (aiohttp.ClientConnectionError("gone"), Reason.UNREACHABLE),
    "ClientConnectionResetError": (client_exceptions.ClientConnectionResetError("gone"), Reason.UNREACHABLE),
    "ClientOSError": (aiohttp.ClientOSError(104, "Connection reset by peer"), Reason.UNREACHABLE),
    "ClientConnectorError": (aiohttp.ClientConnectorError(KEY, BROKEN), Reason.UNREACHABLE),
    "ClientProxyConnectionError": (aiohttp.ClientProxyConnectionError(KEY, BROKEN), Reason.UNREACHABLE),
    "ClientSSLError": (aiohttp.ClientSSLError(KEY, BROKEN), Reason.UNREACHABLE),
    "ClientConnectorDNSError": (aiohttp.ClientConnectorDNSError(KEY, BROKEN), Reason.DNS_FAILED),
    "ClientConnectorSSLError": (aiohttp.ClientConnectorSSLError(KEY, BROKEN), Reason.UNREACHABLE),
    "ClientConnectorCertificateError": (
        aiohttp.ClientConnectorCertificateError(KEY, ssl.CertificateError("expired")),
        Reason.BAD_CERTIFICATE,
    ),
    "ConnectionTimeoutError": (aiohttp.ConnectionTimeoutError("late"), Reason.TIMED_OUT),
    "SocketTimeoutError": (aiohttp.SocketTimeoutError("late"), Reason.TIMED_OUT),
    "ServerConnectionError": (aiohttp.ServerConnectionError("odd"), Reason.UNREACHABLE),
    "ServerTimeoutError": (aiohttp.ServerTimeoutError("late"), Reason.TIMED_OUT),
    "ServerDisconnectedError": (aiohttp.ServerDisconnectedError(), Reason.UNREACHABLE),
    "ServerFingerprintMismatch": (
        aiohttp.ServerFingerprintMismatch(b"a", b"b", "feeds.example", 443),
        Reason.BAD_CERTIFICATE,
    ),
    "ClientResponseError": (aiohttp.ClientResponseError(INFO, (), status=400), Reason.BAD_RESPONSE),
    "ClientHttpProxyError": (aiohttp.ClientHttpProxyError(INFO, (), status=403), Reason.UNREACHABLE),
    "WSServerHandshakeError": (aiohttp.WSServerHandshakeError(INFO, ()), Reason.BAD_RESPONSE),
    "ContentTypeError": (aiohttp.ContentTypeError(INFO, ()), Reason.BAD_RESPONSE),
    "ClientPayloadError": (aiohttp.ClientPayloadError("half"), Reason.CUT_SHORT),
    "InvalidURL": (aiohttp.InvalidURL("http:"), Reason.BAD_ADDRESS),
    "InvalidUrlClientError": (aiohttp.InvalidUrlClientError("http:"), Reason.BAD_ADDRESS),
    "RedirectClientError": (aiohttp.RedirectClientError(), Reason.BAD_RESPONSE),
    "NonHttpUrlClientError": (aiohttp.NonHttpUrlClientError("ftp:"), Reason.BAD_ADDRESS),
    "InvalidUrlRedirectClientError": (aiohttp.InvalidUrlRedirectClientError("http:"), Reason.BAD_ADDRESS),
    "NonHttpUrlRedirectClientError": (aiohttp.NonHttpUrlRedirectClientError("ftp:"), Reason.BAD_ADDRESS),
    "WSMessageTypeError": (client_exceptions.WSMessageTypeError("odd"), Reason.BAD_RESPONSE),
    "UploadAbortedError": (client_exceptions.UploadAbortedError("odd"), Reason.BAD_RESPONSE),
    "TooManyRedirects": (aiohttp.TooManyRedirects(INFO, ()), Reason.BAD_RESPONSE),
    "UnixClientConnectorError": (
        client_exceptions.UnixClientConnectorError("/x", KEY, BROKEN),
        Reason.UNREACHABLE,
    ),
}
"""An example of each exception of aiohttp's client, and its reason."""


def exported() -> set[str]:
    """The names of all exception classes that aiohttp's client has, exported or not."""
    places = (vars(aiohttp), vars(client_exceptions))
    return {
        name
        for place in places
        for name, one in place.items()
        if isinstance(one, type) and issubclass(one, aiohttp.ClientError)
    } | set(client_exceptions.__all__)


def test_all_of_aiohttp_is_known() -> None:
    """Each exception class of aiohttp's client has its example here; a new one asks for a decision."""
    assert exported() - set(EXAMPLES) == set()


@pytest.mark.parametrize("name", EXAMPLES)
def test_homes(name: str, caplog: pytest.LogCaptureFixture) -> None:
    """Each has one reason, in words that name the host, without falling through to the last resort."""
    error, reason = EXAMPLES[name]
    assert type(error).__name__ == name
    found = rejected(error, "feeds.example")
    assert found.reason is reason
    assert found.message.startswith("feeds.example: ")
    assert caplog.records == []


@pytest.mark.parametrize("kind", [one for one in vars(http_exceptions).values() if isinstance(one, type)])
def test_the_parser(kind: type) -> None:
    """Each exception of aiohttp's parser has a home as well."""
    if issubclass(kind, http_exceptions.HttpProcessingError):
        assert any(issubclass(kind, home) for home, _, _ in HOMES)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (TimeoutError(), Reason.TIMED_OUT),
        (asyncio.IncompleteReadError(b"", 5), Reason.CUT_SHORT),
        (socket.gaierror(-2, "Name or service not known"), Reason.DNS_FAILED),
        (ssl.SSLCertVerificationError("expired"), Reason.BAD_CERTIFICATE),
        (ssl.SSLError(1, "wrong version number"), Reason.UNREACHABLE),
        (ConnectionResetError(104, "Connection reset by peer"), Reason.UNREACHABLE),
        (OSError(113, "No route to host"), Reason.UNREACHABLE),
        (RefusedAddress("10.0.0.1", "a private address"), Reason.REFUSED_ADDRESS),
        (UnicodeError("label too long"), Reason.BAD_ADDRESS),
    ],
)
def test_below_aiohttp(error: BaseException, reason: Reason) -> None:
    """So have those of sockets, TLS and asyncio."""
    assert rejected(error, "feeds.example").reason is reason


def test_a_refusal_is_found_wherever_it_is_wrapped() -> None:
    """The guard's refusal is the reason, whatever aiohttp makes of it on the way up."""
    refusal = RefusedAddress("10.0.0.1", "a private address")
    outer = aiohttp.ClientConnectorError(KEY, refusal)
    outer.__cause__ = refusal
    found = rejected(outer, "trap.example")
    assert found.reason is Reason.REFUSED_ADDRESS
    assert found.message == "trap.example leads to 10.0.0.1, which is a private address"


def test_what_nobody_foresaw_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """An exception without a home is a bad response to the caller, and a trace in the log."""
    with caplog.at_level(logging.ERROR):
        found = rejected(KeyError("deep inside"), "feeds.example")
    assert found.reason is Reason.BAD_RESPONSE
    assert caplog.records[0].exc_info
    assert caplog.records[0].exc_info[0] is KeyError


def test_hostile_text() -> None:
    """Text of the network is one short line without control characters, and keeps its letters."""
    error = aiohttp.ClientResponseError(INFO, (), message="\x1b[2J\r\nמה\u202e" + "y" * 10_000)
    message = rejected(error, "feeds.example").message
    assert message.isprintable()
    assert "מה" in message
    assert len(message) < 300
