"""The tweet action of a campaign: hashtag, whom it addresses, what X is asked for; and its own target."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.widgets import UnfoldAdminTextInputWidget

from actions import combining, tracking
from actions.handles import TypedNames
from actions.models import Contamination, TrackingQuery, TweetAction
from campaigns import consistency, status
from campaigns.consistency import Change
from campaigns.models import Campaign, Status
from core.text import hashtags
from desk.consequences import AsksFirst
from desk.forms import ContaminationForm
from desk.pages import PageOfCampaign
from desk.zones import InCampaignZone

# What X's terms ask of whoever runs such an action; from them, in our words.
TERMS = _(
    "Before you begin: X wants to approve in writing that you monitor protests and rallies through its API. "
    "What you hand to a government office must hold no posts. And nobody may derive anybody's political "
    "views from posts, or keep them."
)


def newest_query(action: TweetAction) -> TrackingQuery | None:
    """The newest version, read once for each page."""
    known: dict[str, TrackingQuery | None] = action.__dict__
    if "_newest_query" not in known:
        known["_newest_query"] = action.queries.order_by("-version").first() if action.pk else None
    return known["_newest_query"]


class ActionForm(AsksFirst):
    query = forms.CharField(
        label=_("What we ask X for"),
        required=False,
        max_length=512,
        widget=UnfoldAdminTextInputWidget,
        help_text=_(
            "Leave empty for the hashtag and the target's handle, without reposts. A change starts a new version."
        ),
    )

    class Meta:
        model = TweetAction
        fields = ("hashtag", "hashtag_from", "target", "more_targets", "query", "advice", "budget")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        newest = newest_query(self.instance)
        if newest and newest.query != tracking.default_query(self.instance):
            self.fields["query"].initial = newest.query

    def clean_hashtag_from(self) -> datetime | None:
        """What is kept back must not stand in the headline."""
        moment: datetime | None = self.cleaned_data["hashtag_from"]
        campaign: Campaign | None = getattr(self.instance, "campaign", None)
        hidden = self.cleaned_data.get("hashtag", "")
        named = campaign and any(hashtags.says(text, hidden) for text in campaign.headlines.values())
        if moment and moment > timezone.now() and named:
            raise ValidationError(_("The headline contains the hashtag: leave it out there until then."))
        return moment

    def clean_query(self) -> str:
        query = " ".join(self.cleaned_data["query"].split())
        if query:
            tracking.validate(query)
        return query

    def changes(self, cleaned: dict[str, Any]) -> list[Change]:
        targets = [*filter(None, [cleaned["target"]]), *cleaned["more_targets"].order_by("pk")]
        live = Campaign.objects.filter(tweet_action=self.instance.pk, status=Status.LIVE).select_related("tweet_action")
        return [consistency.of_action(one, cleaned["hashtag"], targets, cleaned["query"]) for one in live]


class ContaminationInline(InCampaignZone, TabularInline):
    model, form = Contamination, ContaminationForm
    fields = ("start", "end", "reason")
    extra, per_page = 0, 6


class ActionPage(TypedNames, PageOfCampaign):
    page, edits, form = "action", TweetAction, ActionForm
    fields = ("hashtag", "hashtag_from", "target", "more_targets", "query", "refused", "advice", "budget")
    readonly_fields = ("refused",)
    autocomplete_fields = ("target", "more_targets")
    inlines = [ContaminationInline]

    def row_of(self, campaign: Campaign) -> TweetAction | None:
        return campaign.tweet_action

    def attach(self, campaign: Campaign, row: TweetAction) -> None:
        campaign.tweet_action = row
        campaign.save(update_fields=["tweet_action"])

    def get_queryset(self, request: HttpRequest) -> QuerySet[TweetAction]:
        rows: QuerySet[TweetAction] = super().get_queryset(request).select_related("target")
        return rows

    def save_model(self, request: HttpRequest, obj: TweetAction, form: Any, change: bool) -> None:
        if not change:
            obj.terms_wanted = True
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        form.settle()
        action = TweetAction.objects.get(pk=form.instance.pk)
        combining.store(action)
        status.ask_for(self.stored(request), action, form.cleaned_data["query"] or tracking.default_query(action))

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "budget":
            field.help_text = format_html("{} {}", field.help_text, TERMS)
        if db_field.name in self.autocomplete_fields:
            # Targets have a page of their own; a window on top of this one would know of no campaign.
            field.widget = field.widget.widget
        return field

    @admin.display(description=_("refused by X"))
    def refused(self, action: TweetAction) -> str:
        newest = newest_query(action)
        return newest.refused if newest and newest.refused else "–"
