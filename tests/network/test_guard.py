"""The guard: which addresses are refused, and that the refusal stands at the connection."""

import asyncio
import ssl
from ipaddress import ip_network

import pytest
from aiohttp import ClientConnectorError, ClientOSError, ClientSession

from agents.http.connector import Guard, GuardedConnector, RefusedAddress
from agents.http.fetcher import Get
from agents.http.guard import refused, spelled
from agents.http.session import open_fetcher
from config.settings import Settings
from pipeline.outcome import Reason
from tests.network.asking import body, failed, why
from tests.network.chaos import Chaos, Names, answer, chaos, hang_up, listener, redirect
from tests.network.conftest import GOOD, settings

REFUSED = {
    "loopback": "127.0.0.1",
    "loopback-other": "127.255.255.254",
    "loopback-6": "::1",
    "unspecified": "0.0.0.0",
    "this-network": "0.1.2.3",
    "unspecified-6": "::",
    "private-10": "10.0.0.1",
    "private-172": "172.31.255.255",
    "private-192": "192.168.1.1",
    "link-local": "169.254.0.1",
    "cgnat": "100.64.0.1",
    "cgnat-last": "100.127.255.254",
    "protocols": "192.0.0.8",
    "documentation-1": "192.0.2.1",
    "documentation-2": "198.51.100.1",
    "documentation-3": "203.0.113.1",
    "documentation-6": "2001:db8::1",
    "documentation-6-new": "3fff::1",
    "benchmark": "198.19.0.1",
    "benchmark-6": "2001:2::1",
    "relay-6to4": "192.88.99.1",
    "multicast": "224.0.0.1",
    "multicast-6": "ff02::1",
    "reserved": "240.0.0.1",
    "broadcast": "255.255.255.255",
    "mapped-loopback": "::ffff:127.0.0.1",
    "mapped-private": "::ffff:10.0.0.1",
    "mapped-metadata": "::ffff:169.254.169.254",
    "compatible": "::127.0.0.1",
    "compatible-public": "::8.8.8.8",
    "translated": "::ffff:0:127.0.0.1",
    "nat64-loopback": "64:ff9b::127.0.0.1",
    "nat64-private": "64:ff9b::192.168.0.1",
    "nat64-metadata": "64:ff9b::a9fe:a9fe",
    "nat64-local": "64:ff9b:1::1",
    "nat64-local-public": "64:ff9b:1::808:808",
    "6to4-loopback": "2002:7f00:1::",
    "6to4-private": "2002:a00:1::1",
    "6to4-public": "2002:808:808::1",
    "teredo": "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "orchid": "2001:20::1",
    "discard": "100::1",
    "site-local": "fec0::1",
    "unique-local": "fd12:3456:789a::1",
    "link-local-6": "fe80::1",
    "zone": "fe80::1%eth0",
    "zone-loopback": "::1%lo",
    "zone-public": "2606:4700::1111%eth0",
    "never-given-out": "4000::1",
    "metadata": "169.254.169.254",
    "metadata-amazon-6": "fd00:ec2::254",
    "metadata-alibaba": "100.100.100.200",
    "metadata-azure": "168.63.129.16",
    "metadata-oracle": "192.0.0.192",
    "metadata-google-6": "fd20:ce::254",
    "metadata-openstack-6": "fe80::a9fe:a9fe",
    "no-address": "localhost",
    "no-address-either": "127.1",
}
PUBLIC = ("8.8.8.8", "1.1.1.1", "100.128.0.1", "172.32.0.1", "192.0.1.1", "198.20.0.1", "223.255.255.255")
PUBLIC_6 = ("2606:4700:4700::1111", "2a00:1450:4001::200e", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8")
LITERALS = {
    "plain": "127.0.0.1",
    "unspecified": "0.0.0.0",
    "short": "127.1",
    "shorter": "0",
    "decimal": "2130706433",
    "octal": "0177.0.0.1",
    "hexadecimal": "0x7f.1",
    "hexadecimal-whole": "0x7f000001",
    "full-width": "１２７.0.0.1",
    "circled": "①②⑦.0.0.1",
    "ideographic-dots": "127。0。0。1",
    "final-dot": "127.0.0.1.",
    "loopback-6": "[::1]",
    "long-6": "[0:0:0:0:0:0:0:1]",
    "mapped": "[::ffff:127.0.0.1]",
    "mapped-hex": "[::ffff:7f00:1]",
    "nat64": "[64:ff9b::7f00:1]",
    "6to4": "[2002:7f00:1::]",
    "zone": "[fe80::1%25lo]",
    "zone-bare": "[::1%lo]",
    "metadata": "169.254.169.254",
    "localhost": "localhost",
    "localhost-dot": "localhost.",
    "localhost-upper": "LOCALHOST",
    "localhost-below": "feeds.localhost",
}


@pytest.mark.parametrize("address", REFUSED.values(), ids=REFUSED.keys())
def test_special_addresses_are_refused(address: str) -> None:
    """Each kind of address that is not of the public internet is refused, with its kind in words."""
    assert refused(address)


@pytest.mark.parametrize("address", PUBLIC + PUBLIC_6)
def test_public_addresses_are_let_through(address: str) -> None:
    """Public addresses are fine, also inside NAT64 and mapped ones, and right beside special ranges."""
    assert refused(address) is None


@pytest.mark.parametrize(
    ("named", "through", "not_through"),
    [
        ("127.0.0.0/8", ("127.0.0.1", "::ffff:127.0.0.1", "64:ff9b::7f00:1"), ("10.0.0.1", "::1")),
        ("::1/128", ("::1",), ("127.0.0.1", "::1%lo")),
        ("10.1.0.0/16", ("10.1.2.3",), ("10.2.0.1",)),
        ("fd00::/8", ("fd12::1",), ("fd00:ec2::254", "fe80::1")),
        ("169.254.0.0/16", ("169.254.0.1",), ("169.254.169.254",)),
        ("169.254.169.254/32", ("169.254.169.254",), ("169.254.169.253",)),
        ("100.64.0.0/10", ("100.64.0.1",), ("100.100.100.200",)),
        ("2002::/16", ("2002:7f00:1::",), ("2001::1",)),
    ],
)
def test_what_is_named_is_let_through(
    named: str, through: tuple[str, ...], not_through: tuple[str, ...]
) -> None:
    """A named network lets through what lies in it, and nothing else; metadata only where named itself."""
    allowed = (ip_network(named),)
    assert [refused(address, allowed) for address in through] == [None] * len(through)
    assert all(refused(address, allowed) for address in not_through)


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.1", "127.0.0.1"),
        ("2130706433", "127.0.0.1"),
        ("0x7f.1", "127.0.0.1"),
        ("0177.0.0.01", "127.0.0.1"),
        ("::1", "::1"),
        ("localhost.", "127.0.0.1"),
        ("feeds.example", None),
        ("1.2.3.4.example", None),
        ("a" * 300, None),
    ],
)
def test_odd_spellings(host: str, address: str | None) -> None:
    """What a host spells is known however it is written; a name spells nothing."""
    assert spelled(host) == address


