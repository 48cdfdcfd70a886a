"""Where staff run a campaign: petition, target, demands and tweet action in one place, with its progress on top."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin
from django.db import IntegrityError, transaction
from django.forms import BaseModelFormSet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.views import ChangeList

from actions import combining, length, permitting, tracking
from actions.models import Tweet, TweetAction
from campaigns import copying, responding, status
from campaigns.models import Campaign, Response, Status
from core.staff.editing import Editing
from core.staff.history import ReadOnlyHistory
from core.templatetags.prose import language_name
from desk.copying import TAKEN, CopyForm
from desk.going_live import GoingLive, preview_of
from desk.inlines import (
    ContaminationInline,
    DemandInline,
    MomentInline,
    PartInline,
    PetitionInline,
    PressKitInline,
    RecapInline,
    ResponseInline,
    SampleInline,
    SourceInline,
    TargetInline,
    TweetActionInline,
    UpdateInline,
)
from desk.languages import LanguageForm, TranslationForm, overview
from desk.panel import panel
from desk.pictures import PictureInline
from desk.reports import Reports
from desk.status_field import CampaignForm
from desk.steps import step
from desk.terms import TermsOfX
from desk.withdrawal import CHANGE
from desk.zones import CampaignPage
from progress import archive
from progress.figures import figures_by_campaign


def _moves(response: Response) -> tuple[object, ...]:
    return response.demand_id, response.outcome, response.said_at


class WithFigures(ChangeList):
    """The list of campaigns, with the figures of all that are shown read at once."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        shown: list[Any] = list(self.result_list)  # type: ignore[has-type]
        figures = figures_by_campaign(shown)
        for campaign in shown:
            campaign.figures = figures[campaign.pk]
        self.result_list = shown


