"""A mail to the target, from the supporter's own mailbox: every time put together from other parts, as samples are."""

from __future__ import annotations

import random
from collections import defaultdict
from urllib.parse import quote

from actions import length
from actions.models import SamplePart, Target, TweetAction
from core.text import hashtags

# Mail programs cut longer links.
LIMIT = 2_000


def draft(action: TweetAction, target: Target, language: str) -> str:
    """One part of each kind, in this language or else in any; "" without parts. It says the target's name, and no hashtag."""
    parts: dict[str, list[str]] = defaultdict(list)
    written = list(action.parts.all())
    for part in [part for part in written if part.language == language] or written:
        parts[part.kind].append(part.text)
    chosen = [random.choice(parts[kind]) for kind in SamplePart.Kind.values if parts[kind]]
    return "\n\n".join(_sentence(text, str(target.translated.name)) for text in chosen)


def link(target: Target, subject: str, text: str) -> str:
    """The way to the supporter's mail program; the address is the office's own, as staff have written it."""
    body = text.replace("\n", "\r\n")
    return f"mailto:{quote(target.email, safe='@')}?subject={quote(subject, safe='')}&body={quote(body, safe='')}"


def _sentence(text: str, name: str) -> str:
    return hashtags.without(length.addressed(text, name))