async def test_names_are_refused_at_the_connection() -> None:
    """A name with any of these addresses is refused, and the listening port proves that nobody came."""
    async with listener() as (port, log):
        names = Names()
        for kind, address in REFUSED.items():
            names.name(f"{kind}.example", address)
        async with open_fetcher(Settings(fetch_timeout=5), resolver=names) as fetcher:
            urls = [f"http://{kind}.example:{port}/" for kind in REFUSED]
            found = await asyncio.gather(*(failed(fetcher, url) for url in urls))
        assert {one.why.reason for one in found} == {Reason.REFUSED_ADDRESS}
        assert len(names.asked) == len(REFUSED)
        assert log == []


async def test_literals_are_refused() -> None:
    """However an address is written into a URL, it is refused and nobody comes; a name has no say in it."""
    async with listener() as (port, log), listener("::1") as (port_6, log_6):
        async with open_fetcher(Settings(fetch_timeout=5), resolver=Names()) as fetcher:
            for host in LITERALS.values():
                for at in (port, port_6):
                    assert await why(fetcher, f"http://{host}:{at}/") is Reason.REFUSED_ADDRESS, host
        assert log == log_6 == []


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "0x7f.1", "trap.example"])
async def test_the_connection_itself_refuses(host: str) -> None:
    """Without any look at the URL, the connector alone lets no socket go to such an address."""
    names = Names().name("0x7f.1", "127.0.0.1").name("trap.example", "127.0.0.1")
    async with listener() as (port, log):
        connector = GuardedConnector(Guard(()), names, ssl.create_default_context(), limit=9, per_host=2)
        async with ClientSession(connector=connector) as session:
            with pytest.raises(ClientConnectorError) as raised:
                await session.get(f"http://{host}:{port}/")
        assert isinstance(raised.value.os_error, RefusedAddress)
        assert log == []


async def test_the_peer_is_judged_again(server: Chaos) -> None:
    """Should a connection come about all the same, its peer is judged before anything is sent."""

    class Late(Guard):
        asked = 0

        def check(self, address: str) -> None:
            self.asked += 1
            if self.asked > 1:
                raise RefusedAddress(address, "a loopback address")

    guard = Late((ip_network("127.0.0.0/8"),))
    connector = GuardedConnector(guard, Names(), ssl.create_default_context(), limit=9, per_host=2)
    async with ClientSession(connector=connector) as session:
        with pytest.raises(ClientOSError) as raised:
            await session.get(server.url("/good"))
    assert isinstance(raised.value.__cause__, RefusedAddress)
    assert server.requests == []


