"""“Did you mean gmail.com?”: slips of the finger in the domain of an address. static/js/meant.js asks the same while one types,
by the same lists and steps.
"""

from __future__ import annotations

from functools import cache, lru_cache

# Where most people have their mailboxes, and few own a domain that is one letter off.
MEANT = [
    "gmail.com",
    "hotmail.com",
    "outlook.com",
    "yahoo.com",
    "icloud.com",
    "googlemail.com",
    "protonmail.com",
    "aol.com",
    "gmx.net",
    "t-online.de",
    "hotmail.fr",
    "yahoo.fr",
    "orange.fr",
    "wanadoo.fr",
    "laposte.net",
    "hotmail.es",
    "yahoo.es",
    "hotmail.co.uk",
    "yahoo.co.uk",
    "btinternet.com",
    "libero.it",
    "proton.me",
    "comcast.net",
    "verizon.net",
]
# Other mailboxes of many people, often one letter off from each other: only the ending is looked at.
KNOWN = [
    "mail.com",
    "email.com",
    "ymail.com",
    "rocketmail.com",
    "live.com",
    "msn.com",
    "me.com",
    "mac.com",
    "gmx.com",
    "aim.com",
    "qq.com",
    "163.com",
    "126.com",
    "naver.com",
    "tutanota.com",
    "fastmail.com",
    "zoho.com",
    "gmx.de",
    "gmx.at",
    "gmx.ch",
    "web.de",
    "posteo.de",
    "mailbox.org",
    "freenet.de",
    "hotmail.de",
    "hotmail.it",
    "hotmail.be",
    "hotmail.ca",
    "hotmail.ch",
    "hotmail.cl",
    "hotmail.gr",
    "hotmail.no",
    "hotmail.se",
    "outlook.fr",
    "outlook.es",
    "outlook.de",
    "outlook.it",
    "outlook.cl",
    "outlook.cz",
    "yahoo.de",
    "yahoo.it",
    "yahoo.in",
    "yahoo.ca",
    "yahoo.gr",
    "yahoo.no",
    "yahoo.se",
    "live.fr",
    "live.de",
    "live.it",
    "live.nl",
    "live.be",
    "live.se",
    "live.co.uk",
    "yahoo.co.in",
    "yahoo.co.id",
    "outlook.co.id",
    "yahoo.com.br",
    "hotmail.com.br",
    "outlook.com.br",
    "uol.com.br",
    "bol.com.br",
    "terra.com.br",
    "free.fr",
    "sfr.fr",
    "tiscali.it",
    "mail.ru",
    "yandex.ru",
    "yandex.com",
    "pm.me",
]
# Domains that are there, though they look like a slip in one of those.
THERE = [
    "mail.co",
    "email.co",
    "me.co",
    "mac.co",
    "fotomail.com",
    "homail.com",
    "gmali.com",
    "orange.es",
    "live.es",
    "hotmail.fi",
]
# How “com” is misspelt, beside what is done to every ending. No domain anywhere ends in one of the first three.
COM, NOWHERE = ["con", "vom", "comm", "c", "cm"], 3
# From so many signs on two slips are looked for, in the domains that most people have.
LONG, FIRST = 9, 7


def meant(address: str) -> str:
    """The address that was probably meant, "" for one that looks right."""
    local, _at, domain = address.rpartition("@")
    other = meant_domain(domain) if local else ""
    return f"{local}@{other}" if other else ""


@lru_cache(maxsize=5_000)
def meant_domain(domain: str) -> str:
    """The domain that was probably meant, "" for one that looks right. Many people share a domain: the last ones are remembered."""
    if domain in (*MEANT, *KNOWN, *THERE):
        return ""
    if domain in _misspelt():
        return _misspelt()[domain]
    for allowed, domains in ((1, MEANT), (2, MEANT[:FIRST])):
        for other in domains:
            if (allowed == 1 or len(domain) >= LONG) and slips(domain, other, allowed) <= allowed:
                return other
    name, _dot, ending = domain.rpartition(".")
    return f"{name}.com" if name and ending in COM[:NOWHERE] else ""


@cache
def _misspelt() -> dict[str, str]:
    """Which domain each of those is a misspelling of: the first one in the lists."""
    return {typed: domain for domain in reversed([*MEANT, *KNOWN]) for typed in misspelt(domain)}


def misspelt(domain: str) -> list[str]:
    """List how a domain's ending goes wrong: its last letter missing or doubled, the last two exchanged, or “com” misspelt."""
    start, last = domain[:-2], domain[-2:]
    com = COM if domain.endswith(".com") else []
    return [domain[:-1], domain + last[1], start + last[1] + last[0], *(domain[:-3] + one for one in com)]


def slips(one: str, other: str, most: int = 2) -> int:
    """How many letters are wrong, missing, too many, or exchanged with their neighbour; more than `most` are not told apart."""
    # A letter that only one of them has is a slip in itself: so nearly all are seen at once to be another domain.
    if (
        abs(len(one) - len(other)) > most
        or len(set(one).difference(other)) > most
        or len(set(other).difference(one)) > most
    ):
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, sign in enumerate(one, 1):
        before, last, row = row, before, [at]
        for to, letter in enumerate(other, 1):
            cost = min(before[to] + 1, row[to - 1] + 1, before[to - 1] + (sign != letter))
            if at > 1 and to > 1 and sign == other[to - 2] and one[at - 2] == letter:
                cost = min(cost, last[to - 2] + 1)
            row.append(cost)
    return row[-1]
