"""Which IP addresses are public.

Python's `is_global` differs between its releases, of one minor version even, so the registries stand here:
https://www.iana.org/assignments/iana-ipv4-special-registry and https://www.iana.org/assignments/iana-ipv6-special-registry.
"""

from ipaddress import IPv4Address, IPv6Address, ip_network

# What is not globally reachable, or no longer assigned; of IPv6, within what is routed.
_SPECIAL = tuple(
    ip_network(text)
    for text in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",  # multicast, of a registry of its own
        "240.0.0.0/4",
        "2001::/23",
        "2001:db8::/32",
        "3fff::/20",
    )
)
# The parts of those that are globally reachable all the same.
_REACHABLE = tuple(
    ip_network(text)
    for text in (
        "192.0.0.9/32",
        "192.0.0.10/32",
        "2001:1::1/128",
        "2001:1::2/128",
        "2001:1::3/128",
        "2001:3::/32",
        "2001:4:112::/48",
        "2001:20::/28",
        "2001:30::/28",
    )
)
# IPv4 within IPv6: NAT64 (RFC 6052 section 2.1) and the compatible addresses of old (RFC 4291 section 2.5.5.1).
_HOLDS_IPV4 = (ip_network("64:ff9b::/96"), ip_network("::/96"))
# All that is routed (RFC 4291 section 2.4). Beyond it are the site-local addresses of old, NAT64 prefixes of somebody's
# own (RFC 8215) and segment routing (RFC 9602), which lead into networks.
_GLOBAL_UNICAST = ip_network("2000::/3")


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Tell whether an address is public. An IPv6 address that embeds IPv4 addresses is public if all of them are."""
    if isinstance(address, IPv6Address):
        if held := _held(address):
            return all(map(is_public, held))
        if address not in _GLOBAL_UNICAST:
            return False
    special = any(address in network for network in _SPECIAL)
    return not special or any(address in network for network in _REACHABLE)


def _held(address: IPv6Address) -> list[IPv4Address]:
    if any(address in network for network in _HOLDS_IPV4):
        return [IPv4Address(int(address) & 0xFFFFFFFF)]
    one = address.ipv4_mapped or address.sixtofour
    return [one] if one else list(address.teredo or ())
