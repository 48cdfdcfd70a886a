"""What a campaign has many of, one by one: each on a small page of its own, to which the pages of the campaign lead."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.defaultfilters import date
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from campaigns.models import Campaign
from core.generic import MixedIntoAnAdmin
from core.staff.choosing import Found, FoundMany, SearchedWithin
from core.staff.editing import Editing
from core.staff.history import ReadOnlyHistory
from core.staff.teams import OfTeams
from desk import onward
from desk.head import navigation
from desk.pages import OneButton, PageOfCampaign
from desk.places import page_of
from desk.withdrawal import CHANGE, Withdrawing
from desk.zones import CampaignPage


class ChosenWithin(MixedIntoAnAdmin):
    """A page of a part whose relations lead to other parts of the same campaign: found by typing, and nothing else is taken."""

    def campaign_of(self, request: HttpRequest) -> Campaign | None:
        raise NotImplementedError

    def choices(self, campaign: Campaign) -> dict[str, tuple[QuerySet[Any], dict[str, Any]]]:
        """By name of the field: what may be chosen, and the owner among whose rows it is looked for."""
        return {}

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        campaign = self.campaign_of(request)
        if campaign and (found := self.choices(campaign).get(db_field.name)):
            rows, owner = found
            widget = FoundMany if db_field.many_to_many else Found
            kwargs |= {"queryset": rows, "widget": widget(db_field, self.admin_site, owner=owner)}
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            # What is chosen has a page of its own; a window on top of this one would know of no campaign.
            field.widget = field.widget.widget
        return field


class PartAdmin(
    OfTeams, ChosenWithin, OneButton, Withdrawing, CampaignPage, Editing, ReadOnlyHistory, SearchedWithin, ModelAdmin
):
    """One that exists. `page`: the page of its campaign on which it is listed."""

    page: ClassVar[str]
    team_path = "campaign"
    list_display = ("__str__", "campaign")
    list_filter = ("campaign",)
    searched_within = ("campaign",)
    change_form_outer_before_template = "desk/part.html"

    def campaign_of(self, request: HttpRequest) -> Campaign | None:
        match = request.resolver_match
        number = str(match.kwargs.get("object_id", "")) if match else ""
        if "_campaign" not in request.__dict__:
            rows = self.model._default_manager.filter(pk=number if number.isdecimal() else None)
            row = rows.select_related("campaign__tweet_action").first()
            request.__dict__["_campaign"] = row.campaign if row else None
        found: Campaign | None = request.__dict__["_campaign"]
        return found

    def links(self, row: Any) -> Iterator[tuple[str, Any]]:
        """Returns (URL, words) of each step that may be taken with the row, for those who may change it."""
        if row.was_public and not row.withdrawn_at:
            where = reverse(f"admin:campaigns_{row._meta.model_name}_withdraw", args=[row.pk])
            yield where, _("Withdraw it, with a reason")

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        row = context["adminform"].form.instance
        if row.pk is not None:
            context["pages"] = navigation(request, row.campaign, self.page)
            context["links"] = [*self.links(row)] if request.user.has_perm(CHANGE) else []
            if row.withdrawn_at:
                on = date(timezone.localtime(row.withdrawn_at), "DATE_FORMAT")
                context["withdrawn"] = f"{on}: {row.withdrawn_because}"
        response: HttpResponse = super().render_change_form(request, context, *args, **kwargs)
        return response

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or obj.withdrawn_at is None)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or not obj.was_public)

    def response_post_save_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        return HttpResponseRedirect(page_of(obj.campaign_id, self.page))


class NewPart(ChosenWithin, PageOfCampaign):
    """Where one is made. `page`: its own name in URLs; `listed_on`: that of the page to which it leads back."""

    listed_on: ClassVar[str]
    # It would offer another campaign, which not everybody may add who may add a part.
    show_add_link = False

    def campaign_of(self, request: HttpRequest) -> Campaign | None:
        return self.stored(request) if "_campaign" in request.__dict__ else None

    def view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        return super().view(request, object_id)

    def row_of(self, campaign: Campaign) -> Any:
        return None

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form)(form.__name__, (form,), {"campaign": self.campaign_of(request)})

    def attach(self, campaign: Campaign, row: Any) -> None:
        """Its form knows the campaign from the beginning."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Saves it; the second click on the same button finds what the first one has made."""
        stored = {field.name for field in self.opts.concrete_fields}
        same = {name: getattr(obj, name) for name in form.cleaned_data if name in stored and name not in form.made_now}
        twin = self.edits._default_manager.filter(campaign=obj.campaign, **same).order_by("pk").last()
        if twin is None or change:
            super().save_model(request, obj, form, change)
        else:
            obj.pk = twin.pk

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        self.message_user(request, _("Saved."))
        if "_addanother" in request.POST:
            return HttpResponseRedirect(request.path)
        return onward.saved(request, obj.campaign_id, self.page, page_of(obj.campaign_id, self.listed_on))
