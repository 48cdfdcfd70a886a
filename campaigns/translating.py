"""All texts of a campaign in one more language: what there is to say, what was said, and how much of it is missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import prefetch_related_objects

from campaigns.models import Campaign, MomentPicture
from core.text.nearest import interface
from core.text.translations import Translatable, Translation
from petitions.models import Petition


@dataclass
class SourceText:
    """One text of one object: `original` as it was written, `text` in the other language ("" while there is none)."""

    thing: Translatable
    field: str
    original: str
    text: str
    # The original has changed since this was written.
    is_stale: bool
    # People have put their name to it in this language.
    is_fixed: bool

    @property
    def key(self) -> str:
        return f"{key_of(self.thing)}-{self.field}"

    @property
    def label(self) -> str:
        return str(self.thing.translations.model._meta.get_field(self.field).verbose_name)


def things(campaign: Campaign) -> list[Translatable]:
    """Every object of the campaign that says something and was not withdrawn, with its translations, in the order in which its pages
    show them."""
    recap, kit = getattr(campaign, "recap", None), getattr(campaign, "press_kit", None)
    action = campaign.tweet_action
    own: list[Translatable | None] = [campaign, campaign.petition]
    if action:
        own += [*action.targets, action]
    own += campaign.pictures.select_related("campaign").defer("whole", "content").prefetch_related("translations")
    for rows in (campaign.demands, campaign.moments, campaign.updates, campaign.responses):
        own += rows.select_related("campaign").prefetch_related("translations")
    handed = MomentPicture.objects.filter(moment__campaign=campaign, moment__withdrawn_at=None)
    own += handed.select_related("moment__campaign").defer("content").prefetch_related("translations")
    own = [thing for thing in own if not getattr(thing, "withdrawn_at", None)]
    # The form of a page that makes one hangs it on the campaign before it is stored.
    if recap and recap.pk:
        own.append(recap)
        own += recap.entries.select_related("recap__campaign").prefetch_related("translations")
    if kit and kit.pk:
        own.append(kit)
        own += kit.images.select_related("kit__campaign").defer("content").prefetch_related("translations")
    found = [thing for thing in own if thing]
    prefetch_related_objects([thing for thing in found if isinstance(thing, Campaign)], "translations")
    return found


def source_texts(campaign: Campaign, language: str) -> list[SourceText]:
    """Returns the texts of the campaign that need a translation: those that are not empty in the original."""
    signed = _signed_in(campaign)
    return [part for thing in things(campaign) for part in _of(thing, language, signed)]


def _signed_in(campaign: Campaign) -> set[str]:
    """The languages of the pages, without their kinds, that people have signed in."""
    if campaign.petition is None:
        return set()
    return {_page(code) for code in campaign.petition.signatures.values_list("language", flat=True).distinct()}


def _page(code: str) -> str:
    """Of the pages that show texts in this language, without its kind."""
    return (interface(code) or code).split("-")[0]


def _of(thing: Translatable, language: str, signed: set[str]) -> Iterator[SourceText]:
    rows = {row.language: row for row in thing.translations.all()}
    row = rows.get(language)
    stale = row is not None and row.source != thing.source
    for field in thing.translations.model.texts():
        original = getattr(thing, field)
        if original:
            text = getattr(row, field) if row else ""
            # A page shows any kind of its language, or one that it is the nearest to: where one was signed under, none may come
            # before it.
            shown = any(_page(code) == _page(language) and getattr(other, field) for code, other in rows.items())
            fixed = isinstance(thing, Petition) and field == "text" and shown and _page(language) in signed
            yield SourceText(thing, field, original, text, stale and bool(text), fixed)


def progress(campaign: Campaign) -> list[tuple[str, int, int]]:
    """(language, texts that are there, texts in all) for every language of the site but the campaign's own, and all others begun."""
    found = things(campaign)
    for kind in {type(thing) for thing in found}:
        alike: list[Any] = [thing for thing in found if type(thing) is kind]
        prefetch_related_objects(alike, "translations")
    begun = [row.language for thing in found for row in thing.translations.all()]
    codes = dict.fromkeys([code for code, _ in settings.LANGUAGES] + sorted(begun))
    counted = []
    for code in codes:
        if code != campaign.language:
            own = [part for thing in found for part in _of(thing, code, set())]
            counted.append((code, sum(bool(part.text) for part in own), len(own)))
    return counted


def save(
    campaign: Campaign, language: str, texts: dict[str, str], sources: dict[str, str] | None = None
) -> dict[str, list[str]]:
    """Store the texts that were changed, by the key of their part; `sources`: what each original was when it was looked at, by
    the key of its object. What is wrong with them comes back by the same key, and then nothing was stored."""
    errors: dict[str, list[str]] = {}
    with transaction.atomic():
        # Two who write at once come one after the other.
        Campaign.objects.select_for_update().get(pk=campaign.pk)
        signed = _signed_in(campaign)
        for thing in things(campaign):
            changed = [part for part in _of(thing, language, signed) if not part.is_fixed and part.key in texts]
            row = thing.translations.filter(language=language).first()
            seen = (sources or {}).get(key_of(thing), thing.source)
            if not changed and (row is None or row.source == seen):
                continue
            row = row or thing.translations.model(original=thing, language=language)
            for part in changed:
                setattr(row, part.field, texts[part.key])
            row.source = seen
            errors |= _store(thing, row)
        if errors:
            transaction.set_rollback(True)
    return errors


def key_of(thing: Translatable) -> str:
    return f"{type(thing).__name__.lower()}-{thing.pk}"


def _store(thing: Translatable, row: Translation) -> dict[str, list[str]]:
    if not any(getattr(row, field) for field in row.texts()):
        if row.pk:
            row.delete()
        return {}
    try:
        row.full_clean(validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        return {f"{key_of(thing)}-{field}": messages for field, messages in error.message_dict.items()}
    row.save()
    return {}
