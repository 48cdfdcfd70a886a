"""Who is at the other end, known only as a keyed hash that nobody can follow from one day to the next."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from core.privacy.day_key import day_key

# Where a request remembers them: each limit asks.
GROUP, HASH = "outcry.client_group", "outcry.client_hash"
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def network_address(request: HttpRequest) -> str:
    """The nearest IP address that is not one of TRUSTED_PROXIES. What an untrusted client claims is not read."""
    # Through a Unix socket comes nobody but this machine, and it has no address.
    hops: list[str] = [request.META.get("REMOTE_ADDR") or "127.0.0.1"]
    hops += reversed([hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")])
    nearest = hops[0]
    for hop in hops:
        address = _parse(hop)
        if address is None:
            break
        nearest = hop
        # A server that listens on both sees 10.0.0.1 as ::ffff:10.0.0.1.
        ways = {address, getattr(address, "ipv4_mapped", None) or address}
        if not any(way in network for network in settings.TRUSTED_PROXIES for way in ways):
            break
    return nearest


def client_hash(request: HttpRequest) -> bytes:
    """16 bytes for the client's IP address (IPv6: its /64), under today's key (UTC)."""
    known: bytes | None = request.META.get(HASH)
    if known is None:
        known = request.META[HASH] = short_hash(client_group(request))
    return known


def client_group(request: HttpRequest) -> str:
    """The client's IP address, of IPv6 its /64, in clear: to compute with, and not to be kept."""
    known: str | None = request.META.get(GROUP)
    if known is None:
        known = request.META[GROUP] = _group(_parse(network_address(request)))
    return known


def _group(address: Address | None) -> str:
    if isinstance(address, ipaddress.IPv6Address):
        return str(address.ipv4_mapped or f"{ipaddress.IPv6Address(int(address) >> 64 << 64)}/64")
    return str(address)


def short_hash(text: str) -> bytes:
    """16 bytes for any text, under today's key: the same text can't be found again tomorrow."""
    return hmac.digest(day_key(timezone.now().date()), text.encode(), hashlib.sha256)[:16]


def _parse(address: str) -> Address | None:
    try:
        return ipaddress.ip_address(address)
    except ValueError:
        return None
