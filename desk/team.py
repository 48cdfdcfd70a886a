"""Who works on a campaign: they see it in the admin, and nobody else does besides administrators."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpRequest

from accounts.forms import People
from accounts.models import User
from desk.pages import PageOfCampaign


class TeamPage(PageOfCampaign):
    """Whoever may change the campaign says with whom they do."""

    page = "team"
    fields = ("team",)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        works = Q(is_staff=True, is_active=True) | Q(campaigns=self.stored(request).pk)
        people = User.objects.filter(pk__in=User.objects.filter(works).values("pk")).order_by("email")
        return super().formfield_for_manytomany(
            db_field, request, **{"queryset": people, "form_class": People} | kwargs
        )

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        # Accounts have a page of their own, for administrators.
        field.widget = field.widget.widget
        return field
