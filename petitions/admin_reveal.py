"""The one page on which staff see who signed, and the list of who has looked."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminTextInputWidget

from accounts.models import User
from core.staff.pages import NothingToSave, WithSteps
from core.staff.teams import OfTeams
from core.text.forms import CleanForm
from petitions.models import Reveal, Signature
from petitions.reveal import AN_HOUR, MOST, TooMany, reveal

# What nobody looks rows up by, in no address of the list either.
PERSONAL = {"email", "name", "comment", "address_hash", "name_hash", "client_hash", "domain", "hash_version"}


class RevealForm(CleanForm, forms.Form):
    reason = forms.CharField(
        label=_("Why you need to see it"),
        max_length=300,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("We keep this with your name and this row's number. Please write no name and no address here."),
    )


class Revealing(WithSteps):
    """Signatures without their names; with the right to it, one at a time shows its name and comment, once."""

    steps = {"reveal": "petitions.reveal_signature"}

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        return lookup.split("__")[0] not in PERSONAL and super().lookup_allowed(lookup, value, request)

    def get_urls(self) -> list[Any]:
        page = self.admin_site.admin_view(self.reveal)
        return [path("<uuid:pk>/reveal/", page, name="petitions_signature_reveal"), *super().get_urls()]

    def get_fields(self, request: HttpRequest, obj: Signature | None = None) -> Any:
        fields = tuple(super().get_fields(request, obj))
        return (*fields, "who") if self.may(request, "reveal") else fields

    def get_readonly_fields(self, request: HttpRequest, obj: Signature | None = None) -> Any:
        return (*super().get_readonly_fields(request, obj), "who")

    @admin.display(description=_("who signed"))
    def who(self, signature: Signature) -> Any:
        if signature.erased_at:
            return _("erased: nobody knows any more")
        where = reverse("admin:petitions_signature_reveal", args=[signature.pk])
        return format_html('<a href="{}">{}</a>', where, _("Look, for a reason"))

    def reveal(self, request: HttpRequest, pk: Any) -> HttpResponse:
        """The reason first; then name and comment, in this one answer and nowhere else."""
        self.require(request, "reveal")
        signature = get_object_or_404(Signature.objects.kept().defer("email", "name", "comment"), pk=pk)
        form = RevealForm(request.POST or None)
        if not form.is_valid():
            return self._page(request, signature, 422 if form.is_bound else 200, form=form)
        assert isinstance(request.user, User)
        try:
            shown = reveal(signature, request.user, form.cleaned_data["reason"])
        except TooMany:
            return self._page(request, signature, 429, form=form, too_many=True)
        if shown:
            self.log_change(request, signature, [{"added": {"name": "reveal", "object": f"Reveal {shown.number}"}}])
        return self._page(request, signature, 200, shown=shown, erased=shown is None)

    def _page(self, request: HttpRequest, signature: Signature, status: int, **context: Any) -> HttpResponse:
        whole = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Who signed"),
            "signature": signature,
            "most": MOST,
            "back": reverse("admin:petitions_signature_change", args=[signature.pk]),
            **context,
        }
        response = TemplateResponse(request, "petitions/admin_reveal.html", whole, status=status)
        response.headers["Cache-Control"] = "no-store"
        if status == 429:
            response.headers["Retry-After"] = str(int(AN_HOUR.total_seconds()))
        return response


@admin.register(Reveal)
class RevealAdmin(OfTeams, NothingToSave, ModelAdmin):
    """Who has looked at which row, when, and why."""

    team_path = "petition"

    list_display = ("at", "by", "petition", "kind", "row", "reason")
    list_filter = ("petition", ("by", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("by", "petition")
    fields = readonly_fields = list_display

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
