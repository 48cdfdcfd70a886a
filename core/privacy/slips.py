"""“Did you mean gmail.com?”: slips of the finger in the domain of an address. static/js/meant.js asks the same while one types,
by the same lists and steps.
"""

from __future__ import annotations

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
# Domains that are there, though they look like a slip in one of those.
THERE = [
    "mail.com",
    "email.com",
    "ymail.com",
    "rocketmail.com",
    "gmx.com",
    "gmx.de",
    "gmx.at",
    "gmx.ch",
    "aim.com",
    "hotmail.de",
    "hotmail.it",
    "hotmail.be",
    "outlook.fr",
    "outlook.es",
    "outlook.de",
    "outlook.it",
    "yahoo.de",
    "yahoo.it",
    "yahoo.in",
    "yahoo.ca",
    "tiscali.it",
    "fotomail.com",
    "homail.com",
    "gmali.com",
    "pm.me",
    "orange.es",
]
# From so many signs on two slips are looked for, in the domains that most people have.
LONG, FIRST = 9, 7


def meant(address: str) -> str:
    """The address that was probably meant, "" for one that looks right."""
    local, _at, domain = address.rpartition("@")
    if not local or domain in MEANT or domain in THERE:
        return ""
    for allowed, domains in ((1, MEANT), (2, MEANT[:FIRST])):
        for other in domains:
            if (allowed == 1 or len(domain) >= LONG) and slips(domain, other, allowed) <= allowed:
                return f"{local}@{other}"
    return ""


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
