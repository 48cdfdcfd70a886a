"""How long public pages are kept."""

from __future__ import annotations

FRESH = 3
