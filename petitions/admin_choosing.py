"""The page on which a moderator says by which conditions signatures are found, sees what that is, and acts on all of it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from core.owners import with_owner
from core.staff.pages import WithSteps
from core.text.formats import listed, share
from core.text.forms import CleanForm
from petitions import carrying_out, crowds, limits, selection, tally
from petitions.admin_decisions import DOING, Telling, do, sample
from petitions.models import Decision, Petition, Signature

Kind = Decision.Kind
PETITION = "petition__id__exact"
# What has a filter of its own in the list.
LISTED = {PETITION, "review__exact", "mail", "confirmed_at__isempty", "withdrawn_at__isempty"}


class WhatForm(CleanForm, forms.Form):
    what = forms.ChoiceField(label=_("What to do with them"), choices=DOING, widget=forms.RadioSelect)


class ByConditions(admin.ListFilter):
    """The conditions of the list's address that no other filter reads."""

    title = _("conditions")
    names = sorted(selection.NAMES - LISTED)

    def __init__(self, request: HttpRequest, params: dict[str, Any], model: Any, model_admin: Any) -> None:
        super().__init__(request, params, model, model_admin)
        self.reader = request.user
        self.given = {name: value for name, value in request.GET.items() if name in selection.NAMES}
        self.used_parameters = {name: params.pop(name)[-1] for name in self.names if name in params}

    def has_output(self) -> bool:
        return bool(self.used_parameters)

    def expected_parameters(self) -> list[str | None]:
        return [*self.names]

    def choices(self, changelist: Any) -> Any:
        yield {"selected": False, "query_string": changelist.get_query_string(remove=self.names), "display": _("all")}
        words = listed(selection.words(self.used_parameters))
        yield {"selected": True, "query_string": changelist.get_query_string(), "display": words}

    def queryset(self, request: HttpRequest, queryset: QuerySet[Signature]) -> QuerySet[Signature]:
        if not self.used_parameters:
            return queryset
        conditions = selection.read(self.given, self.reader)
        if conditions is None:
            raise IncorrectLookupParameters
        return queryset.filter(conditions.q())


class Choosing(Telling, WithSteps):
    """Petitions with the page on which their signatures are chosen by conditions."""

    def get_urls(self) -> list[Any]:
        page = self.admin_site.admin_view(self.choose)
        return [path("<int:pk>/choose/", page, name="petitions_petition_choose"), *super().get_urls()]

    def choose(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What the conditions find, and what would stay: a dry run. Its button asks for a decision on all of it."""
        self.require(request, "choose")
        petition = get_object_or_404(with_owner(Petition.objects.all()), pk=min(pk, 2**31 - 1))
        sent = request.POST if request.method == "POST" else request.GET
        filters: dict[str, Any] = {name: value for name, value in sent.items() if name in selection.NAMES and value}
        # Each crowd is ticked in a box of its own.
        filters |= {name: ",".join(sent.getlist(name)) for name in selection.MARKS if name in filters}
        filters[PETITION] = str(petition.pk)
        conditions = selection.Conditions(filters, reader=request.user)
        conditions.fields[PETITION].widget = forms.HiddenInput()
        what = WhatForm(request.POST) if request.method == "POST" else WhatForm(initial=request.GET.dict())
        if not conditions.is_valid() or request.method != "POST" or not what.is_valid():
            return self._chosen(request, petition, conditions, what, filters)
        choice = {"ticked": False, "filters": filters}
        rows = Signature.objects.filter(conditions.q())
        made = do(what.cleaned_data["what"], petition, rows, request.user, choice)
        self._told(request, made)
        asked = [decision for decision in made if decision]
        if len(asked) == 1:
            return HttpResponseRedirect(reverse("admin:petitions_decision_change", args=[asked[0].pk]))
        return HttpResponseRedirect(reverse("admin:petitions_decision_changelist"))

    def _chosen(
        self,
        request: HttpRequest,
        petition: Petition,
        conditions: selection.Conditions,
        what: WhatForm,
        filters: dict[str, Any],
    ) -> HttpResponse:
        valid = conditions.is_valid()
        rows = Signature.objects.filter(conditions.q()) if valid else Signature.objects.none()
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Choose signatures by conditions"),
            "petition": petition,
            "conditions": conditions,
            "what": what,
            "filters": filters,
            "facts": dry_run(petition, rows) if valid else {},
            "sample": sample(rows) if valid else [],
            "crowds": _crowds(petition, rows, filters) if valid else [],
            "besides": {name: value for name, value in filters.items() if name not in selection.MARKS},
            "list": reverse("admin:petitions_signature_changelist", query=filters),
        }
        status = 200 if valid and not what.is_bound else 422
        return TemplateResponse(request, "petitions/admin_choose.html", context, status=status)


def _crowds(petition: Petition, rows: QuerySet[Signature], filters: dict[str, Any]) -> list[dict[str, Any]]:
    """The two tables of crowds, those without any left out."""
    of_domains: dict[str, Any] = {"name": "domains", "of": _("Mail domain"), "others": _("IP addresses")}
    of_addresses: dict[str, Any] = {"name": "addresses", "of": _("IP address"), "others": _("Mail domains")}
    tables = [
        of_domains | {"crowds": crowds.of_domains(rows, petition.zone)},
        of_addresses | {"crowds": crowds.of_addresses(rows, petition.zone)},
    ]
    return [table | {"ticked": filters.get(table["name"], "")} for table in tables if table["crowds"]]


def dry_run(petition: Petition, rows: QuerySet[Signature]) -> dict[Any, Any]:
    """What all of these are, and what stays without them, in the order in which it is read."""
    back = carrying_out.fits(Kind.RELEASE) | carrying_out.fits(Kind.RESTORE)
    found = rows.order_by().aggregate(
        all=Count("pk"),
        counting=Count("pk", filter=Q(counts=True)),
        out=Count("pk", filter=carrying_out.fits(Kind.REMOVE)),
        aside=Count("pk", filter=carrying_out.fits(Kind.QUARANTINE)),
        back=Count("pk", filter=back),
    )
    confirmed = tally.confirmed(petition)
    counting = share(found["counting"] / confirmed, decimals=1) if confirmed else "–"
    return {
        _("Found"): found["all"],
        _("Of these, count now"): found["counting"],
        _("Share of all that count"): counting,
        _("What is left without them"): confirmed - found["counting"],
        _("Can be removed"): found["out"],
        _("Can be set aside"): found["aside"],
        _("Can be put back"): found["back"],
        _("One person alone may remove"): limits.alone(petition),
    }
