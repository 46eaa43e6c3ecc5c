"""The one door through which what aiohttp, TLS, sockets and asyncio raise becomes a Rejected."""

import asyncio
import logging
import socket
import ssl

import aiohttp
from aiohttp import http_exceptions

from agents.http.connector import RefusedAddress
from pipeline.outcome import Reason, Rejected

log = logging.getLogger(__name__)
LONGEST = 200
"""Characters of a message's foreign part: enough for the sentences of OpenSSL and of resolvers."""

HOMES: tuple[tuple[type[BaseException], Reason, str], ...] = (
    (RefusedAddress, Reason.REFUSED_ADDRESS, "leads to an address that is not public"),
    (socket.gaierror, Reason.DNS_FAILED, "the name could not be resolved"),
    (aiohttp.ClientConnectorDNSError, Reason.DNS_FAILED, "the name could not be resolved"),
    (aiohttp.ClientConnectorCertificateError, Reason.BAD_CERTIFICATE, "the certificate does not hold"),
    (aiohttp.ServerFingerprintMismatch, Reason.BAD_CERTIFICATE, "the certificate is not the expected one"),
    (ssl.CertificateError, Reason.BAD_CERTIFICATE, "the certificate does not hold"),
    (TimeoutError, Reason.TIMED_OUT, "no connection in time"),
    (aiohttp.ClientProxyConnectionError, Reason.UNREACHABLE, "the proxy cannot be reached"),
    (aiohttp.ClientSSLError, Reason.UNREACHABLE, "no TLS connection"),
    (ssl.SSLError, Reason.UNREACHABLE, "no TLS connection"),
    (aiohttp.ClientHttpProxyError, Reason.UNREACHABLE, "the proxy would not connect to it"),
    (aiohttp.ServerDisconnectedError, Reason.UNREACHABLE, "it closed the connection without an answer"),
    (aiohttp.ClientPayloadError, Reason.CUT_SHORT, "the body ended before its announced end"),
    (http_exceptions.ContentEncodingError, Reason.BAD_COMPRESSION, "the body does not decompress"),
    (aiohttp.ClientResponseError, Reason.BAD_RESPONSE, "what it sent is not HTTP"),
    (http_exceptions.HttpProcessingError, Reason.BAD_RESPONSE, "what it sent is not HTTP"),
    (aiohttp.WSMessageTypeError, Reason.BAD_RESPONSE, "what it sent is not HTTP"),
    (aiohttp.InvalidURL, Reason.BAD_ADDRESS, "not an address that can be asked"),
    (aiohttp.NonHttpUrlClientError, Reason.BAD_ADDRESS, "not an address that can be asked"),
    (aiohttp.ClientConnectionError, Reason.UNREACHABLE, "no connection, or one that broke off"),
    (aiohttp.ClientError, Reason.BAD_RESPONSE, "what it sent cannot be used"),
    (asyncio.IncompleteReadError, Reason.CUT_SHORT, "the body ended before its announced end"),
    (OSError, Reason.UNREACHABLE, "no connection, or one that broke off"),
    (ValueError, Reason.BAD_ADDRESS, "not an address that can be asked"),
)
"""Every exception that a request may end with, the special before the general."""
SPEAKING_FOR_THEMSELVES = (
    TimeoutError,
    aiohttp.ClientPayloadError,
    aiohttp.InvalidURL,
    aiohttp.ServerDisconnectedError,
)
"""Their own text adds nothing but the machinery's names."""


def rejected(error: BaseException, host: str) -> Rejected:
    """Why a request to `host` failed, in plain words. What has no home here is logged with its trace."""
    refusal = _refusal(error)
    if refusal:
        where = "" if refusal.address == host else f" leads to {plain(refusal.address)}, which"
        return Rejected(Reason.REFUSED_ADDRESS, f"{plain(host)}{where} is {refusal.kind}")
    for kind, reason, words in HOMES:
        if isinstance(error, kind):
            return Rejected(reason, _sentence(host, words, error))
    log.error("a request to %s failed unexpectedly", plain(host), exc_info=error)
    return Rejected(Reason.BAD_RESPONSE, _sentence(host, "it could not be read", error))


def _refusal(error: BaseException) -> RefusedAddress | None:
    """The guard's refusal behind an error, however often aiohttp wrapped it."""
    cause: BaseException | None = error
    for _ in range(5):
        if cause is None or isinstance(cause, RefusedAddress):
            return cause
        cause = cause.__cause__
    return None


def _sentence(host: str, words: str, error: BaseException) -> str:
    said = plain(_said(error))
    return f"{plain(host)}: {words}" + (f" ({said})" if said else "")


def _said(error: BaseException) -> str:
    """What the error itself says, without what aiohttp wraps around it."""
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return str(error.certificate_error)
    if isinstance(error, aiohttp.ClientResponseError | http_exceptions.HttpProcessingError):
        return error.message
    if isinstance(error, SPEAKING_FOR_THEMSELVES):
        return ""
    inner = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error
    return (isinstance(inner, OSError) and inner.strerror) or str(inner) or type(inner).__name__


def plain(text: str) -> str:
    """Text from the network for a message: one line, at most LONGEST characters, nothing that controls."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text[: 4 * LONGEST]).split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"
