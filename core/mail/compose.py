"""How every mail of ours is put together: two parts, no pictures that report back, and a sender that a campaign may want neutral."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from email.mime.image import MIMEImage
from email.utils import parseaddr
from functools import cache
from secrets import token_hex
from string import Template

import css_inline
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.core.validators import validate_email
from django.db.models import Model
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.html import escape
from django.utils.translation import gettext

from core.drawing import palette
from core.text.translations import direction

STYLESHEET, AT_NIGHT = "static/css/mail.css", "static/css/mail-dark.css"
# No text of anybody's has this in it.
PLACE = token_hex(8)


def link(name: str, *args: str) -> str:
    """The whole address of one of our pages, in the active language."""
    return settings.SITE_URL + reverse(name, args=args)


def mail(
    row: Model,
    template: str,
    subject: str,
    to: str,
    context: dict[str, object],
    neutral: bool = False,
    unsubscribe: str = "",
    accent: str = "red",
    pictures: dict[str, bytes] | None = None,
) -> EmailMultiAlternatives:
    """The mail of `row` from templates/mails/<template>.txt and .html, in the active language.

    `neutral`: the sender is an address without a name, and the site stands where the organisation's name would. `unsubscribe`:
    where one click ends such mails (RFC 8058). `pictures`: PNG by the name that an `src` has after "cid:"; they travel with the
    mail, so that showing them tells nobody anything."""
    made = letter(template, subject, context, neutral, unsubscribe, accent).to(row, to, pictures=pictures)
    if unsubscribe:
        made.extra_headers |= {
            "List-Unsubscribe": f"<{unsubscribe}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
    return made


def letter(
    template: str,
    subject: str,
    context: dict[str, object],
    neutral: bool = False,
    unsubscribe: str = "",
    accent: str = "red",
    own: Iterable[str] = (),
) -> Letter:
    """What many mails have in common, in the active language. `own`: names in the context of what each has for itself."""
    language = translation.get_language() or settings.LANGUAGE_CODE
    context |= {
        "organisation": settings.ALLOWED_HOSTS[0] if neutral else settings.ORGANISATION,
        "site_url": settings.SITE_URL,
        "subject": subject,
        "unsubscribe": unsubscribe,
        "language": language,
        "text_direction": direction(language),
        "styles_at_night": _styles(AT_NIGHT, palette.dark, accent),
    }
    context |= {name: _place(name) for name in own}
    text = render_to_string(f"mails/{template}.txt", context)
    html = inlined(render_to_string(f"mails/{template}.html", context), accent)
    sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1] if neutral else None
    # Whoever answers a neutral mail reaches its sender, and no name stands there.
    answers = [] if neutral else _contact()
    # One line; the spaces that French sticks its signs to are no ends of words.
    return Letter(template, re.sub(r"[^\S\xa0\u202f]+", " ", subject).strip(), text, html, sender, answers)


@dataclass(frozen=True)
class Letter:
    """Both parts of a mail, with a place for what each has for itself. `sender`: None for the usual one. `answers`: who gets them,
    none when that is the sender."""

    template: str
    subject: str
    text: str
    html: str
    sender: str | None
    answers: list[str]

    def to(
        self, row: Model, to: str, own: Mapping[str, str] | None = None, pictures: dict[str, bytes] | None = None
    ) -> EmailMultiAlternatives:
        """The mail of `row`. `own`: text by its name."""
        text, html = self.text, self.html
        for name, value in (own or {}).items():
            text, html = text.replace(_place(name), value), html.replace(_place(name), escape(value))
        # The same row always gives the same Message-ID, so that a mail sent twice is shown once.
        number = f"<{self.template}-{row.pk}@{settings.ALLOWED_HOSTS[0]}>"
        headers = {"Message-ID": number, "Auto-Submitted": "auto-generated"}
        kind = WithPictures if pictures else EmailMultiAlternatives
        made = kind(self.subject, text, self.sender, [to], reply_to=self.answers, headers=headers)
        made.attach_alternative(html, "text/html")
        for name, content in (pictures or {}).items():
            picture = MIMEImage(content, "png")
            picture.add_header("Content-ID", f"<{name}>")
            picture.add_header("Content-Disposition", "inline", filename=f"{name}.png")
            made.attach(picture)
        return made


def specimen(made: EmailMultiAlternatives) -> EmailMultiAlternatives:
    """The same mail for one of those who wrote it: it says so, and a second one is not taken for the first."""
    made.subject = gettext("Test: %(subject)s") % {"subject": made.subject}
    made.extra_headers = {"Auto-Submitted": "auto-generated"}
    return made


def _contact() -> list[str]:
    """Where answers go: what the site gives as its contact, if that is a mail address and nothing else."""
    try:
        validate_email(settings.CONTACT)
    except ValidationError:
        return []
    return [settings.CONTACT]


def _place(name: str) -> str:
    return f"outcry-own-{name}-{PLACE}"


class WithPictures(EmailMultiAlternatives):
    """Its parts belong together: the HTML shows what is attached."""

    mixed_subtype = "related"


def inlined(html: str, accent: str) -> str:
    """With the styles of mail.css at every element; what stands in a <style> stays there."""
    styles = _styles(STYLESHEET, palette.light, accent)
    return css_inline.CSSInliner(extra_css=styles, load_remote_stylesheets=False, keep_style_tags=True).inline(html)


@cache
def _styles(file: str, colour: Callable[[str, str], str], accent: str) -> str:
    """A stylesheet with its colours: mails know no variables."""
    shared = ("on-accent", "second", "soft", "line", "paper", "ink")
    tokens = {name.replace("-", "_"): colour(name, "") for name in shared} | {"accent": colour("accent", accent)}
    return Template((settings.BASE_DIR / file).read_text()).substitute(tokens)
