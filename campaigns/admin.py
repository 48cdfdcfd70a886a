"""Where staff run a campaign: petition, target, demands and tweet action in one place, with its progress on top."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.forms import BaseModelFormSet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from simple_history.admin import SimpleHistoryAdmin
from unfold.admin import ModelAdmin, StackedInline, TabularInline
from unfold.contrib.inlines.admin import NonrelatedStackedInline, NonrelatedTabularInline
from unfold.contrib.inlines.forms import NonrelatedInlineModelFormSet
from unfold.views import ChangeList
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from actions import length, tracking
from actions.models import SampleTweet, Target, TweetAction
from campaigns import rope, status
from campaigns.models import Campaign, Demand, KeyMoment, Recap, Response, Update
from campaigns.progress import figures_by_campaign, public_figures
from petitions.models import Petition


class OnlyOne(NonrelatedInlineModelFormSet):
    """A part that a campaign has once: not twice in one form, and not by two people at the same time."""

    def clean(self) -> None:
        super().clean()
        added = [form for form in self.extra_forms if form.has_changed()]
        if added and (len(added) > 1 or self.get_queryset().exists()):
            raise ValidationError(
                _("There is one already, perhaps just added by somebody else: please reload the page.")
            )


class OnceInline(NonrelatedStackedInline):
    formset = OnlyOne
    extra, max_num, can_delete = 0, 1, False


class PetitionInline(OnceInline):
    model = Petition
    fields = ("title", "text", "opens_at", "closes_at")

    def get_readonly_fields(self, request: HttpRequest, obj: Campaign | None = None) -> tuple[str, ...]:
        # What people have put their name to stays as it was.
        return ("text",) if obj and obj.petition and obj.petition.signatures.exists() else ()

    def get_form_queryset(self, obj: Campaign) -> QuerySet[Petition]:
        return Petition.objects.filter(campaign=obj)

    def save_new_instance(self, parent: Model, instance: Model) -> None:
        assert isinstance(parent, Campaign) and isinstance(instance, Petition)
        instance.save()
        parent.petition = instance
        parent.save(update_fields=["petition"])


class TweetActionForm(forms.ModelForm):  # type: ignore[type-arg]
    query = forms.CharField(
        label=_("What X is asked for"), required=False, max_length=512, widget=UnfoldAdminTextInputWidget,
        help_text=_("Empty: the hashtag and the target's handle, without reposts. A change starts a new version."),
    )  # fmt: skip

    class Meta:
        model = TweetAction
        fields = ("hashtag", "target", "query", "advice")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and self.instance.query != tracking.default_query(self.instance):
            self.fields["query"].initial = self.instance.query

    def clean_query(self) -> str:
        query = " ".join(self.cleaned_data["query"].split())
        if query:
            tracking.validate(query)
        return query


class TweetActionInline(OnceInline):
    model, form = TweetAction, TweetActionForm
    fields = ("hashtag", "target", "query", "refused", "advice")
    readonly_fields = ("refused",)

    def get_form_queryset(self, obj: Campaign) -> QuerySet[TweetAction]:
        return TweetAction.objects.filter(campaign=obj)

    def save_new_instance(self, parent: Model, instance: Model) -> None:
        assert isinstance(parent, Campaign) and isinstance(instance, TweetAction)
        instance.save()
        parent.tweet_action = instance
        parent.save(update_fields=["tweet_action"])

    @admin.display(description=_("refused by X"))
    def refused(self, action: TweetAction) -> str:
        newest = action.queries.order_by("-version").first() if action.pk else None
        return newest.refused if newest and newest.refused else "–"


class TargetInline(OnceInline):
    """A target of this campaign's own; one that exists already is chosen in the tweet action."""

    model = Target
    fields = ("name", "kind", "x_handle", "reason", "is_fictional")

    def get_form_queryset(self, obj: Campaign) -> QuerySet[Target]:
        return Target.objects.filter(actions__campaign=obj)

    def save_new_instance(self, parent: Model, instance: Model) -> None:
        assert isinstance(parent, Campaign) and isinstance(instance, Target)
        instance.save()
        if parent.tweet_action:
            parent.tweet_action.target = instance
            parent.tweet_action.save(update_fields=["target"])


class Samples(NonrelatedInlineModelFormSet):
    def clean(self) -> None:
        super().clean()
        kept = [form.cleaned_data for form in self.forms if form.is_valid() and not form.cleaned_data.get("DELETE")]
        texts = [data["text"] for data in kept if data.get("text")]
        if len(set(texts)) < len(texts):
            raise ValidationError(_("Two samples say the same: every text should be another one."))
        if texts and not self.instance.tweet_action and self.data.get("actions-tweetaction-TOTAL_FORMS") in ("0", None):
            raise ValidationError(_("Please add the tweet action that these samples are for."))


class SampleInline(NonrelatedTabularInline):
    model, formset = SampleTweet, Samples
    fields = ("text", "weight", "language", "is_offered")
    readonly_fields = ("weight",)
    extra, hide_title = 0, True

    def get_form_queryset(self, obj: Campaign) -> QuerySet[SampleTweet]:
        return SampleTweet.objects.filter(action__campaign=obj)

    def save_new_instance(self, parent: Model, instance: Model) -> None:
        assert isinstance(parent, Campaign) and isinstance(instance, SampleTweet)
        assert parent.tweet_action is not None
        instance.action = parent.tweet_action

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "text":
            kwargs["widget"] = UnfoldAdminTextareaWidget(attrs={"rows": 3})
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    @admin.display(description=_("as X counts"))
    def weight(self, sample: SampleTweet) -> str:
        return f"{length.weighted_length(sample.text)} / {length.LIMIT}"


