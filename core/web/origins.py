"""Where a page comes from: scheme, host and port."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

PORTS = {"http": 80, "https": 443}
INTERNAL = (".localhost", ".local", ".internal", ".test", ".onion")


def origin(address: str) -> str:
    """As browsers write it: `https://example.org` for `HTTPS://Example.ORG:443/x`. Raises ValueError."""
    parts = urlsplit(address.strip())
    host = parts.hostname or ""
    if parts.scheme not in PORTS or not host or not host.isascii() or parts.username is not None:
        raise ValueError("not an origin")
    host = f"[{host}]" if ":" in host else host
    return (
        f"{parts.scheme}://{host}"
        if parts.port in (None, PORTS[parts.scheme])
        else f"{parts.scheme}://{host}:{parts.port}"
    )


def is_public(host: str) -> bool:
    """Whether others reach it over the open internet; an onion service brings its own encryption."""
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return "." in host and not host.endswith(INTERNAL)


def is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
