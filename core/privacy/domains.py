"""What may be known of an address's domain: in clear only where it says nothing about the person."""

from __future__ import annotations

from disposable_email_domains import blocklist
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.crypto.hashes import keyed_hash
from core.privacy.addresses import canonical

PROVIDERS = {
    "gmail.com", "outlook.com", "hotmail.com", "live.com", "msn.com", "yahoo.com", "yahoo.co.uk", "yahoo.fr", "icloud.com", "me.com",
    "aol.com", "gmx.de", "gmx.net", "web.de", "t-online.de", "orange.fr", "wanadoo.fr", "free.fr", "laposte.net", "libero.it",
    "mail.ru", "yandex.ru", "qq.com", "163.com", "naver.com", "proton.me", "protonmail.com", "tutanota.com", "posteo.de",
    "mailbox.org", "fastmail.com", "zoho.com", "btinternet.com", "comcast.net", "verizon.net", "uol.com.br", "terra.com.br",
}  # fmt: skip
# Forwarders that people use to keep their address to themselves are people's own addresses.
RELAYS = {
    "privaterelay.appleid.com",
    "duck.com",
    "mozmail.com",
    "simplelogin.com",
    "anonaddy.me",
    "addy.io",
    "passmail.net",
}


def domain_of(address: str) -> str:
    return canonical(address).rpartition("@")[2]


def is_disposable(address: str) -> bool:
    domain = domain_of(address)
    parts = domain.split(".")
    parents = {".".join(parts[start:]) for start in range(len(parts) - 1)}
    return not parents & RELAYS and bool(parents & blocklist)


def label(address: str) -> str:
    """The domain in clear when it is a provider, a relay or disposable; else 32 hex digits that only tell equal from unequal."""
    domain = domain_of(address)
    if domain in PROVIDERS or domain in RELAYS or is_disposable(address):
        return domain[:64]
    return keyed_hash("domain", domain).hex()[:32]


def sort_of(label: str) -> Promise | str:
    """What a stored label (`label`) tells in words, without telling one domain from another."""
    if not label:
        return "–"
    if label in PROVIDERS:
        return _("a large provider")
    return (
        _("a forwarder") if label in RELAYS else _("a domain of its own") if "." not in label else _("a throw-away one")
    )
