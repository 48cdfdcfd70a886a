"""The pages of a campaign, each for one purpose: what they share, and the way from one to the others."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from campaigns.models import Campaign
from core.staff.editing import Editing
from core.staff.history import ReadOnlyHistory
from core.staff.versions import locked
from desk import onward
from desk.going_live import on_site
from desk.head import NEW, PAGES, head
from desk.withdrawal import CHANGE
from desk.zones import CampaignPage, of_campaign


class OneButton(ModelAdmin):
    """A page that is saved, and nothing else."""

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        one_button = {"show_save_and_continue": False, "show_save_and_add_another": False, **(extra_context or {})}
        page: HttpResponse = super().changeform_view(request, object_id, form_url, one_button)
        return page


class UnderOneHead(OneButton):
    """A page of a campaign, with the way to the others on top. `page`: its name in PAGES and in URLs."""

    page: ClassVar[str] = "change"
    change_form_outer_before_template = "desk/head.html"

    def stored(self, request: HttpRequest, campaign: Campaign) -> Campaign:
        """As the database has it: what was typed into the form may not even be valid."""
        return campaign if request.method == "GET" else Campaign.objects.whole().get(pk=campaign.pk)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        form = context["adminform"].form
        if self.page != "change" or form.instance.pk is not None:
            campaign = self.stored(request, form.instance)
            context |= head(request, campaign, self.page)
            if self.has_change_permission(request):
                context["actions_submit_line"] = onward.buttons(campaign, self.page)
        page: HttpResponse = super().render_change_form(request, context, *args, **kwargs)
        return page


class PageOfCampaign(UnderOneHead, CampaignPage, Editing, ReadOnlyHistory, ModelAdmin):
    """A part of a campaign on a page of its own, at `<campaign>/<page>/`: an admin that is not registered, but mounted by the one of
    campaigns. `edits`: the model of its form. Where that is not Campaign, `row_of` says which row the campaign has, and `attach`
    gives it the one that is made here. `needs`: the permission to save it, beside that to change such a model."""

    edits: ClassVar[type[Model]] = Campaign
    needs: ClassVar[str] = CHANGE

    def row_of(self, campaign: Campaign) -> Any:
        """The row that is edited; None while there is none, and one can be made."""
        return campaign

    def attach(self, campaign: Campaign, row: Any) -> None:
        """Called once a new row is saved."""
        raise NotImplementedError

    def view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Shows the page of the campaign with this id; a POST saves it, one after the other."""
        if request.method != "POST":
            return self._view(request, object_id)
        with transaction.atomic():
            locked(Campaign.objects.filter(pk=object_id)).first()
            return self._view(request, object_id)

    def _view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        campaign = get_object_or_404(Campaign.objects.whole(), pk=object_id)
        request.__dict__["_campaign"], request.__dict__["_zones"] = campaign, of_campaign(campaign)
        row = self.row_of(campaign)
        if row is None and self.has_view_permission(request) and not self.has_add_permission(request):
            self.message_user(request, _("There is none yet."))
            return HttpResponseRedirect(reverse("admin:campaigns_campaign_change", args=[object_id]))
        shown = {"title": (PAGES | NEW)[self.page]}
        page: HttpResponse = self.changeform_view(request, None if row is None else str(row.pk), "", shown)
        return page

    def stored(self, request: HttpRequest, campaign: Any = None) -> Campaign:
        found: Campaign = request.__dict__["_campaign"]
        return found

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        page: Any = super().render_change_form(request, context, *args, **kwargs)
        # Whatever the page edits, the way back leads to the campaign.
        page.context_data |= {
            "opts": Campaign._meta,
            "original": self.stored(request),
            # With it a page on which something is made has its Save.
            "has_add_permission": bool(context.get("add")) and self.has_add_permission(request),
            "show_history": False,
            "has_absolute_url": True,
            "absolute_url": on_site(self.stored(request)),
        }
        response: HttpResponse = page
        return response

    @property
    def form_id(self) -> str:
        return f"{Campaign._meta.model_name}_form"

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not change:
            self.attach(self.stored(request), obj)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        return self.response_change(request, obj)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        self.message_user(request, _("Saved."))
        return onward.saved(request, self.stored(request).pk, self.page, request.get_full_path())

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_view_permission(request, obj) and request.user.has_perm("campaigns.view_campaign")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and request.user.has_perm(self.needs)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and request.user.has_perm(self.needs)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