async def test_another_address_of_the_name_is_used(server: Chaos) -> None:
    """A name with a refused address and a fine one is asked at the fine one, whatever their order."""
    names = Names().name("one.example", ("10.0.0.1", "127.0.0.1")).name("two.example", ("127.0.0.1", "::1"))
    allowed = settings(allow_networks=("127.0.0.0/8",))
    async with open_fetcher(allowed, resolver=names) as fetcher:
        for host in ("one.example", "two.example"):
            assert await body(fetcher, server.url("/good", host)) == GOOD


async def test_all_addresses_of_a_name_are_refused() -> None:
    """A name with nothing but refused addresses of both families is refused, and said to lead there."""
    names = Names().name("trap.example", ("127.0.0.1", "::1", "10.0.0.1"))
    async with listener() as (port, log), open_fetcher(Settings(), resolver=names) as fetcher:
        found = await failed(fetcher, f"http://trap.example:{port}/")
        assert found.why.reason is Reason.REFUSED_ADDRESS
        assert "trap.example leads to" in found.why.message
        assert log == []


async def test_another_address_the_second_time(server: Chaos) -> None:
    """A name whose address turns private on the second look-up is refused then, in the same request."""
    async with chaos() as second:
        second.on("/", answer(200, b"never"))
        names = Names().name("turning.example", "127.0.0.1", "10.0.0.1", "127.0.0.1")
        server.on("/", redirect(second.url("/", "turning.example")))
        async with open_fetcher(settings(), resolver=names) as fetcher:
            found = await failed(fetcher, server.url("/", "turning.example"))
        assert found.why.reason is Reason.REFUSED_ADDRESS
        assert names.asked == ["turning.example"] * 2
        assert second.requests == []


async def test_another_address_after_a_good_poll(server: Chaos, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that was read from once is refused when it later leads elsewhere; others are unharmed."""
    monkeypatch.setattr("agents.http.connector.NAMES_KEPT", 0)
    server.on("/feed", hang_up(b"HTTP/1.0 200 OK\r\n\r\n<rss/>"))
    names = Names().name("turning.example", "127.0.0.1", "169.254.169.254")
    async with open_fetcher(settings(), resolver=names) as fetcher:
        assert await body(fetcher, server.url("/feed", "turning.example")) == b"<rss/>"
        assert await why(fetcher, server.url("/feed", "turning.example")) is Reason.REFUSED_ADDRESS
        assert await body(fetcher, server.url("/good")) == GOOD


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.1:{port}/",
        "//127.0.0.1:{port}/",
        "http://[::ffff:127.0.0.1]:{port}/",
        "http://2130706433:{port}/",
        "http://trap.example:{port}/",
        "http://169.254.169.254/latest/meta-data/",
    ],
)
async def test_redirects_to_private_addresses(location: str) -> None:
    """A redirect to an address that is refused, spelled or behind a name, is not followed."""
    names = Names().name("trap.example", "127.0.0.1").name("feeds.example", "::1")
    async with chaos("::1") as server, listener() as (port, log):
        server.on("/good", answer(200, GOOD))
        server.on("/", redirect(location.format(port=port)))
        async with open_fetcher(settings(allow_networks=("::1/128",)), resolver=names) as fetcher:
            assert await why(fetcher, server.url("/", "feeds.example")) is Reason.REFUSED_ADDRESS
            assert await body(fetcher, server.url("/good", "feeds.example")) == GOOD
        assert log == []


async def test_the_environments_proxy_is_not_used(server: Chaos, monkeypatch: pytest.MonkeyPatch) -> None:
    """Proxies of the environment are never asked, for they would connect where the guard does not look."""
    async with listener() as (port, log):
        for variable in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(variable, f"http://127.0.0.1:{port}")
        names = Names().name("feeds.example", "127.0.0.1")
        async with open_fetcher(settings(), resolver=names) as fetcher:
            assert await body(fetcher, server.url("/good", "feeds.example")) == GOOD
        assert log == []


async def test_the_proxy_of_the_settings(server: Chaos) -> None:
    """A proxy that is set is used, wherever it stands; hosts that spell an address are judged before it."""
    server.on("http://feeds.example/feed", answer(200, b"by proxy"))
    proxied = Settings(proxy=f"http://127.0.0.1:{server.port}", fetch_timeout=2)
    async with open_fetcher(proxied, resolver=Names()) as fetcher:
        assert await body(fetcher, Get("http://feeds.example/feed")) == b"by proxy"
        for host in ("127.0.0.1", "10.0.0.1", "127.1", "[::1]", "localhost", "169.254.169.254"):
            assert await why(fetcher, f"http://{host}/") is Reason.REFUSED_ADDRESS
        for host in ("%31%32%37.0.0.1", "%6cocalhost"):  # which the proxy might decode
            assert await why(fetcher, f"http://{host}/") is Reason.BAD_ADDRESS
    assert [asked.target for asked in server.requests] == ["http://feeds.example/feed"]
