"""The words after the `?` of a public URL: each view declares those that it takes, and all others are dropped.

deploy/nginx.conf keeps pages by path and these words, and reads them by the same patterns: core/tests/test_parameters.py holds both
against each other.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

from django.http import QueryDict

View = TypeVar("View", bound=Callable[..., object])

# What each may say, as it stands in the address; anything else is dropped as if the word were not there.
PATTERNS = {
    "day": r"[0-9]{4}-[0-9]{2}-[0-9]{2}",
    "theme": r"light|dark",
    "form": r"1",
    "url": r".+",
    "format": r"[a-z]{1,10}",
    "maxwidth": r"[0-9]{1,5}",
    "maxheight": r"[0-9]{1,5}",
    "page": r"[1-9][0-9]{0,3}",
    # What is looked for, as a browser writes it: a letter of some scripts takes nine signs.
    "q": r"[^&]{1,300}",
    # The same on a sitemap, as Django has it.
    "p": r"[1-9][0-9]{0,3}",
    "not": r"[0-9]{1,9}",
    "after": r"[0-9]{1,9}",
    "confirmed": r"1",
    "linked": r"1",
    "sent": r"1",
    "done": r"[a-z]{1,20}",
}
# A page with one of these is meant for who has just done something: nobody keeps it.
FOR_ONE_VISITOR = {"not", "after", "confirmed", "linked", "sent", "done"}
# Pages that are never kept have words of their own.
ELSEWHERE = ("/admin/", "/accounts/", "/static/")

# Where a request bears the words that its view declares, and the name of its route (core/web/kept_pages.py).
DECLARED, ROUTE = "outcry.parameters", "outcry.route"

WORDS = "|".join(PATTERNS)
TWICE = rf"(?:^|&)({WORDS})(?:[=&].*)?&\1(?:[=&]|$)"
IN_CAPITALS = rf"(?:^|&)(?!(?:{WORDS})(?:[=&]|$))(?i:{WORDS})(?:[=&]|$)"
# %64ay: no program writes a plain letter so.
ENCODED = r"(?:^|&)[^=&]*%(?:4[1-9A-Fa-f]|5[0-9Aa]|6[1-9A-Fa-f]|7[0-9Aa])"
MISSPELT = [re.compile(pattern) for pattern in (TWICE, IN_CAPITALS, ENCODED)]


def takes(*names: str) -> Callable[[View], View]:
    """Declares the words that a view reads."""

    def declare(view: View) -> View:
        vars(view)["parameters"] = frozenset(names)
        return view

    return declare


def misspelt(query: str) -> bool:
    """Whether a known word is there twice, in capitals, or hidden: two readers could then see two different pages."""
    return any(pattern.search(query) for pattern in MISSPELT)


NOTHING = QueryDict()


def kept(query: str, names: frozenset[str]) -> QueryDict:
    """What is left of a query for a view that takes `names`."""
    left = known(query, names)
    return QueryDict(left) if left else NOTHING


def known(query: str, names: frozenset[str]) -> str:
    """The same as it stands in an address."""
    return "&".join(part for part in query.split("&") if _fits(part, names)) if names else ""


def _fits(part: str, names: frozenset[str]) -> bool:
    name, _, value = part.partition("=")
    return name in names and re.fullmatch(PATTERNS[name], value) is not None
