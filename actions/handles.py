"""Hashtags and handles as staff type or paste them: with a sign in front, or as the address of a page."""

from __future__ import annotations

import re
import unicodedata
from typing import Any
from urllib.parse import unquote

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.generic import MixedIntoAnAdmin
from core.text import hashtags
from core.text.cleaning import CLOSES, OPENS, cleaned

# What stands before a name, and what people put around what they copy.
SIGNS = "#＃@＠ \u00a0<>()[]\"'“”«»‹›.,:;،؛"
HOST = r"(?:(?:https?:)?//)?(?:(?:www|mobile|m)\.)?"
# First parts of addresses at X that are pages of its own, not accounts.
OWN_PAGES = {
    "compose",
    "explore",
    "hashtag",
    "home",
    "i",
    "intent",
    "jobs",
    "login",
    "messages",
    "notifications",
    "search",
    "settings",
    "share",
    "tos",
}
OF_X = re.compile(rf"{HOST}(?:x|twitter)\.com/", re.IGNORECASE)
PAGE = re.compile(
    rf"{HOST}(?:(?:x|twitter)\.com/(?:#!/|hashtag/|intent/(?:user|follow)\?(?:\S*&)?screen_name=|search\?(?:\S*&)?q=)?"
    r"|bsky\.app/(?:profile|hashtag)/|threads\.(?:net|com)/)",
    re.IGNORECASE,
)
MASTODON_PAGE = re.compile(r"https?://([^/@]+)/(?:@|users/)(\w+)(?:[/?#].*)?$", re.IGNORECASE)
MASTODON_TAG = re.compile(r"https?://[^/@]+/tags/([^/?#]+)(?:[/?#].*)?$", re.IGNORECASE)
NAMES = {"hashtag", "x_handle", "bluesky_handle", "threads_handle", "mastodon_handle"}


def plain(typed: str) -> str:
    """Returns the hashtag or handle alone: "https://x.com/xmpl_ministry?s=20" and " @xmpl_ministry" give "xmpl_ministry"."""
    return unicodedata.normalize("NFC", _alone(_unturned(cleaned(typed)).strip()))


def is_own_page(typed: str) -> bool:
    """Whether this is the address of a page of X itself."""
    return OF_X.match(_unturned(cleaned(typed)).strip(SIGNS)) is not None and plain(typed).lower() in OWN_PAGES


def _unturned(text: str) -> str:
    """Without what some networks put around a handle that is copied."""
    return "".join(sign for sign in text if sign not in OPENS and sign not in CLOSES)


def _alone(text: str) -> str:
    text = text.strip(SIGNS)
    if page := PAGE.match(text):
        # A browser writes a hashtag in octets.
        return re.split(r"[/?#&]", unquote(text[page.end() :]).lstrip(SIGNS), maxsplit=1)[0].strip(SIGNS)
    if profile := MASTODON_PAGE.match(text):
        return f"{profile[2]}@{profile[1].lower()}"
    if tag := MASTODON_TAG.match(text):
        return unquote(tag[1])
    return text


def names(text: str, sign: str) -> bool:
    """Whether the text has this handle or hashtag, "@xmpl_ministry" or "#River", in whatever letters."""
    if sign.startswith("#"):
        return hashtags.has(text, sign[1:])
    return re.search(rf"(?<!\w){re.escape(sign)}(?!\w)", text, re.IGNORECASE) is not None


class NameField(forms.CharField):
    """Takes a hashtag or handle as it was pasted, and shows it plain."""

    def to_python(self, value: Any) -> str:
        typed = super().to_python(value) or ""
        if is_own_page(typed):
            raise ValidationError(_("This is a page of X, not an account."), code="invalid")
        return plain(typed)

    def bound_data(self, data: Any, initial: Any) -> Any:
        shown = super().bound_data(data, initial)
        return plain(shown) if isinstance(shown, str) and not is_own_page(shown) else shown

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """An address may be longer than the handle in it: browsers would cut it off."""
        attrs: dict[str, Any] = super().widget_attrs(widget)
        return {name: value for name, value in attrs.items() if name != "maxlength"}


class TypedNames(MixedIntoAnAdmin):
    """An admin, or an inline, in which hashtags and handles are typed."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in NAMES:
            kwargs = {"form_class": NameField} | kwargs
        return super().formfield_for_dbfield(db_field, request, **kwargs)
