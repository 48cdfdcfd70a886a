"""A mail to the target, from the supporter's own mailbox: every time put together from other parts, as samples are."""

from __future__ import annotations

import random
from collections import defaultdict
from typing import NamedTuple
from urllib.parse import quote

from actions import length
from actions.models import SamplePart, Target, TweetAction
from core.text import hashtags

# Mail programs cut longer links.
LIMIT = 2_000
# What a link that we offer leaves of that for the name at the end: 30 signs of Arabic.
FOR_THE_NAME = 180
# What a draft that is too long does without, in this order. Then its subject is cut to fewer words; what is asked for
# goes last.
SPARED = (SamplePart.Kind.PROOF, SamplePart.Kind.OPENING, SamplePart.Kind.FACT)
FEWEST_WORDS = 4


class Draft(NamedTuple):
    subject: str
    text: str


def draft(action: TweetAction, target: Target, language: str, subject: str, opening: str, end: str) -> Draft:
    """One part of each kind, in this language or else in any, as many as fit into a link. It says the target's name, no hashtag."""
    parts: dict[str, list[str]] = defaultdict(list)
    written = list(action.parts.all())
    for part in [part for part in written if part.language == language] or written:
        parts[part.kind].append(part.text)
    name = str(target.translated.name)
    chosen = {kind: _sentence(random.choice(parts[kind]), name) for kind in SamplePart.Kind.values if parts[kind]}

    def made(subject: str) -> Draft:
        return Draft(subject, "\n\n".join(filter(None, (opening, *chosen.values(), f"{end}\n"))))

    def fits(tried: Draft) -> bool:
        return len(link(target, *tried)) + FOR_THE_NAME <= LIMIT

    def cut() -> Draft:
        words, tried = subject.split(), made(subject)
        while len(words) > FEWEST_WORDS and not fits(tried):
            words.pop()
            tried = made(" ".join(words) + "…")
        return tried

    for kind in SPARED:
        if not fits(made(subject)):
            chosen.pop(kind, None)
    if not fits(cut()):
        chosen.clear()
    return cut()


def link(target: Target, subject: str, text: str) -> str:
    """The way to the supporter's mail program; the address is the office's own, as staff have written it."""
    body = text.replace("\n", "\r\n")
    return f"mailto:{quote(target.email, safe='@')}?subject={quote(subject, safe='')}&body={quote(body, safe='')}"


def _sentence(text: str, name: str) -> str:
    return hashtags.without(length.addressed(text, name))