class DemandInline(TabularInline):
    model, extra, hide_title, show_change_link = Demand, 0, True, True
    fields = ("position", "title", "outcome", "since")


class MomentInline(StackedInline):
    model, extra, tab, show_change_link = KeyMoment, 0, True, True


class UpdateInline(StackedInline):
    model, extra, tab, show_change_link = Update, 0, True, True


class ResponseInline(StackedInline):
    model, extra, tab, show_change_link = Response, 0, True, True

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "link":
            kwargs["assume_scheme"] = "https"
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        match = request.resolver_match
        if db_field.name == "demand":
            kwargs["queryset"] = Demand.objects.filter(campaign=match.kwargs.get("object_id") if match else None)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class RecapInline(StackedInline):
    model, extra, tab, show_change_link = Recap, 0, True, True


def _moves(response: Response) -> tuple[object, ...]:
    return response.demand_id, response.outcome, response.said_at


class WithFigures(ChangeList):
    """The list of campaigns, with the figures of all that are shown read at once."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        shown: list[Campaign] = list(self.result_list)  # type: ignore[has-type]
        figures = figures_by_campaign(shown)
        for campaign in shown:
            campaign.figures = figures[campaign.pk]  # type: ignore[attr-defined]
        self.result_list = shown


@admin.register(Campaign)
class CampaignAdmin(SimpleHistoryAdmin, ModelAdmin):
    list_display = ("headline", "status", "confirmed", "matching", "percent", "launched_at")
    list_filter = ("status",)
    list_select_related = ("petition", "tweet_action")
    readonly_fields = ("progress", "headline_weight")
    inlines = [
        PetitionInline, TweetActionInline, TargetInline, SampleInline, DemandInline,
        ResponseInline, UpdateInline, MomentInline, RecapInline,
    ]  # fmt: skip
    fieldsets = (
        (None, {"fields": ("progress", "headline", "headline_weight", "slug", "status")}),
        (_("Goal"), {"fields": ("goal_statement", "signature_goal", "tweet_goal")}),
        (_("Page"), {"fields": ("organiser", "safety", "story", "notice", "time_zone", "accent")}),
    )

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return WithFigures

    def get_readonly_fields(self, request: HttpRequest, obj: Campaign | None = None) -> tuple[str, ...]:
        # Posts that carry the address can't be edited: after the launch it stays.
        return (*self.readonly_fields, "slug") if obj and obj.launched_at else self.readonly_fields

    def has_delete_permission(self, request: HttpRequest, obj: Campaign | None = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or obj.launched_at is None)

    def save_formset(self, request: HttpRequest, form: Any, formset: BaseModelFormSet[Any, Any], change: bool) -> None:
        before = {response.pk: response for response in Response.objects.filter(campaign=form.instance)}
        super().save_formset(request, form, formset, change)
        if formset.model is Response:
            self._settle_demands(form.instance, before)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        campaign = Campaign.objects.whole().get(pk=form.instance.pk)
        for formset in formsets:
            if formset.model is TweetAction and formset.forms and campaign.tweet_action:
                self._ask_for(campaign, formset.forms[0].cleaned_data.get("query", ""))
        status.apply(campaign, before=form.initial.get("status", ""))

    def _ask_for(self, campaign: Campaign, query: str) -> None:
        action = campaign.tweet_action
        assert action is not None
        query = query or tracking.default_query(action)
        if campaign.is_live:
            tracking.set_query(action, query)
        else:
            tracking.prepare(action, query)

    def _settle_demands(self, campaign: Campaign, before: dict[int, Response]) -> None:
        """Only where an answer says something else than before about a demand: a mended typo moves nothing."""
        after = {response.pk: response for response in Response.objects.filter(campaign=campaign)}
        for pk in before.keys() | after.keys():
            old, new = before.get(pk), after.get(pk)
            if old is None or new is None or _moves(old) != _moves(new):
                for response in filter(None, (old, new)):
                    if response.demand:
                        status.settle_demand(response.demand, removed=old if old and old.outcome else None)

    @admin.display(description=_("progress"))
    def progress(self, campaign: Campaign) -> str:
        if campaign.pk is None:
            return "–"
        # As it is stored: what stands in the form may not even be valid.
        campaign = Campaign.objects.whole().get(pk=campaign.pk)
        figures = public_figures(campaign)
        return render_to_string(
            "campaigns/admin_progress.html",
            {"campaign": campaign, "figures": figures, "rope": rope.draw(campaign.slug, figures)},
        )

    @admin.display(description=_("headline, as X counts"))
    def headline_weight(self, campaign: Campaign) -> str:
        return f"{length.weighted_length(campaign.headline)} / {length.LIMIT}"

    @admin.display(description=_("signatures"))
    def confirmed(self, campaign: Campaign) -> Any:
        signatures = campaign.figures.signatures  # type: ignore[attr-defined]
        return signatures.count if signatures else "–"

    @admin.display(description=_("tweets"))
    def matching(self, campaign: Campaign) -> Any:
        tweets = campaign.figures.tweets  # type: ignore[attr-defined]
        return tweets.count if tweets and tweets.count is not None else "–"

    @admin.display(description=_("of the goal"))
    def percent(self, campaign: Campaign) -> Any:
        percent = campaign.figures.percent  # type: ignore[attr-defined]
        return "–" if percent is None else format_html("{}%", percent)


@admin.register(Demand, Response, KeyMoment, Update, Recap)
class PartAdmin(SimpleHistoryAdmin, ModelAdmin):
    """The parts of a campaign are edited there; here is the history of each."""

    list_display = ("__str__", "campaign")
    list_filter = ("campaign",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
