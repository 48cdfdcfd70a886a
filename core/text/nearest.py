"""Texts may be in a language that the interface lacks: pages in the nearest one show them."""

from __future__ import annotations

from django.conf import settings

# Those whose readers mostly read the other one, too, and whom that does not offend.
READ_TOO = {
    **dict.fromkeys(("an", "ast", "ay", "ca", "eu", "gl", "gn", "qu"), "es"),
    **dict.fromkeys(("br", "co", "ff", "frp", "gcf", "gcr", "ht", "ln", "lou", "mg", "oc", "rcf", "wa", "wo"), "fr"),
    **dict.fromkeys(("aeb", "apc", "arq", "ary", "arz", "kab", "rif", "shi", "tzm", "zgh"), "ar"),
}


def interface(code: str) -> str:
    """The language of the pages that show texts in this one: itself, one of its kinds, or one that its readers know; "" where there
    is none."""
    known = [known for known, _name in settings.LANGUAGES]
    base = code.split("-")[0]
    kinds = sorted(one for one in known if one.split("-")[0] == base)
    near = READ_TOO.get(base, "")
    return code if code in known else (kinds[0] if kinds else near if near in known else "")


def page(code: str) -> str:
    """The same for a page that there must be: in the language of the site where nothing is near."""
    return interface(code) or settings.LANGUAGE_CODE
