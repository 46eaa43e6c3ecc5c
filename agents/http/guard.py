"""The guard: which addresses may be connected to. It judges the very address, not the name it came from.

Networks are those of the IANA special-purpose registries (RFC 6890 and its successors) of October 2025.
"""

import socket
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network

SPECIAL = tuple(
    (ip_network(network), name)
    for network, name in (
        ("0.0.0.0/8", "an unspecified address"),
        ("10.0.0.0/8", "a private address"),
        ("100.64.0.0/10", "an address inside a provider's network"),
        ("127.0.0.0/8", "a loopback address"),
        ("169.254.0.0/16", "a link-local address"),
        ("172.16.0.0/12", "a private address"),
        ("192.0.0.0/24", "an address for protocols"),
        ("192.0.2.0/24", "an address for documentation"),
        ("192.88.99.0/24", "a 6to4 relay"),
        ("192.168.0.0/16", "a private address"),
        ("198.18.0.0/15", "an address for benchmarks"),
        ("198.51.100.0/24", "an address for documentation"),
        ("203.0.113.0/24", "an address for documentation"),
        ("224.0.0.0/4", "a multicast address"),
        ("240.0.0.0/4", "a reserved address"),
        ("::/128", "an unspecified address"),
        ("::1/128", "a loopback address"),
        ("::/96", "an IPv4-compatible address"),
        ("64:ff9b:1::/48", "a local NAT64 address"),
        ("2001::/32", "a Teredo address"),
        ("2001::/23", "an address for protocols"),
        ("2001:db8::/32", "an address for documentation"),
        ("2002::/16", "a 6to4 address"),
        ("3fff::/20", "an address for documentation"),
        ("fc00::/7", "a unique-local address"),
        ("fe80::/10", "a link-local address"),
        ("fec0::/10", "a site-local address"),
        ("ff00::/8", "a multicast address"),
    )
)
PUBLIC_IPV6 = ip_network("2000::/3")
"""Nothing else of IPv6 has been given out for the public internet."""

NAT64 = ip_network("64:ff9b::/96")
"""Where DNS64 puts every IPv4 host (RFC 6052): such an address is judged as the one it carries."""

METADATA = frozenset(
    ip_address(address)
    for address in (
        "169.254.169.254",  # Amazon, Azure, Google, OpenStack, Oracle, DigitalOcean
        "169.254.170.2",  # Amazon, containers
        "169.254.170.23",  # Amazon, pods
        "100.100.100.200",  # Alibaba
        "168.63.129.16",  # Azure; a public address otherwise
        "192.0.0.192",  # Oracle, the former address
        "fd00:ec2::254",  # Amazon
        "fd00:ec2::23",  # Amazon, pods
        "fd20:ce::254",  # Google
        "fe80::a9fe:a9fe",  # OpenStack
    )
)
"""Where a machine in a cloud hears its own credentials. Only an entry of that one address lets it through:
a network that somebody allowed for another reason does not."""


def refused(address: str, allowed: Sequence[Network] = ()) -> str | None:
    """Why no connection may go to this IP address ("a loopback address"); None if it may.

    What `allowed` names is let through. An IPv4 address inside an IPv6 one (mapped, NAT64) is judged
    itself. What is no IP address, or has a zone, is refused.
    """
    try:
        judged = _inner(ip_address(address))
    except ValueError:
        return "not an IP address"
    if isinstance(judged, IPv6Address) and judged.scope_id:
        return "a link-local address with a zone"
    if judged in METADATA:
        named = any(network.num_addresses == 1 and judged in network for network in allowed)
        return None if named else "the metadata service of a cloud"
    if any(judged in network for network in allowed):
        return None
    return _special(judged)


def _inner(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    if isinstance(address, IPv4Address) or address.scope_id:
        return address
    if address.ipv4_mapped:
        return address.ipv4_mapped
    return IPv4Address(int(address) & 0xFFFFFFFF) if address in NAT64 else address


def _special(address: IPv4Address | IPv6Address) -> str | None:
    for network, name in SPECIAL:
        if address in network:
            return name
    public = isinstance(address, IPv4Address) or address in PUBLIC_IPV6
    return None if public else "an address outside the public internet"


def spelled(host: str) -> str | None:
    """The IP address that a host of a URL spells, however oddly (127.1, 0x7f.1, 2130706433); else None."""
    name = host.rstrip(".").lower()
    if ":" in name:
        return name
    if name == "localhost" or name.endswith(".localhost"):  # RFC 6761: never anything else
        return "127.0.0.1"
    try:
        return socket.inet_ntoa(socket.inet_aton(name))
    except (OSError, UnicodeError):
        return None
