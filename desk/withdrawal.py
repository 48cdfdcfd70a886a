"""What was public is not deleted in the admin either: its row has no delete button, and a step of its own that asks for a reason."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms.formsets import DELETION_FIELD_NAME
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from unfold.forms import PaginationInlineFormSet
from unfold.widgets import UnfoldAdminTextInputWidget

from campaigns import withdrawing
from campaigns.models import Response, Update
from core.generic import MixedIntoAnInline
from core.staff.pages import WithSteps
from core.text.forms import CleanForm
from desk.places import page_of
from desk.steps import step
from desk.zones import InCampaignZone

CHANGE = "campaigns.change_campaign"


class KeptFormSet(PaginationInlineFormSet):
    """Rows that were public stay."""

    @cached_property
    def is_public(self) -> bool:
        return bool(self.instance.pk and self.instance.was_public)

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        row = form.instance
        form.is_kept = bool(row.pk) and self.is_public and getattr(row, "was_public", True)
        if not form.is_kept:
            return
        for name, field in form.fields.items():
            if name in (DELETION_FIELD_NAME, "published_at"):
                field.disabled = True

    def clean(self) -> None:
        super().clean()
        for form in self.initial_forms:
            if getattr(form, "is_kept", False) and self.data.get(form.add_prefix(DELETION_FIELD_NAME)):
                raise ValidationError(_("It was public, so you can't delete it: withdraw it with a reason."))


class ByRight(InCampaignZone, MixedIntoAnInline):
    """An inline that offers links only to those who may follow them; made anew for each request."""

    may_change = False

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        self.may_change = request.user.has_perm(CHANGE)
        return super().get_formset(request, obj, **kwargs)


class WithdrawForm(CleanForm, forms.Form):
    because = forms.CharField(
        label=_("Why you withdraw it"),
        max_length=300,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("Everybody reads this on the page, in place of what was there. It can't be undone."),
    )


class Withdrawing(WithSteps):
    """A part of a campaign with a page on which it is withdrawn. `page`: the campaign's page that leads there."""

    page: ClassVar[str]

    steps = {"withdraw": CHANGE}

    def get_urls(self) -> list[Any]:
        name = f"campaigns_{self.opts.model_name}_withdraw"
        page = path("<int:pk>/withdraw/", self.admin_site.admin_view(self.withdraw), name=name)
        return [page, *super().get_urls()]

    def withdraw(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Shows what would be withdrawn, and what goes with it; a POST with a reason withdraws it."""
        self.require(request, "withdraw")
        row = get_object_or_404(self.model._default_manager.select_related("campaign"), pk=pk)
        back = page_of(row.campaign_id, self.page)
        form = WithdrawForm(request.POST or None)
        if form.is_valid():
            return self._withdraw(request, row, form.cleaned_data["because"], back)
        context = {
            "title": _("Withdraw: %(part)s") % {"part": row},
            "words": getattr(row, "words", None) or row.text,
            "form": form,
            "facts": _facts(row),
            "back": back,
            "button": _("Withdraw this"),
        }
        return step(request, self, context, 422 if form.is_bound else 200)

    def _withdraw(self, request: HttpRequest, row: Any, because: str, back: str) -> HttpResponse:
        try:
            withdrawing.withdraw(row, because)
        except withdrawing.NotNow:
            told = _("Nothing was withdrawn: it was withdrawn already, or never public.")
            self.message_user(request, told, messages.ERROR)
        else:
            self.log_change(request, row, [{"changed": {"fields": ["withdrawn_at", "withdrawn_because"]}}])
            self.message_user(request, _("Withdrawn. The page says when and why."))
        return HttpResponseRedirect(back)


def _facts(row: Any) -> dict[Any, Any]:
    """Lists what else follows from a withdrawal."""
    if isinstance(row, Response) and row.demand:
        return {_("Moved the demand"): f"{row.demand}: {row.get_outcome_display()}"}
    if isinstance(row, Update) and row.mailing_at:
        return {_("By mail"): _("What has gone out is out; we don't send the rest.")}
    return {}
