"""Where other machines in the house find this one."""

import ipaddress
import re
from collections.abc import Sequence
from urllib.parse import urlsplit

import ifaddr

# Interfaces that lead to containers and virtual machines, not to people.
_VIRTUAL = re.compile(r"docker|br-|veth|virbr|vmnet|vboxnet|vEthernet|WSL|tun|tap|utun|awdl|llw|lo\d*$", re.IGNORECASE)
EVERYWHERE = {"0.0.0.0", "::", ""}


def network_urls(host: str, port: int, scheme: str) -> Sequence[str]:
    """The server's addresses on real networks, when it listens on `host`; IPv4 only, since people type them."""
    if host not in EVERYWHERE:
        return [] if _is_loopback(host) else [f"{scheme}://{_bracketed(host)}:{port}"]
    return [f"{scheme}://{address}:{port}" for address in _addresses()]


def local_url(host: str, port: int, scheme: str) -> str:
    """The server's address on this very machine."""
    own = host in EVERYWHERE or _is_loopback(host)
    return f"{scheme}://{'localhost' if own else _bracketed(host)}:{port}"


def for_others(origin: str, addresses: Sequence[str]) -> str:
    """`origin`, as one's own browser reached the server, or an address that leads other machines here as well."""
    return addresses[0] if addresses and _is_loopback(urlsplit(origin).hostname or "") else origin


def _addresses() -> list[str]:
    found: list[str] = []
    for adapter in ifaddr.get_adapters():
        if _VIRTUAL.match(adapter.nice_name):
            continue
        for ip in adapter.ips:
            if isinstance(ip.ip, str) and not ipaddress.ip_address(ip.ip).is_link_local and not _is_loopback(ip.ip):
                found.append(ip.ip)
    return found


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
