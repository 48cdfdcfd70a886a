"""Whether a line of text holds the address of a page, where people write names: "Dr.Win Myint" is one, "visit gen.xyz" is not."""

from __future__ import annotations

import json
import unicodedata
from functools import cache
from itertools import pairwise

import regex
from django.conf import settings

# Marks belong to their letters: without them नदी would end at its second sign.
LABEL = r"[\p{L}\p{M}\p{N}_-]+"
SURE = regex.compile(r"\w+://|www\.|\bt\.me\b", regex.IGNORECASE)
DOTTED = regex.compile(rf"{LABEL}(?:\.{LABEL})+(?P<after>.?)\s*(?P<more>.?)", regex.DOTALL)
LETTER = regex.compile(r"[\p{L}\p{N}]")
# What people write before a name without a space behind the dot: "Dr.Win Myint", "Md.Al Amin", "St.Gallen". One letter is the same.
_TITLES = "adv col dr dra eng gen hon ing jr lic lt ma maj md mg mlle mme mr mrs ms mst prof rev sgt sr sra st sta ven"
TITLES = set(_TITLES.split())
# Ends of addresses that are also parts of names, "Ma.de los Ángeles": they count only at the end or before a slash.
ALSO_NAMES = TITLES | {"de", "es", "it", "be", "at", "in", "us", "me", "to", "no", "is", "la", "al", "el", "भारत"}
# Ends that no title excuses; and those that are no name, even if written like one.
NEVER = {"com", "net", "org", "info", "biz", "xyz", "site", "online", "shop", "app", "click"}
_NO_NAMES = (
    "bet bid blog cash casino cloud club coop credit deals digital email exchange games gov io loan loans mil money network"
    " news ngo ong poker porn promo sale sex social store stream tech tips today trade tv video vip web website wiki xxx"
)
NO_NAMES = NEVER | set(_NO_NAMES.split())


@cache
def ends() -> frozenset[str]:
    """Every last part that X knows a host by, as `make signs` wrote them for browsers: the library itself takes much memory."""
    script = (settings.BASE_DIR / "static/js/signs.js").read_text()
    groups = json.loads(script[script.index("{") : script.rindex("}") + 1])["ends"].split("(?:(?:")[1:]
    return frozenset(end for group in groups for end in group.split(")")[0].split("|"))


def has_address(text: str) -> bool:
    text = unicodedata.normalize("NFKC", text).replace("\u3002", ".")
    return SURE.search(text) is not None or any(map(_is_address, DOTTED.finditer(text)))


def _is_address(found: regex.Match[str]) -> bool:
    after = found["after"]
    labels = found[0][: found.end("after") - found.start() - len(after)].split(".")
    last = len(labels) - 2
    return any(
        _ends_a_host(left, end, slash=at == last and after == "/", at_end=at == last and not (after + found["more"]))
        for at, (left, end) in enumerate(pairwise(labels))
    )


def _ends_a_host(left: str, end: str, slash: bool, at_end: bool) -> bool:
    """Whether the two parts around a dot are rather a host than a name, by how they are written."""
    said = end.lower()
    titled = left.lower() in TITLES
    short = titled or len(LETTER.findall(left)) == 1
    written = end[0].isupper() and end[1:2].islower() and left[0].isupper()
    if said not in ends() and not said.startswith("xn--"):
        return slash and len(end) > 1 and not short and not written
    if not end[0].islower():
        return said in NEVER if short else said in NO_NAMES or not written
    if said in ALSO_NAMES:
        return slash or at_end
    return not titled or slash or at_end or said in NEVER or len(said) == 2
