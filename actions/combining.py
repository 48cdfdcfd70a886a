"""Samples put together from parts: every opening with every fact, ask and proof of one language, as far as X takes it with the
campaign's address, as it does not read like a reply, and as it is not too like another one. What staff have vetoed stays vetoed."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice, product

import regex
from django.core.exceptions import ValidationError
from django.db import transaction

from actions import length
from actions.models import SamplePart, SampleTweet, TweetAction
from core.text.hashtags import SIGNS, WORD, folded

# Two texts that share this much of their words count as one.
TOO_ALIKE = 0.8
TRIED, KEPT = 5_000, 300
NOT_WORDS = regex.compile(rf"[@＠#＃][{SIGNS}]+|https?://\S+|\{{target\}}")


@dataclass
class Combined:
    """Which texts came out, and how many did not: too long, like a reply, or too like another one."""

    texts: dict[str, list[str]] = field(default_factory=dict)
    too_long: int = 0
    as_reply: int = 0
    too_alike: int = 0


def likeness(one: str, other: str) -> float:
    """The share of words that two texts have in common, 0 to 1; handles, hashtags and addresses, which all texts share, left out."""
    return _shared(_words(one), _words(other))


def alike(texts: Iterable[str]) -> list[tuple[str, str]]:
    """The pairs that are too like each other."""
    known = [(text, _words(text)) for text in texts]
    return [
        (one, other)
        for place, (one, words) in enumerate(known)
        for other, others in known[place + 1 :]
        if _shared(words, others) >= TOO_ALIKE
    ]


def combine(action: TweetAction) -> Combined:
    """All combinations that hold, by language; nothing is stored."""
    made, longest = Combined(), _longest_handle(action)
    written = list(action.samples.filter(is_combined=False).values_list("text", flat=True))
    for language, parts in _by_language(action).items():
        kept = [_words(text) for text in written]
        made.texts[language] = texts = []
        for text in _products(parts):
            if not _holds(text, longest, made):
                continue
            words = _words(text)
            if any(_shared(words, other) >= TOO_ALIKE for other in kept):
                made.too_alike += 1
                continue
            kept.append(words)
            texts.append(text)
            if len(texts) == KEPT:
                break
    return made


def store(action: TweetAction) -> Combined:
    """Make the combined samples of this action what its parts give now; those that were vetoed and still come out stay vetoed."""
    made = combine(action)
    wanted = {text: language for language, texts in made.texts.items() for text in texts}
    with transaction.atomic():
        TweetAction.objects.select_for_update().get(pk=action.pk)
        combined = action.samples.filter(is_combined=True)
        combined.exclude(text__in=list(wanted)).filter(is_offered=True).update(is_offered=False)
        combined.filter(text__in=list(wanted), is_offered=False).update(is_offered=True)
        rows = [
            SampleTweet(action=action, text=text, language=language, is_combined=True)
            for text, language in wanted.items()
        ]
        SampleTweet.objects.bulk_create(rows, ignore_conflicts=True)
    return made


def _holds(text: str, longest: str, made: Combined) -> bool:
    text = length.addressed(text, longest)
    try:
        length.validate_weight(text, room=length.LINK_ROOM)
    except ValidationError:
        made.too_long += 1
        return False
    if length.reads_as_reply(text):
        made.as_reply += 1
        return False
    return True


def _longest_handle(action: TweetAction) -> str:
    return "@" + max(action.handles, key=len, default="")


def _by_language(action: TweetAction) -> dict[str, list[list[str]]]:
    parts: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for part in action.parts.all():
        parts[part.language][part.kind].append(part.text.strip())
    return {
        language: [kinds[kind] for kind in SamplePart.Kind.values if kinds[kind]] for language, kinds in parts.items()
    }


def _products(parts: list[list[str]]) -> Iterator[str]:
    """In an order that mixes them, the same every time: what is cut off at the end is not all of one opening."""
    every = list(islice(product(*parts), TRIED))
    random.Random(len(every)).shuffle(every)
    return (" ".join(pieces) for pieces in every)


def _words(text: str) -> frozenset[str]:
    return frozenset(WORD.findall(folded(NOT_WORDS.sub(" ", text))))


def _shared(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other) if one or other else 1.0
