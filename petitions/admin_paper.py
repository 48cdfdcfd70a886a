"""Signatures on paper in the admin: one person enters a batch, another one counts it again."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from core.generic import AnyModelForm
from core.owners import seen_by, with_owner
from core.staff.pages import NothingToSave
from core.staff.teams import OfTeams
from core.staff.versions import VersionedForm
from core.text.forms import CleanForm
from petitions.admin_paper_scans import Scanning
from petitions.models import PaperBatch, Petition
from petitions.models.paper import MOST
from petitions.paper import checking, entering

# What may be refused, and how it is said.
REFUSALS: dict[type[Exception], Any] = {
    entering.NotHere: _("At the safety level of this petition, nobody can sign on paper."),
    entering.Decided: _("It was checked or withdrawn in the meantime."),
    checking.SecondPersonNeeded: _("Somebody else must count it: you have entered it."),
    checking.Differs: _(
        "Your count differs from the number that was entered. Please count again, together, then correct the batch."
    ),
}
SAID = ("count", "place", "collected_on")


def not_to_come(day: Any, petition: Petition) -> None:
    """In the petition's zone. Raises ValidationError."""
    if day > timezone.now().astimezone(petition.zone).date():
        raise forms.ValidationError({"collected_on": _("This day is still to come.")})


class PaperBatchForm(AnyModelForm):
    class Meta:
        model = PaperBatch
        fields = ("petition", *SAID)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors:
            not_to_come(cleaned["collected_on"], cleaned["petition"])
        return cleaned


class CorrectForm(VersionedForm, AnyModelForm):
    class Meta:
        model = PaperBatch
        fields = SAID
        widgets = {
            "count": UnfoldAdminTextInputWidget(attrs={"type": "number"}),
            "place": UnfoldAdminTextInputWidget,
            "collected_on": UnfoldAdminTextInputWidget(attrs={"type": "date"}),
        }

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if day := cleaned.get("collected_on"):
            not_to_come(day, self.instance.petition)
        return cleaned


class CheckForm(CleanForm, forms.Form):
    counted = forms.IntegerField(
        label=_("How many you have counted"),
        min_value=1,
        max_value=MOST,
        widget=UnfoldAdminTextInputWidget(attrs={"type": "number"}),
        help_text=_("Only lines that can be read, with a name and a signature."),
    )


class WithdrawForm(CleanForm, forms.Form):
    because = forms.CharField(
        label=_("Why you withdraw it"),
        max_length=300,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("We keep this for good, with your name. Please write no name and no address here."),
    )


