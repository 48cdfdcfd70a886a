"""Where a page comes from: scheme, host and port."""

from __future__ import annotations

from urllib.parse import urlsplit

PORTS = {"http": 80, "https": 443}


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
