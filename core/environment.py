"""Reads the environment for settings.py. A missing or bad value is collected, not raised: operations/checks/ reports them all."""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from email.utils import parseaddr
from pathlib import Path
from typing import TypeVar
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import environ
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

from core.web.origins import origin

Value = TypeVar("Value")


@dataclass(frozen=True)
class Problem:
    name: str
    reason: str
    fix: str


problems: list[Problem] = []
# The names of all variables that are read.
known: set[str] = set()


def granian(name: str) -> int:
    """How many WORKERS or BLOCKING_THREADS the web server has: GRANIAN_…, or else a number for two cores."""
    raw = os.environ.get(f"GRANIAN_{name}", "")
    return int(raw) if raw.isdecimal() else {"WORKERS": 2, "BLOCKING_THREADS": 4}[name]


def is_usable(name: str) -> bool:
    return name not in {problem.name for problem in problems}


def read(name: str, parse: Callable[[str], Value], default: Value, fix: str, required: bool = False) -> Value:
    """The parsed value of variable `name`; `default`, with the problem noted, when it is missing or bad."""
    known.add(name)
    raw = os.environ.get(name, "").strip()
    if not raw:
        if required:
            problems.append(Problem(name, "is not set", fix))
        return default
    try:
        return parse(raw)
    except (ValueError, TypeError, KeyError, ImproperlyConfigured) as error:
        problems.append(Problem(name, f"is not usable ({error})", fix))
        return default


def text(raw: str) -> str:
    return raw


def texts(raw: str) -> list[str]:
    """Separated by semicolons: a text may have commas."""
    listed = [item.strip() for item in raw.split(";")]
    if not all(listed):
        raise ValueError("an empty text")
    return listed


def long_text(raw: str) -> str:
    if len(raw) < 50:
        raise ValueError("shorter than 50 characters")
    if len(set(raw)) < 5 or raw.startswith("django-insecure-"):
        raise ValueError("easily guessed")
    return raw


def token(raw: str) -> str:
    if raw.split() != [raw] or not raw.isascii():
        raise ValueError("more than one word")
    return raw


def file(raw: str) -> Path:
    return folder(raw)


def folder(raw: str) -> Path:
    if not raw.startswith("/"):
        raise ValueError("not an absolute path")
    return Path(raw)


def secret(raw: str) -> str:
    """What stands in a header and can't be guessed."""
    if len(raw) < 32 or not raw.isascii() or any(sign.isspace() for sign in raw):
        raise ValueError("shorter than 32 characters, or not plain ones")
    return raw


def field_keys(raw: str) -> list[str]:
    """Comma-separated Fernet keys; the first one encrypts, all decrypt."""
    keys = [key.strip() for key in raw.split(",")]
    for key in keys:
        Fernet(key)
    return keys


def hash_keys(raw: str) -> dict[int, bytes]:
    """`version:key,…`; the highest version is the current one."""
    pairs = (item.split(":", 1) for item in raw.split(","))
    listed = [(int(version), key.strip().encode()) for version, key in pairs]
    keys = dict(listed)
    if len(keys) < len(listed) or any(not 1 <= version <= 32_767 for version in keys):
        raise ValueError("a version is used twice, or is not from 1 to 32767")
    if any(len(key) < 32 for key in keys.values()):
        raise ValueError("a key is shorter than 32 characters")
    return keys


def public_keys(raw: str) -> dict[bytes, date]:
    """`date:hex,…`: Ed25519 public keys of 32 bytes, each with the day since when it is used."""
    pairs = (item.strip().split(":", 1) for item in raw.split(","))
    keys = {bytes.fromhex(key): date.fromisoformat(day) for day, key in pairs}
    if any(len(key) != 32 for key in keys):
        raise ValueError("a key is not 32 bytes in hex")
    return keys


def site_url(raw: str) -> str:
    """As browsers write it: another spelling would refuse the forms of our own pages."""
    parts = urlsplit(raw)
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        raise ValueError("not an origin")
    return origin(raw)


def http_url(raw: str) -> str:
    parts = urlsplit(raw)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("not an http address")
    return raw.rstrip("/")


def service_url(raw: str) -> str:
    """Letter by letter as the service gave it."""
    http_url(raw)
    return raw


def private_url(raw: str) -> str:
    """Encrypted on its way, unless it does not leave this machine."""
    parts = urlsplit(http_url(raw))
    if parts.scheme != "https" and parts.hostname not in ("localhost", "127.0.0.1", "::1"):
        raise ValueError("not https")
    return raw


def sentry_dsn(raw: str) -> str:
    parts = urlsplit(private_url(raw))
    if not parts.username or not parts.path.rpartition("/")[2].isdecimal():
        raise ValueError("no key, or no number of a project")
    return raw


def postgres_url(raw: str) -> str:
    if urlsplit(raw).scheme not in ("postgres", "postgresql"):
        raise ValueError("not a PostgreSQL address")
    environ.Env.db_url_config(raw)
    return raw


def redis_url(raw: str) -> str:
    if urlsplit(raw).scheme not in ("redis", "rediss", "unix") or (urlsplit(raw).port or 1) < 1:
        raise ValueError("not a Redis address")
    return raw


def broker_url(redis_url: str) -> str:
    """The same address in Celery's words, which are others for a socket: there the database is a `virtual_host`, and a password
    stands in front."""
    said = urlsplit(redis_url)
    if said.scheme != "unix":
        return redis_url
    words = {"virtual_host" if name == "db" else name: value for name, value in parse_qsl(said.query)}
    user, password = words.pop("username", ""), words.pop("password", "")
    login = said.netloc or (f"{quote(user, safe='')}:{quote(password, safe='')}@" if password else "")
    return f"redis+socket://{login}{said.path}" + (f"?{urlencode(words)}" if words else "")


def email_url(raw: str) -> str:
    if raw.startswith("filemail://"):
        return raw
    if not urlsplit(raw).scheme.startswith(("smtp", "console", "memory", "dummy")):
        raise ValueError("not a mail server's address")
    environ.Env.email_url_config(raw)
    return raw


def sender(raw: str) -> str:
    if "\n" in raw or "\r" in raw or "@" not in parseaddr(raw)[1]:
        raise ValueError("not a sender")
    return raw


def positive(raw: str) -> int:
    if int(raw) < 1:
        raise ValueError("less than 1")
    return int(raw)


def count(raw: str) -> int:
    if int(raw) < 0:
        raise ValueError("less than 0")
    return int(raw)


def one_of(*words: str) -> Callable[[str], str]:
    def parse(raw: str) -> str:
        if raw not in words:
            raise ValueError(f"not one of {', '.join(words)}")
        return raw

    return parse


def age_recipients(raw: str) -> list[str]:
    """Comma-separated; whether each is one is looked at where it is used (operations/recovery/sealing.py)."""
    listed = [item.strip() for item in raw.split(",")]
    if any(not re.fullmatch("age1[0-9a-z]{58}", item) for item in listed):
        raise ValueError("not age1… with 58 more letters and digits")
    return listed


def networks(raw: str) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    """No more than a private network holds (10.0.0.0/8, fc00::/7): who trusts everybody believes any address that a client claims."""
    listed = [ipaddress.ip_network(item.strip()) for item in raw.split(",")]
    for network in listed:
        if network.prefixlen < (8 if network.version == 4 else 7):
            raise ValueError(f"{network} trusts everybody")
    return listed
