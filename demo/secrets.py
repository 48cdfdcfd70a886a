"""The demo's own secrets: made once, kept in a file that only its owner can read."""

from __future__ import annotations

import base64
import json
import os
import secrets
from pathlib import Path


def load(path: Path) -> dict[str, str]:
    if path.exists():
        found: dict[str, str] = json.loads(path.read_text())
        return found
    made = {
        "SECRET_KEY": secrets.token_urlsafe(60),
        "FIELD_KEYS": base64.urlsafe_b64encode(os.urandom(32)).decode(),
        "HASH_KEYS": f"1:{secrets.token_hex(32)}",
        "X_BEARER_TOKEN": secrets.token_hex(24),
        "X_CLIENT_ID": "outcry-demo",
        "X_CLIENT_SECRET": secrets.token_hex(24),
        "DEMO_STAFF_PASSWORD": secrets.token_urlsafe(12),
        "DEMO_TOTP_SECRET": base64.b32encode(os.urandom(20)).decode(),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600, exist_ok=False)
    path.write_text(json.dumps(made, indent=1))
    return made
