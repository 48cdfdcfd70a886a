"""The analysts' way out of the admin: figures of one petition as a file, with nobody in it."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from core.owners import with_owner
from core.staff.pages import WithSteps
from petitions import aggregates
from petitions.exports.files import as_csv
from petitions.models import Petition


class Aggregating(WithSteps):
    """Petitions with their figures to take along."""

    steps = {"aggregates": "petitions.aggregate_petition"}

    def get_urls(self) -> list[Any]:
        page = self.admin_site.admin_view(self.aggregates)
        return [path("<int:pk>/aggregates/", page, name="petitions_petition_aggregates"), *super().get_urls()]

    def get_list_display(self, request: HttpRequest) -> Any:
        columns = tuple(super().get_list_display(request))
        return (*columns, "figures") if self.may(request, "aggregates") else columns

    @admin.display(description=_("figures"))
    def figures(self, petition: Petition) -> str:
        where = reverse("admin:petitions_petition_aggregates", args=[petition.pk])
        return format_html('<a href="{}">{}</a>', where, _("CSV, in cells of five or more"))

    def aggregates(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A CSV; nothing changes by looking."""
        self.require(request, "aggregates")
        petition = get_object_or_404(with_owner(Petition.objects.all()), pk=min(pk, 2**31 - 1))
        content = b"".join(as_csv(aggregates.COLUMNS, aggregates.rows(petition)))
        response = HttpResponse(content, content_type="text/csv; charset=utf-8")
        response.headers["Content-Disposition"] = f'attachment; filename="petition-{petition.pk}-figures.csv"'
        response.headers["Cache-Control"] = "no-store"
        return response
