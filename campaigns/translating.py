"""All texts of a campaign in one more language: what there is to say, what was said, and how much of it is missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction

from campaigns.models import Campaign
from core.wording import Worded, Wording
from petitions.models import Petition


@dataclass
class Part:
    """One text of one object: `original` as it was written, `text` in the other language ("" while there is none)."""

    thing: Worded
    field: str
    original: str
    text: str
    # The original has changed since this was written.
    is_stale: bool
    # People have put their name to it in this language.
    is_fixed: bool

    @property
    def key(self) -> str:
        return f"{type(self.thing).__name__.lower()}-{self.thing.pk}-{self.field}"  # type: ignore[attr-defined]

    @property
    def label(self) -> str:
        return str(self.thing.wordings.model._meta.get_field(self.field).verbose_name)


def things(campaign: Campaign) -> Iterator[Worded]:
    """Every object of the campaign that says something, in the order in which its pages show them."""
    yield campaign
    if campaign.petition:
        yield campaign.petition
    if campaign.tweet_action:
        yield from campaign.tweet_action.targets
        yield campaign.tweet_action
    yield from campaign.demands.all()
    yield from campaign.moments.all()
    yield from campaign.updates.all()
    yield from campaign.responses.all()
    recap, kit = getattr(campaign, "recap", None), getattr(campaign, "press_kit", None)
    if recap:
        yield recap
        yield from recap.parts.all()
    if kit:
        yield kit
        yield from kit.images.all()


def parts(campaign: Campaign, language: str) -> list[Part]:
    """What is empty in the original needs no words."""
    return [part for thing in things(campaign) for part in _of(thing, language)]


def _of(thing: Worded, language: str) -> Iterator[Part]:
    row = thing.wordings.filter(language=language).first()
    stale = row is not None and row.source != thing.source
    fixed = isinstance(thing, Petition) and row is not None and thing.signatures.filter(language=language).exists()
    for field in thing.wordings.model.texts():
        original = getattr(thing, field)
        if original:
            text = getattr(row, field) if row else ""
            yield Part(thing, field, original, text, stale and bool(text), fixed and field == "text" and bool(text))


def progress(campaign: Campaign) -> list[tuple[str, int, int]]:
    """(language, texts that are there, texts in all) for every language of the site but the campaign's own, and all others begun."""
    codes = [code for code, _ in settings.LANGUAGES]
    for thing in things(campaign):
        codes += thing.wordings.values_list("language", flat=True)
    counted = []
    for code in dict.fromkeys(codes):
        if code != campaign.language:
            found = parts(campaign, code)
            counted.append((code, sum(bool(part.text) for part in found), len(found)))
    return counted


def save(campaign: Campaign, language: str, texts: dict[str, str]) -> dict[str, list[str]]:
    """Store `texts` by the key of their part; what is wrong with them by the same key, and then nothing was stored."""
    errors: dict[str, list[str]] = {}
    with transaction.atomic():
        for thing in things(campaign):
            own = [part for part in _of(thing, language) if not part.is_fixed]
            row = thing.wordings.filter(language=language).first() or thing.wordings.model(of=thing, language=language)
            changed = [part for part in own if texts.get(part.key, part.text) != part.text]
            for part in changed:
                setattr(row, part.field, texts[part.key])
            if own and (changed or any(part.is_stale for part in own)):
                errors |= _store(thing, row)
        if errors:
            transaction.set_rollback(True)
    return errors


def _store(thing: Worded, row: Wording) -> dict[str, list[str]]:
    if not any(getattr(row, field) for field in row.texts()):
        if row.pk:
            row.delete()
        return {}
    row.source = thing.source
    try:
        row.full_clean(validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        name = type(thing).__name__.lower()
        return {f"{name}-{thing.pk}-{field}": messages for field, messages in error.message_dict.items()}  # type: ignore[attr-defined]
    row.save()
    return {}