@admin.register(Campaign)
class CampaignAdmin(CampaignPage, GoingLive, TermsOfX, Reports, Editing, ReadOnlyHistory, ModelAdmin):
    form = CampaignForm
    steps = {
        "live": CHANGE,
        "close": CHANGE,
        "terms": CHANGE,
        "log": CHANGE,
        "languages": CHANGE,
        "copy": "campaigns.add_campaign",
        "archive": "campaigns.view_campaign",
        **Reports.steps,
    }
    list_display = ("headline", "status", "confirmed", "matching", "percent", "launched_at")
    list_filter = ("status",)
    list_select_related = ("petition", "tweet_action", "hourly")
    readonly_fields = ("progress", "headline_weight")
    inlines = [
        PetitionInline,
        TweetActionInline,
        TargetInline,
        PictureInline,
        SampleInline,
        DemandInline,
        PartInline,
        ResponseInline,
        UpdateInline,
        MomentInline,
        RecapInline,
        PressKitInline,
        SourceInline,
        ContaminationInline,
    ]
    fieldsets = (
        (None, {"fields": ("progress", "headline", "headline_weight", "slug", "status")}),
        (_("Goal"), {"fields": ("goal_statement", "signature_goal", "tweet_goal", "pledge_threshold")}),
        (
            _("Page"),
            {
                "fields": (
                    "organiser",
                    "about",
                    "safety",
                    "story",
                    "notice",
                    "likely_countries",
                    "language",
                    "time_zone",
                    "accent",
                )
            },
        ),
    )

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return WithFigures

    def get_readonly_fields(self, request: HttpRequest, obj: Campaign | None = None) -> tuple[str, ...]:
        fixed = list(self.readonly_fields)
        if obj and obj.launched_at:
            # Posts that carry the address can't be edited: after the launch it stays.
            fixed.append("slug")
        if obj and obj.petition and obj.petition.signatures.exists():
            # In which language people have signed which words must stay true.
            fixed.append("language")
        return tuple(fixed)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Campaign | None:
        campaign: Campaign | None = super().get_object(request, object_id, from_field)
        if campaign:
            # The panel asks it: only what its reader may do is offered.
            campaign.__dict__["_reader_may_change"] = self.has_change_permission(request, campaign)
            campaign.__dict__["_reader_may_copy"] = self.may(request, "copy")
        return campaign

    def get_view_on_site_url(self, obj: Campaign | None = None) -> str | None:
        """A draft is there for staff alone (config/previews.py)."""
        if obj and obj.status == Status.DRAFT:
            return preview_of(obj)
        url: str | None = super().get_view_on_site_url(obj) if obj else None
        return url

    def has_delete_permission(self, request: HttpRequest, obj: Campaign | None = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or not obj.was_public)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Its parts go with it: whoever may delete a campaign needs no right of its own to delete each of them."""
        shown, counts, needed, protected = super().get_deleted_objects(objs, request)
        may = all(self.has_delete_permission(request, campaign) for campaign in objs)
        return shown, counts, set() if may else needed, protected

    def save_formset(self, request: HttpRequest, form: Any, formset: BaseModelFormSet[Any, Any], change: bool) -> None:
        if formset.model is not Response:
            super().save_formset(request, form, formset, change)
            return
        before = {response.pk: response for response in Response.objects.filter(campaign=form.instance)}
        super().save_formset(request, form, formset, change)
        self._settle_demands(form.instance, before)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        campaign = Campaign.objects.whole().get(pk=form.instance.pk)
        if campaign.tweet_action:
            combining.store(campaign.tweet_action)
        for formset in formsets:
            if formset.model is TweetAction and formset.forms and campaign.tweet_action:
                self._ask_for(campaign, formset.forms[0].cleaned_data.get("query", ""))
        status.apply(campaign, before=form.initial.get("status", ""))

    def _ask_for(self, campaign: Campaign, query: str) -> None:
        action = campaign.tweet_action
        assert action is not None
        query = query or tracking.default_query(action)
        if campaign.is_live and permitting.may_count(action):
            tracking.set_query(action, query)
        else:
            tracking.prepare(action, query)

    def _settle_demands(self, campaign: Campaign, before: dict[int, Response]) -> None:
        """Settles the demands of answers that say something else about them than before; a mended typo moves nothing."""
        after = {response.pk: response for response in Response.objects.filter(campaign=campaign)}
        for pk in before.keys() | after.keys():
            old, new = before.get(pk), after.get(pk)
            if old is None or new is None or _moves(old) != _moves(new):
                for response in filter(None, (old, new)):
                    if response.demand:
                        status.settle_demand(response.demand, removed=old if old and old.outcome else None)

    def get_urls(self) -> list[Any]:
        own = [
            path(
                "<int:pk>/log/<int:tweet>/",
                self.admin_site.admin_view(self.log_response),
                name="campaigns_campaign_log",
            ),
            path(
                "<int:pk>/languages/", self.admin_site.admin_view(self.languages), name="campaigns_campaign_languages"
            ),
            path("<int:pk>/copy/", self.admin_site.admin_view(self.copy), name="campaigns_campaign_copy"),
            path("<int:pk>/archive/", self.admin_site.admin_view(self.archive), name="campaigns_campaign_archive"),
        ]
        return [*own, *super().get_urls()]

    def log_response(self, request: HttpRequest, pk: int, tweet: int) -> HttpResponse:
        """Makes a response of a post by the target; staff then say which demand it moves."""
        self.require(request, "log")
        campaign = get_object_or_404(Campaign.objects.whole(), pk=pk)
        said = get_object_or_404(Tweet, pk=tweet, kind=Tweet.Kind.TARGET, gone_at=None)
        back = reverse("admin:campaigns_campaign_change", args=[pk])
        if request.method != "POST":
            context = {"title": _("Log this as a response"), "words": said.text, "back": back, "button": _("Log it")}
            return step(request, self, context)
        response = responding.log(campaign, said)
        self.log_change(request, campaign, [{"added": {"name": "response", "object": str(response)}}])
        self.message_user(request, _("Logged. Please say below which demand it moves, and to what."))
        return HttpResponseRedirect(back)

    @transaction.atomic
    def languages(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Lists the languages of the campaign; with `?language=ar`, a form with all its texts in that one."""
        self.require(request, "languages")
        campaign = get_object_or_404(Campaign.objects.whole(), pk=pk)
        other = LanguageForm(campaign, request.GET or None)
        context: dict[str, Any] = {"title": _("Languages"), "written_in": campaign.language, "other": other}
        if not other.is_valid():
            context |= {"languages": overview(campaign), "back": reverse("admin:campaigns_campaign_change", args=[pk])}
            return step(request, self, context, 422 if other.is_bound else 200, "languages")
        language = other.cleaned_data["language"]
        back = reverse("admin:campaigns_campaign_languages", args=[pk])
        form = TranslationForm(campaign, language, request.POST or None)
        if request.method == "POST" and form.is_valid() and form.save():
            self.log_change(request, campaign, [{"changed": {"fields": [f"texts in {language}"]}}])
            self.message_user(request, _("Saved."))
            return HttpResponseRedirect(back)
        name = language_name(language)
        context |= {"title": f"{campaign.headline}: {name}", "form": form, "language_name": name, "back": back}
        return step(request, self, context, 422 if form.errors else 200, "languages")

    def copy(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Makes a draft after this campaign: texts, samples, pictures, moments; never people or figures."""
        self.require(request, "copy")
        campaign = get_object_or_404(Campaign.objects.whole(), pk=pk)
        form, made = CopyForm(campaign, request.POST or None), None
        if form.is_valid():
            try:
                made = copying.copy(campaign, form.cleaned_data["slug"], form.cleaned_data.get("first_day"))
            except IntegrityError:
                # Somebody else took it in between, or it is a fault of ours.
                if not Campaign.objects.filter(slug=form.cleaned_data["slug"]).exists():
                    raise
                form.add_error("slug", TAKEN)
        if made is None:
            context = {
                "title": _("A new campaign after this one"),
                "words": campaign.headline,
                "form": form,
                "back": reverse("admin:campaigns_campaign_change", args=[pk]),
                "button": _("Copy it"),
            }
            return step(request, self, context, 422 if form.is_bound else 200)
        self.log_addition(request, made, [{"added": {"name": "campaign", "object": f"after {campaign}"}}])
        self.message_user(request, _("This is the new one: a draft, which only staff see."))
        return HttpResponseRedirect(reverse("admin:campaigns_campaign_change", args=[made.pk]))

    def archive(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Answers with a ZIP of all of a finished campaign. Raises Http404 while it goes on."""
        self.require(request, "archive")
        campaign = get_object_or_404(Campaign.objects.whole(), pk=pk)
        if not campaign.is_over:
            raise Http404
        response = HttpResponse(archive.build(campaign), content_type="application/zip")
        response.headers["Content-Disposition"] = f'attachment; filename="{campaign.slug}.zip"'
        return response

    @admin.display(description=_("progress"))
    def progress(self, campaign: Campaign) -> str:
        if campaign.pk is None:
            return "–"
        # As it is stored: what stands in the form may not even be valid. The form asks for it several times.
        shown = campaign.__dict__.get("_panel")
        if shown is None:
            stored = Campaign.objects.whole().get(pk=campaign.pk)
            may = {verb: campaign.__dict__.get(f"_reader_may_{verb}", False) for verb in ("change", "copy", "report")}
            context = panel(stored) | {f"may_{verb}": allowed for verb, allowed in may.items()}
            shown = campaign.__dict__["_panel"] = render_to_string("desk/panel.html", context)
        return cast(str, shown)

    @admin.display(description=_("headline, as X counts"))
    def headline_weight(self, campaign: Campaign) -> str:
        return f"{length.weighted_length(campaign.headline)} / {length.LIMIT}"

    @admin.display(description=_("signatures"))
    def confirmed(self, campaign: Any) -> Any:
        signatures = campaign.figures.signatures
        return signatures.count if signatures else "–"

    @admin.display(description=_("tweets"))
    def matching(self, campaign: Any) -> Any:
        tweets = campaign.figures.tweets
        return tweets.count if tweets and tweets.count is not None else "–"

    @admin.display(description=_("of the goal"))
    def percent(self, campaign: Any) -> Any:
        strands = filter(None, (campaign.figures.signatures, campaign.figures.tweets))
        return " · ".join("–" if strand.percent is None else f"{strand.percent}%" for strand in strands)
