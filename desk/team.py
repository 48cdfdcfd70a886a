"""Who works on a campaign: they see it in the admin, and nobody else does besides administrators."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.forms import People
from accounts.models import User
from campaigns.models import Campaign
from desk.pages import PageOfCampaign


class TeamPage(PageOfCampaign):
    """Whoever may change the campaign says with whom they do."""

    page = "team"
    fields = ("team",)

    def response_change(self, request: HttpRequest, obj: Campaign) -> HttpResponse:
        """Whoever has taken themselves off the team has no page to come back to."""
        if Campaign.objects.for_staff(request.user).filter(pk=obj.pk).exists():
            return super().response_change(request, obj)
        self.message_user(request, _("Saved. You are not on its team any more."))
        return HttpResponseRedirect(reverse("admin:index"))

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        works = Q(is_staff=True, is_active=True)
        if campaign := self.stored(request):
            works |= Q(campaigns=campaign.pk)
        people = User.objects.filter(pk__in=User.objects.filter(works).values("pk")).order_by("email")
        return super().formfield_for_manytomany(
            db_field, request, **{"queryset": people, "form_class": People, "widget": CheckboxSelectMultiple} | kwargs
        )

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        # Accounts have a page of their own, for administrators.
        field.widget = field.widget.widget
        return field
