"""Certificates: verified against the system's authorities, which a test adds one to."""

import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from agents.http.fetcher import Fetcher, Get
from agents.http.session import open_fetcher
from pipeline.outcome import Reason
from pipeline.poll.answer import Hop
from tests.network.asking import body, failed, why
from tests.network.chaos import Chaos, Names, answer, chaos, hang_up, redirect
from tests.network.conftest import GOOD, settings

PAST = datetime.now(UTC) - timedelta(days=3)


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> trustme.CA:
    """An authority that the system trusts."""
    made = trustme.CA()
    made.cert_pem.write_to_path(tmp_path / "authorities.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authorities.pem"))
    return made


@pytest.fixture
async def asking(authority: trustme.CA) -> AsyncIterator[Fetcher]:
    """A fetcher that trusts the authority; feeds.example is this machine."""
    names = Names().name("feeds.example", "127.0.0.1").name("other.example", "127.0.0.1")
    async with open_fetcher(settings(), resolver=names) as opened:
        yield opened


def certified(certificate: trustme.LeafCert) -> AbstractAsyncContextManager[Chaos]:
    """A server that shows this certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return chaos(tls=context)


async def test_a_good_certificate(authority: trustme.CA, asking: Fetcher) -> None:
    """A certificate for the name, in its time, by a known authority is trusted, also with a final dot."""
    async with certified(authority.issue_cert("feeds.example")) as server:
        server.on("/good", answer(200, GOOD))
        assert await body(asking, server.url("/good", "feeds.example")) == GOOD


@pytest.mark.parametrize(
    ("fault", "certificate"),
    [
        ("another name", lambda authority: authority.issue_cert("elsewhere.example")),
        ("no name", lambda authority: authority.issue_cert("127.0.0.1")),
        ("expired", lambda authority: authority.issue_cert("feeds.example", not_after=PAST)),
        ("of nobody known", lambda _: trustme.CA().issue_cert("feeds.example")),
        ("for one level only", lambda authority: authority.issue_cert("*.feeds.example")),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_bad_certificates(
    fault: str,
    certificate: Callable[[trustme.CA], trustme.LeafCert],
    authority: trustme.CA,
    asking: Fetcher,
    server: Chaos,
) -> None:
    """A certificate that does not hold ends the request before anything is sent; others are unharmed."""
    async with certified(certificate(authority)) as bad:
        bad.on("/good", answer(200, b"never"))
        found = await failed(asking, bad.url("/good", "feeds.example"))
        assert found.why.reason is Reason.BAD_CERTIFICATE
        assert found.why.message.startswith("feeds.example: the certificate does not hold (")
        assert bad.requests == []
    assert await body(asking, server.url("/good", "feeds.example")) == GOOD


async def test_self_signed(authority: trustme.CA, asking: Fetcher) -> None:
    """A certificate that signs itself is known to nobody."""
    alone = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with alone.private_key_pem.tempfile() as key, alone.cert_pem.tempfile() as certificate:
        context.load_cert_chain(certificate, key)
    async with chaos(tls=context) as server:
        assert await why(asking, server.url("/", "feeds.example")) is Reason.BAD_CERTIFICATE


async def test_an_address_without_its_certificate(authority: trustme.CA, asking: Fetcher) -> None:
    """A name's certificate does not hold for the address behind it."""
    async with certified(authority.issue_cert("feeds.example")) as server:
        assert await why(asking, server.url("/")) is Reason.BAD_CERTIFICATE


async def test_no_tls_at_all(asking: Fetcher, server: Chaos) -> None:
    """https to a port that speaks plain HTTP is no connection."""
    server.greeting = b"HTTP/1.1 400 Bad Request\r\n\r\n"
    url = server.url("/good", "feeds.example").replace("http:", "https:")
    assert await why(asking, url) is Reason.UNREACHABLE
    server.greeting = b""
    assert await body(asking, server.url("/good")) == GOOD


async def test_cut_within_tls(authority: trustme.CA, asking: Fetcher) -> None:
    """A body cut short under TLS is cut short as any other."""
    async with certified(authority.issue_cert("feeds.example")) as server:
        url = server.url("/cut", "feeds.example")
        server.on("/cut", hang_up(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\na part"))
        assert await why(asking, url) is Reason.CUT_SHORT


async def test_down_to_plain_http(authority: trustme.CA, asking: Fetcher, server: Chaos) -> None:
    """A redirect from https down to http is followed, and stands in the hops for all to see."""
    async with certified(authority.issue_cert("feeds.example")) as secure:
        url = secure.url("/", "feeds.example")
        secure.on("/", redirect(server.url("/good", "feeds.example"), 301))
        found = await asking.fetch(Get(url))
        assert found.answer is not None
        assert found.answer.hops == (Hop(url, 301),)
        assert found.answer.url.startswith("http://feeds.example:")


@pytest.mark.parametrize("status", [307, 308])
async def test_no_form_down_to_plain_http(
    status: int, authority: trustme.CA, asking: Fetcher, server: Chaos
) -> None:
    """A form may hold a secret: it is not sent again in the clear, but it is to another host by https."""
    async with certified(authority.issue_cert("feeds.example", "other.example")) as secure:
        form = {"hub.secret": "a secret"}
        secure.on("/down", redirect(server.on("/hub", answer(202, b"never")), status))
        assert await why(asking, Get(secure.url("/down", "feeds.example"), form=form)) is Reason.BAD_REDIRECT
        assert server.requests == []
        secure.on("/hub", answer(202, b"accepted"))
        secure.on("/aside", redirect(secure.url("/hub", "other.example"), status))
        assert await body(asking, Get(secure.url("/aside", "feeds.example"), form=form)) == b"accepted"
