"""Memory that processes share with the one that they are forked from."""

from __future__ import annotations

import gc

from django.conf import settings
from django.db import connections
from django.template.loader import get_template
from django.urls import reverse
from django.utils import translation

TEMPLATES = settings.BASE_DIR / "templates"


def prepare() -> None:
    """To be called when all is loaded, before the first fork. From then on Python's collector leaves alone what is there: to look at
    an object it writes to it, and what is written to is no longer shared."""
    # During an upgrade the files are those of the new release already.
    for path in (*TEMPLATES.rglob("*.html"), *TEMPLATES.rglob("*.txt")):
        get_template(path.relative_to(TEMPLATES).as_posix())
    for language, _ in settings.LANGUAGES:
        # Django keeps its words and the ways to its pages by language, and would look for them in each process.
        with translation.override(language):
            translation.gettext("Sign")
            reverse("healthz")
    connections.close_all()
    gc.collect()
    gc.freeze()
