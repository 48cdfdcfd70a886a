from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation

from core.text import languages
from core.text.translations import direction


def site(request: HttpRequest) -> dict[str, object]:
    return {
        "organisation": settings.ORGANISATION,
        "contact": settings.CONTACT,
        "site_url": settings.SITE_URL,
        "x_login": bool(settings.X_CLIENT_ID),
        # What leads nowhere is not repeated: //evil.example/ would be a link to another site.
        "languages": languages.links_for(request.path if request.resolver_match else "/"),
        "text_direction": direction(translation.get_language() or settings.LANGUAGE_CODE),
    }