@admin.register(PaperBatch)
class PaperBatchAdmin(OfTeams, Scanning, NothingToSave):
    """Every batch that was ever entered, and what became of it."""

    team_path = "petition"

    steps = {
        **Scanning.steps,
        "correct": "petitions.change_paperbatch",
        "check": "petitions.check_paperbatch",
        "withdraw": "petitions.check_paperbatch",
    }
    form = PaperBatchForm
    list_display = ("number", "petition", "signatures", "place", "collected_on", "entered_by", "checked_by", "told")
    list_filter = (
        "petition",
        ("checked_at", admin.EmptyFieldListFilter),
        ("withdrawn_at", admin.EmptyFieldListFilter),
    )
    list_select_related = ("petition", "entered_by", "checked_by")
    list_per_page = 20
    actions = None

    @admin.display(description=_("batch of paper"), ordering="entered_at")
    def number(self, batch: PaperBatch) -> str:
        return str(batch)

    @admin.display(description=_("signatures"), ordering="count")
    def signatures(self, batch: PaperBatch) -> str:
        """Whoever is to count them again sees no number here."""
        return "–" if batch.is_waiting else intcomma(batch.count)

    @admin.display(description=_("state"))
    def told(self, batch: PaperBatch) -> str:
        return batch.told

    def get_queryset(self, request: HttpRequest) -> QuerySet[PaperBatch]:
        rows: QuerySet[PaperBatch] = super().get_queryset(request).filter(petition__in=Petition.objects.with_paper())
        return rows

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Of the others nothing is collected on paper."""
        return super().formfield_for_foreignkey(
            db_field, request, **kwargs | {"queryset": seen_by(request.user, Petition.objects.with_paper())}
        )

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_urls(self) -> list[Any]:
        views = {"correct": self.correct, "check": self.check_it, "withdraw": self.withdraw}
        own = [
            path(f"<int:pk>/{name}/", self.admin_site.admin_view(view), name=f"petitions_paperbatch_{name}")
            for name, view in views.items()
        ]
        return [*own, *super().get_urls()]

    def get_fields(self, request: HttpRequest, obj: PaperBatch | None = None) -> list[Any]:
        return list(PaperBatchForm.Meta.fields)

    def save_model(self, request: HttpRequest, obj: PaperBatch, form: Any, change: bool) -> None:
        """Entered, by whoever is logged in. Django's own log line names it."""
        said = {name: form.cleaned_data[name] for name in SAID}
        obj.pk = entering.enter(obj.petition, **said, by=_user(request)).pk

    def response_add(self, request: HttpRequest, obj: PaperBatch, post_url_continue: str | None = None) -> HttpResponse:
        self.message_user(request, _("Entered. It counts once somebody else has counted it again."))
        return self._back(obj.pk)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """What was entered, by whom, and what can be done with it next."""
        number = int(object_id) if object_id.isdecimal() and len(object_id) < 19 else 0
        batch = self._batch(number)
        if request.method not in ("GET", "HEAD") or not self.has_view_permission(request, batch):
            raise PermissionDenied
        mine = batch.entered_by_id == _user(request).pk
        context = {
            "title": str(batch),
            "facts": _facts(batch) | ({_("Signatures"): batch.count} if shows_count(batch, _user(request)) else {}),
            "may_correct": batch.is_waiting and self.may(request, "correct"),
            "may_check": batch.is_waiting and not mine and self.may(request, "check"),
            "is_mine": batch.is_waiting and mine,
            "may_withdraw": not batch.withdrawn_at and self.may(request, "withdraw"),
            "back": reverse("admin:petitions_paperbatch_changelist"),
            **self.pictures(request, batch),
        }
        return self._answer(request, batch, "paper", context)

    def correct(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What was entered, to be corrected while nobody has checked it."""
        self.require(request, "correct")
        with transaction.atomic():
            batch = self._batch(pk)
            try:
                stored = entering.waiting(batch)
            except (entering.NotHere, entering.Decided) as error:
                return self._refused(request, pk, error)
            form = CorrectForm(request.POST or None, instance=stored)
            if not form.is_valid():
                context = {"title": _("Correct a batch"), "form": form, "button": _("Correct it")}
                return self._step(request, batch, context, 422 if form.is_bound else 200)
            changed = [f"{name}: {form.initial[name]} → {form.cleaned_data[name]}" for name in form.changed_data]
            if changed:
                said = {name: form.cleaned_data[name] for name in SAID}
                entering.correct(batch, **said, by=_user(request))
                self.log_change(request, batch, [{"changed": {"fields": changed}}])
        self.message_user(request, _("Corrected. Somebody else counts it again."))
        return self._back(pk)

    def check_it(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Asks for the number that a second person has counted; what was entered does not stand here."""
        self.require(request, "check")
        batch, form = self._batch(pk), CheckForm(request.POST or None)
        if not form.is_valid():
            context = {
                "title": _("Count a batch again"),
                "words": _("Take the sheets, and count them without looking at the number that was entered."),
                "form": form,
                "button": _("This is what I counted"),
            }
            return self._step(request, batch, context, 422 if form.is_bound else 200)
        try:
            with transaction.atomic():
                checking.check(batch, form.cleaned_data["counted"], _user(request))
                self.log_change(request, batch, [{"changed": {"fields": ["checked_at"]}}])
        except tuple(REFUSALS) as error:
            return self._refused(request, pk, error)
        self.message_user(request, _("Checked. It counts in public from now on."))
        return self._back(pk)

    def withdraw(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A reason, and it counts no more."""
        self.require(request, "withdraw")
        batch, form = self._batch(pk), WithdrawForm(request.POST or None)
        if not form.is_valid():
            context = {
                "title": _("Withdraw a batch"),
                "words": _("It no longer counts, and we delete the pictures of its sheets. That can't be undone."),
                "form": form,
                "button": _("Withdraw this"),
            }
            return self._step(request, batch, context, 422 if form.is_bound else 200)
        try:
            with transaction.atomic():
                checking.withdraw(batch, form.cleaned_data["because"], _user(request))
                self.log_change(request, batch, [{"changed": {"fields": ["withdrawn_at", "withdrawn_because"]}}])
        except tuple(REFUSALS) as error:
            return self._refused(request, pk, error)
        self.message_user(request, _("Withdrawn."))
        return self._back(pk)

    def _batch(self, pk: int) -> PaperBatch:
        people = ("entered_by", "checked_by", "withdrawn_by")
        rows = with_owner(PaperBatch.objects.allowed().select_related(*people), "petition")
        return get_object_or_404(rows, pk=pk)

    def _back(self, pk: int) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:petitions_paperbatch_change", args=[pk]))

    def _refused(self, request: HttpRequest, pk: int, error: Exception) -> HttpResponse:
        self.message_user(request, REFUSALS[type(error)], messages.ERROR)
        return self._back(pk)

    def _step(
        self, request: HttpRequest, batch: PaperBatch, context: dict[str, Any], status: int = 200
    ) -> HttpResponse:
        back = reverse("admin:petitions_paperbatch_change", args=[batch.pk])
        return self._answer(request, batch, "paper_step", {"facts": _facts(batch), "back": back, **context}, status)

    def _answer(
        self, request: HttpRequest, batch: PaperBatch, template: str, context: dict[str, Any], status: int = 200
    ) -> HttpResponse:
        whole = {**self.admin_site.each_context(request), "opts": self.opts, "batch": batch, **context}
        response = TemplateResponse(request, f"petitions/admin_{template}.html", whole, status=status)
        response.headers["Cache-Control"] = "no-store"
        return response


def shows_count(batch: PaperBatch, reader: Any) -> bool:
    """Not while it waits, but for who has entered it: whoever counts again has seen no number."""
    return not batch.is_waiting or batch.entered_by_id == reader.pk


def _facts(batch: PaperBatch) -> dict[Any, Any]:
    """What is said of it on each of its pages; the number stands on its own page alone."""
    facts = {
        _("Petition"): batch.petition,
        _("Where they were collected"): batch.place,
        _("Collected on"): batch.collected_on,
        _("Entered by"): batch.entered_by,
        _("Entered"): batch.entered_at,
        _("State"): batch.told,
    }
    if batch.checked_at:
        facts |= {_("Checked by"): batch.checked_by, _("Checked"): batch.checked_at}
    if batch.withdrawn_at:
        facts |= {
            _("Withdrawn by"): batch.withdrawn_by,
            _("Withdrawn"): batch.withdrawn_at,
            _("Why you withdraw it"): batch.withdrawn_because,
        }
    return facts


def _user(request: HttpRequest) -> Any:
    return request.user
