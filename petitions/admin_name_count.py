"""The page on which a moderator has a pattern of names counted, for a reason."""

from __future__ import annotations

from typing import Any

import regex
from django import forms
from django.core.validators import RegexValidator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from core.staff.pages import WithSteps
from core.text.forms import CleanForm
from petitions import name_count
from petitions.models import Petition

# A vowel sign is as much of a name as a letter: रवि has three.
PATTERN = regex.compile(r"^(?=(?:.*[\p{L}\p{M}\p{N}_]){3})[^*]*(?:\*[^*]*){0,3}$")


class NamesForm(CleanForm, forms.Form):
    pattern = forms.CharField(
        label=_("Pattern of the name"),
        max_length=60,
        # Stars are few, since each one multiplies the work.
        validators=[RegexValidator(PATTERN, _("At least three letters, at most three *."))],
        help_text=_("* stands for anything: John * Smith"),
    )
    reason = forms.CharField(
        label=_("Why you need to know"),
        max_length=300,
        help_text=_("We keep this with your name, but not the pattern. Please write no name and no address here."),
    )


class CountingNames(WithSteps):
    """Petitions with the page that counts names, and does nothing else with them."""

    def get_urls(self) -> list[Any]:
        page = self.admin_site.admin_view(self.names)
        return [path("<int:pk>/names/", page, name="petitions_petition_names"), *super().get_urls()]

    def names(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The number stands in this one answer, and nowhere else."""
        self.require(request, "names")
        petition = get_object_or_404(Petition, pk=min(pk, 2**31 - 1))
        if not petition.policy.names:
            raise Http404
        form, status, context = NamesForm(request.POST or None), 200, dict[str, Any]()
        if form.is_valid():
            user: Any = request.user
            given = form.cleaned_data
            try:
                number = name_count.count(petition, given["pattern"], user, given["reason"])
                context = {"counted": True, "number": number}
            except name_count.TooMany:
                status, context = 429, {"too_many": True}
        elif form.is_bound:
            status = 422
        whole = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Count a pattern of names"),
            "petition": petition,
            "form": form,
            "step": name_count.STEP,
            "most": name_count.MOST,
            "an_hour_most": name_count.AN_HOUR_MOST,
            "back": reverse("admin:petitions_petition_choose", args=[petition.pk]),
            **context,
        }
        response = TemplateResponse(request, "petitions/admin_names.html", whole, status=status)
        response.headers["Cache-Control"] = "no-store"
        if status == 429:
            response.headers["Retry-After"] = str(int(name_count.AN_HOUR.total_seconds()))
        return response
