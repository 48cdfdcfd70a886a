"""Targets: of a campaign, on its own page, and all of them in a list. A changed handle changes the campaigns that address it."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from actions import admin as of_actions
from actions import combining, tracking
from actions.handles import TypedNames
from actions.models import Target, TweetAction
from campaigns import consistency, status
from campaigns.consistency import Change
from campaigns.models import Campaign
from desk.consequences import AsksFirst
from desk.pages import PageOfCampaign

# Those that are live are no secret; what they say is changed by whoever runs them.
OF_OTHERS = _("Another team's campaign addresses this handle too. Please ask an administrator to change it.")


class TargetForm(AsksFirst):
    """`campaign`: the one that a new target is for. `reader`: whoever has the form."""

    campaign: Campaign | None = None
    reader: Any
    following: list[Campaign]

    def changes(self, cleaned: dict[str, Any]) -> list[Change]:
        handle, self.following = cleaned["x_handle"], []
        if self.instance.pk is None:
            return self._made(handle)
        stored = Target.objects.get(pk=self.instance.pk)
        if handle == stored.x_handle:
            return []
        campaigns = consistency.addressing(stored).select_related("tweet_action")
        self.following = [one for one in campaigns if one.tweet_action and tracking.follows(one.tweet_action)]
        changes = consistency.of_handle(stored, handle)
        seen = Campaign.objects.for_staff(self.reader).filter(pk__in=[change.campaign.pk for change in changes])
        if seen.count() < len(changes):
            raise ValidationError({"x_handle": OF_OTHERS})
        return changes

    def _made(self, handle: str) -> list[Change]:
        action = self.campaign.tweet_action if self.campaign else None
        if self.campaign is None or action is None:
            return []
        query = "" if tracking.follows(action) else action.query
        self.following = [] if query else [self.campaign]
        if not self.campaign.is_live:
            return []
        return [consistency.of_action(self.campaign, action.hashtag, [Target(x_handle=handle), *action.targets], query)]

    def settle(self) -> None:
        super().settle()
        for campaign in self.following:
            action = TweetAction.objects.get(campaign=campaign)
            status.ask_for(campaign, action, tracking.default_query(action))
            combining.store(action)


def _is_of_others(request: HttpRequest, target: Target) -> bool:
    """Whether a campaign addresses it that the reader does not see."""
    campaigns = Campaign.objects.addressing(target)
    return campaigns.exclude(pk__in=Campaign.objects.for_staff(request.user).values("pk")).exists()


admin.site.unregister(Target)


@admin.register(Target)
class TargetAdmin(of_actions.TargetAdmin):
    form = TargetForm

    def get_form(self, request: HttpRequest, obj: Target | None = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        form.reader = request.user
        return form

    def has_delete_permission(self, request: HttpRequest, obj: Target | None = None) -> bool:
        """Nobody takes away whom another team addresses."""
        return super().has_delete_permission(request, obj) and (obj is None or not _is_of_others(request, obj))

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """What keeps one may be another team's: whoever asks reads that there is something, and not what."""
        shown, counts, needed, keeping = super().get_deleted_objects(objs, request)
        if keeping and not request.user.is_superuser:
            keeping = [_("records of campaigns")]
        return shown, counts, needed, keeping

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        form.settle()


class TargetPage(TypedNames, PageOfCampaign):
    page, edits, form = "target", Target, TargetForm
    fields = (
        "name",
        "kind",
        "x_handle",
        "bluesky_handle",
        "threads_handle",
        "mastodon_handle",
        "email",
        "reason",
        "is_fictional",
    )

    def row_of(self, campaign: Campaign) -> Target | None:
        return campaign.target

    def attach(self, campaign: Campaign, row: Target) -> None:
        action = campaign.tweet_action
        assert action is not None
        action.target = row
        action.save(update_fields=["target"])

    def get_form(self, request: HttpRequest, obj: Target | None = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        form.campaign, form.reader = self.stored(request), request.user
        return form

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and self.stored(request).tweet_action is not None

    def save_model(self, request: HttpRequest, obj: Target, form: Any, change: bool) -> None:
        if not change:
            obj.language = self.stored(request).language
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        form.settle()
