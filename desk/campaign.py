"""Where staff run a campaign: petition, target, demands and tweet action in one place, with its progress on top."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.views import ChangeList

from actions import length
from campaigns import copying, responding
from campaigns.models import Campaign
from core.staff.editing import Editing
from core.staff.history import ReadOnlyHistory
from core.staff.teams import OfTeams
from core.templatetags.numbers import percent
from core.templatetags.prose import language_name
from desk import onward
from desk.action import ActionPage
from desk.afterwards import NewResponse, RecapText
from desk.announcing import Announcing
from desk.copying import TAKEN, CopyForm, what_is_copied
from desk.creating import Beginning
from desk.going_live import GoingLive, on_site
from desk.head import navigation
from desk.inlines import DemandInline
from desk.languages import LanguageForm, TranslationForm, overview
from desk.listing import AfterwardsPage, AtXPage, TimelinePage
from desk.pages import UnderOneHead
from desk.paper import PaperPage, Sheets
from desk.parts import NewPart
from desk.petition import PetitionPage
from desk.pictures import PictureInline
from desk.press import PressPage
from desk.previews import Previewing
from desk.reports import Reports
from desk.safety import SafetyPage
from desk.site_languages import SiteLanguages
from desk.status_field import CampaignForm
from desk.steps import step
from desk.switches import Switches
from desk.targets import TargetPage
from desk.team import TeamPage
from desk.terms import TermsOfX
from desk.texts import PartsPage, SamplesPage
from desk.timeline import NewMoment
from desk.updates import NewUpdate
from desk.withdrawal import CHANGE
from desk.zones import CampaignPage
from progress import archive
from progress.figures import figures_by_campaign


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
class CampaignAdmin(
    OfTeams,
    Beginning,
    UnderOneHead,
    CampaignPage,
    GoingLive,
    Announcing,
    Previewing,
    TermsOfX,
    Switches,
    SiteLanguages,
    Reports,
    Sheets,
    Editing,
    ReadOnlyHistory,
    ModelAdmin,
):
    """Its change page is the one of the goal and the demands; what else a campaign has is on pages of their own."""

    form = CampaignForm
    pages: ClassVar[list[Any]] = [
        PetitionPage,
        ActionPage,
        TargetPage,
        SamplesPage,
        PartsPage,
        AtXPage,
        TimelinePage,
        AfterwardsPage,
        PressPage,
        PaperPage,
        SafetyPage,
        TeamPage,
        NewMoment,
        NewUpdate,
        NewResponse,
        RecapText,
    ]
    steps = {
        "announce": CHANGE,
        "recall": CHANGE,
        "live": CHANGE,
        "close": CHANGE,
        "put_away": CHANGE,
        "terms": CHANGE,
        "log": CHANGE,
        "languages": CHANGE,
        "copy": "campaigns.add_campaign",
        "archive": "campaigns.view_campaign",
        **Previewing.steps,
        **{page.page: page.needs if issubclass(page, NewPart) else "campaigns.view_campaign" for page in pages},
        **Reports.steps,
        **Switches.steps,
        **SiteLanguages.steps,
        **Sheets.steps,
    }
    list_display = ("headline", "status", "confirmed", "matching", "percent", "launched_at")
    list_filter = ("status",)
    list_select_related = ("petition", "tweet_action", "hourly")
    readonly_fields = ("headline_weight",)
    inlines = [
        DemandInline,
        PictureInline,
    ]
    fieldsets = (
        (None, {"fields": ("headline", "headline_weight", "slug")}),
        (_("Goal"), {"fields": ("goal_statement", "signature_goal", "tweet_goal")}),
        (_("Page"), {"fields": ("organiser", "about", "story", "notice")}),
    )

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.made = [page(page.edits, self.admin_site) for page in self.pages]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("petition", "tweet_action__target", "hourly")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return WithFigures

    def get_readonly_fields(self, request: HttpRequest, obj: Campaign | None = None) -> tuple[str, ...]:
        fixed = list(self.readonly_fields)
        if obj and obj.launched_at:
            # Posts that carry the address can't be edited: after the launch it stays.
            fixed.append("slug")
        return tuple(fixed)

    def response_post_save_change(self, request: HttpRequest, obj: Campaign) -> HttpResponse:
        """Back to the same page or on to the next one, like all pages of a campaign."""
        return onward.saved(request, obj.pk, self.page, request.get_full_path())

    def get_view_on_site_url(self, obj: Campaign | None = None) -> str | None:
        return on_site(obj) if obj else None

    def has_delete_permission(self, request: HttpRequest, obj: Campaign | None = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or not obj.was_public)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Its parts go with it: whoever may delete a campaign needs no right of its own to delete each of them."""
        shown, counts, needed, protected = super().get_deleted_objects(objs, request)
        may = all(self.has_delete_permission(request, campaign) for campaign in objs)
        return shown, counts, set() if may else needed, protected

    def get_urls(self) -> list[Any]:
        pages = [
            path(
                f"<int:object_id>/{made.page}/",
                self.admin_site.admin_view(made.view),
                name=f"campaigns_campaign_{made.page}",
            )
            for made in self.made
        ]
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
        return [*pages, *own, *super().get_urls()]

    def log_response(self, request: HttpRequest, pk: int, tweet: int) -> HttpResponse:
        """Makes a response of a post by the target; staff then say which demand it moves."""
        self.require(request, "log")
        campaign = get_object_or_404(Campaign.objects.whole(), pk=pk)
        said = get_object_or_404(responding.said(campaign), pk=tweet)
        back = reverse("admin:campaigns_campaign_change", args=[pk])
        if request.method != "POST":
            context = {"title": _("Log this as a response"), "words": said.text, "back": back, "button": _("Log it")}
            return step(request, self, context)
        response = responding.log(campaign, said)
        self.log_change(request, campaign, [{"added": {"name": "response", "object": str(response)}}])
        self.message_user(request, _("Logged. Please say below which demand it moves, and to what."))
        return HttpResponseRedirect(reverse("admin:campaigns_response_change", args=[response.pk]))

    @transaction.atomic
    def languages(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Lists the languages of the campaign; with `?language=ar`, a form with all its texts in that one."""
        self.require(request, "languages")
        campaign = get_object_or_404(Campaign.objects.whole(), pk=pk)
        other = LanguageForm(campaign, request.GET or None)
        context: dict[str, Any] = {"title": _("Languages"), "written_in": campaign.language, "other": other}
        context["pages"] = navigation(request, campaign, "languages")
        if not other.is_valid():
            context |= {"languages": overview(campaign), "back": reverse("admin:campaigns_campaign_change", args=[pk])}
            return step(request, self, context, 422 if other.is_bound else 200, "languages")
        language = other.cleaned_data["language"]
        back = reverse("admin:campaigns_campaign_languages", args=[pk])
        form = TranslationForm(campaign, language, request.POST or None)
        if request.method == "POST" and form.is_valid() and form.save():
            self.log_change(request, campaign, [{"changed": {"fields": [f"texts in {language}"]}}])
            self.message_user(request, _("Saved."))
            return onward.saved(request, pk, "languages", back)
        name = language_name(language)
        context |= {"title": f"{campaign.headline}: {name}", "form": form, "language_name": name, "back": back}
        context["onward"] = onward.buttons(campaign, "languages")
        return step(request, self, context, 422 if form.errors else 200, "languages")

    def copy(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Makes a draft after this campaign: texts, samples, pictures, moments; never people or figures."""
        self.require(request, "copy")
        campaign = get_object_or_404(Campaign.objects.whole(), pk=pk)
        form, made = CopyForm(campaign, request.POST or None), None
        if form.is_valid():
            try:
                maker: Any = request.user
                made = copying.copy(campaign, form.cleaned_data["slug"], form.cleaned_data.get("first_day"), maker)
            except IntegrityError:
                # Somebody else took it in between, or it is a fault of ours.
                if not Campaign.objects.filter(slug=form.cleaned_data["slug"]).exists():
                    raise
                form.add_error("slug", TAKEN)
        if made is None:
            context = {
                "title": _("A new campaign from this one"),
                "words": campaign.headline,
                "form": form,
                "back": reverse("admin:campaigns_campaign_change", args=[pk]),
                "button": _("Copy it"),
                **what_is_copied(campaign),
            }
            return step(request, self, context, 422 if form.is_bound else 200, "copy")
        self.log_addition(request, made, [{"added": {"name": "campaign", "object": f"after {campaign}"}}])
        self.message_user(request, _("This is the new campaign: a draft, which only staff see."))
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
        return " · ".join("–" if strand.percent is None else percent(strand.percent) for strand in strands)
