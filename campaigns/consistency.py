"""Headlines, handles, samples, translations and what X is asked for are one state: what becomes of it when a part is changed.

A headline is a post to a target: in every language it names a handle that is addressed. Whoever changes the handle of a live
campaign changes its headlines with it, and sees before that what else still has the old one."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from actions import matching, tracking
from actions.handles import names
from actions.models import Target, Tweet
from actions.x.answers import Post, User
from campaigns import translating
from campaigns.models import Campaign
from core.staff.versions import locked
from core.text.hashtags import folded


@dataclass(frozen=True)
class State:
    """What a campaign says of whom it addresses. `headlines`: by language."""

    hashtag: str
    handles: tuple[str, ...]
    query: str
    headlines: tuple[tuple[str, str], ...]

    @property
    def signs(self) -> tuple[str, ...]:
        return (f"#{self.hashtag}", *(f"@{handle}" for handle in self.handles))


@dataclass(frozen=True)
class Change:
    """From one state of a live campaign to the next one."""

    campaign: Campaign
    before: State
    after: State

    @property
    def matters(self) -> bool:
        return self.has_new_query or bool(self.gone or self.wrong)

    @property
    def has_new_query(self) -> bool:
        return self.before.query != self.after.query

    @property
    def gone(self) -> list[str]:
        """The hashtag and the handles that are no longer its own: ["@xmpl_ministry"]."""
        kept = {folded(sign) for sign in self.after.signs}
        return [sign for sign in self.before.signs if folded(sign) not in kept]

    @property
    def wrong(self) -> dict[str, str]:
        """The headlines, by language, that would be posts to nobody who is addressed."""
        handles = [f"@{handle}" for handle in self.after.handles]
        return {
            language: headline
            for language, headline in self.after.headlines
            if handles and not any(names(headline, handle) for handle in handles)
        }

    def mended(self, headline: str) -> str:
        """The headline as it could read then: with the new handle in place of the old one."""
        olds = [handle for handle in self.before.handles if handle not in self.after.handles]
        news = [handle for handle in self.after.handles if handle not in self.before.handles] or [*self.after.handles]
        for old in olds:
            headline = re.sub(rf"(?<!\w)@{re.escape(old)}(?!\w)", f"@{news[0]}", headline, flags=re.IGNORECASE)
        return headline

    def check_headline(self, headline: str) -> None:
        """Raises ValidationError for one that names nobody who is addressed then."""
        if not any(names(headline, f"@{handle}") for handle in self.after.handles):
            raise ValidationError(
                _("The headline is itself a post to the target. Please put the target's handle into it.")
            )

    @cached_property
    def lost(self) -> int:
        """How many stored posts match what X is asked for now, and would not match what it is asked for then."""
        action = self.campaign.tweet_action
        rows = Tweet.objects.filter(action=action, kind=Tweet.Kind.MATCHING, gone_at=None)
        posts = map(_post, rows.iterator())
        return sum(
            matching.matches(self.before.query, post) and not matching.matches(self.after.query, post) for post in posts
        )

    @cached_property
    def left(self) -> list[tuple[str, str]]:
        """(what it is, its words) of all texts that would still have what is gone."""
        return [(where, text) for where, text in _texts(self) if any(names(text, sign) for sign in self.gone)]

    @property
    def digest(self) -> str:
        """The same for the same change: whoever confirms it has seen this one."""
        return hashlib.sha256(repr((self.campaign.pk, self.before, self.after)).encode()).hexdigest()


def state(campaign: Campaign) -> State:
    """As it is stored."""
    action = campaign.tweet_action
    if action is None:
        return State("", (), "", tuple(campaign.headlines.items()))
    return State(action.hashtag, tuple(action.handles), action.query, tuple(campaign.headlines.items()))


def of_action(campaign: Campaign, hashtag: str, targets: Iterable[Target], query: str) -> Change:
    """What a save of the tweet action does. `query`: "" where it follows from the others."""
    before = state(campaign)
    handles = tuple(target.x_handle for target in targets)
    query = query or tracking.query_for(hashtag, handles)
    return Change(campaign, before, replace(before, hashtag=hashtag, handles=handles, query=query))


def of_handle(target: Target, handle: str) -> list[Change]:
    """What another handle of this target does to the live campaigns that address it."""
    live = [campaign for campaign in addressing(target) if campaign.is_live]
    return [_of_handle(campaign, target, handle) for campaign in live]


def addressing(target: Target) -> QuerySet[Campaign]:
    """The campaigns that address this target, locked one after the other: nobody else changes them meanwhile."""
    return locked(Campaign.objects.addressing(target).order_by("pk"))


def _of_handle(campaign: Campaign, target: Target, handle: str) -> Change:
    action = campaign.tweet_action
    assert action is not None
    before = state(campaign)
    handles = tuple(handle if other.pk == target.pk else other.x_handle for other in action.targets)
    query = tracking.query_for(action.hashtag, handles) if tracking.follows(action) else before.query
    return Change(campaign, before, replace(before, handles=handles, query=query))


def mend(campaign: Campaign, headlines: dict[str, str]) -> None:
    """Stores other headlines, by language. A translation that was fresh stays so: both were changed together."""
    before = campaign.source
    if campaign.language in headlines:
        campaign.headline = headlines[campaign.language]
        campaign.save(update_fields=["headline"])
    for row in campaign.translations.filter(language__in=headlines):
        row.headline = headlines[row.language]
        if row.source == before:
            row.source = campaign.source
        row.save(update_fields=["headline", "source"])


def _post(row: Tweet) -> Post:
    author = User(row.author_id or 0, row.author_handle, "") if row.author_handle else None
    number = row.post_id or 0
    return Post(number, number, number, row.text, row.posted_at, author)


def _texts(change: Change) -> Iterator[tuple[str, str]]:
    campaign, action = change.campaign, change.campaign.tweet_action
    if not change.gone or action is None:
        return
    for sample in action.samples.filter(is_combined=False):
        yield _("sample"), sample.text
    for part in action.parts.all():
        yield _("part"), part.text
    for thing in translating.things(campaign):
        for field in thing.translations.model.texts():
            words = {thing.written_in: getattr(thing, field)}
            words |= {row.language: getattr(row, field) for row in thing.translations.all()}
            label = str(thing.translations.model._meta.get_field(field).verbose_name)
            for language, text in words.items():
                # A headline that must be mended is shown apart.
                if text and not (thing == campaign and field == "headline" and language in change.wrong):
                    yield f"{label} ({language})", text
