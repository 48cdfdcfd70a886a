"""What somebody has just typed into the sign form, for the page after it: sealed into the URL of that page, and kept nowhere.

It is read from there and nowhere else, so that this page is the same whatever has become of the signature, or was there before it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import cast

from core.crypto import sealed
from petitions.signing import Submission

PURPOSE, LIVES = "check-mail", timedelta(hours=1)
FIELDS = ("name", "email", "country", "comment", "source")


def seal(slug: str, typed: Mapping[str, str]) -> str:
    """The token for one campaign. A comment in a rare script that does not fit stays behind: the signature has it."""
    facts = {"slug": slug} | {name: typed.get(name, "") for name in FIELDS}
    try:
        return sealed.seal(PURPOSE, facts)
    except ValueError:
        return sealed.seal(PURPOSE, facts | {"comment": ""})


def unseal(slug: str, token: str) -> Submission:
    """Raises sealed.BadSeal for a token that is not ours, of another campaign, or over an hour old."""
    facts = sealed.unseal(PURPOSE, token, LIVES)
    if facts.pop("slug") != slug:
        raise sealed.BadSeal
    return cast(Submission, facts)
