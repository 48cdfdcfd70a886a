"""Packs for the target in the admin: a data officer asks for one and fetches it, an organiser says that it was handed over."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from campaigns.delivering import asking, checking, fetching, recording
from campaigns.models import Delivery
from core.drawing.pictures import Picture
from core.generic import AnyModelForm
from core.staff.pages import NothingToSave, WithSteps
from core.staff.teams import OfTeams
from core.staff.times import ZonedTimeField
from core.staff.versions import VersionedForm, locked
from core.text.forms import CleanForm
from desk.pictures import KEPT, of_moment
from desk.steps import step
from desk.withdrawal import CHANGE
from desk.zones import of_campaign
from petitions.exports.fetching import Gone, NotYours

# What may be refused, and how it is said.
REFUSALS: dict[type[Exception], Any] = {
    asking.NoTarget: _("It needs a petition and a target, and must have been public."),
    asking.NoRecipient: _("There is no key to seal it for: whoever runs this site must set EXPORT_RECIPIENTS first."),
    asking.NoPdf: _("This server can't make PDFs: it needs Pango (docs/operations.md)."),
    NotYours: _("Only the person who asked for it can fetch it."),
    Gone: _("There is nothing to fetch: it was fetched already, has expired, or we are still writing it."),
    fetching.Stale: _(
        "Somebody in it has taken back the consent, or the safety level was raised. We are writing it again: "
        "please come back in a minute."
    ),
    recording.NotToBeRecorded: _(
        "It has not been fetched, it is recorded already, or the safety level was raised since."
    ),
    recording.NotRecorded: _("Please record the handover first."),
}


class DeliveryForm(AnyModelForm):
    class Meta:
        model = Delivery
        fields = ("campaign",)
        help_texts = {
            "campaign": _(
                "Only the names of people who agreed to it, for the current target. At other levels than "
                "“standard”, only numbers."
            )
        }

    def clean(self) -> dict[str, Any]:
        """What `asking.ask` would refuse, at the form."""
        cleaned = super().clean() or {}
        if not self.errors:
            try:
                asking.require_what_it_needs(cleaned["campaign"])
            except (asking.NoTarget, asking.NoRecipient, asking.NoPdf) as error:
                raise ValidationError(REFUSALS[type(error)]) from error
        return cleaned


def receipt_field() -> forms.CharField:
    return forms.CharField(
        label=_("Receipt number"),
        max_length=80,
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("The number that the office gave it. Shown to everyone."),
    )


class ReceiptForm(VersionedForm, forms.Form):
    receipt = receipt_field()


class HandoverForm(CleanForm, forms.Form):
    receipt = receipt_field()
    picture = forms.FileField(
        label=_("Picture"),
        required=False,
        help_text=format_lazy("{} {}", KEPT, _("Ask everybody who can be recognised first.")),
    )
    alt = forms.CharField(
        label=_("What can be seen"),
        max_length=300,
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("For those who can't see the picture."),
    )

    def __init__(self, delivery: Delivery, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files)
        self.delivery, campaign = delivery, delivery.campaign
        self.fields["handed_over_at"] = ZonedTimeField(label=_("Handed over"), zones=of_campaign(campaign))
        self.order_fields(["handed_over_at", "receipt", "picture", "alt"])
        if not campaign.policy.shows_faces:
            del self.fields["picture"], self.fields["alt"]

    def clean_picture(self) -> Picture | None:
        file = self.cleaned_data["picture"]
        return of_moment(file) if file else None

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("picture") and not cleaned.get("alt"):
            self.add_error("alt", _("Please say what can be seen on the picture."))
        return cleaned

    def clean_handed_over_at(self) -> Any:
        at = self.cleaned_data["handed_over_at"]
        if at > timezone.now():
            raise ValidationError(_("This is still to come. Please record it after the handover."))
        written_at = self.delivery.written_at
        # Staff type minutes.
        if written_at and at < written_at.replace(second=0, microsecond=0):
            when = date_format(written_at.astimezone(self.delivery.campaign.zone), "DATETIME_FORMAT")
            raise ValidationError(
                _("The pack was written after that: %(when)s. Please check the date.") % {"when": when}
            )
        return at


class HandoverFilter(admin.SimpleListFilter):
    """Those that were fetched, and of which nobody has recorded the handover."""

    title, parameter_name = _("handover"), "handover"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("to record", _("to be recorded"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.to_be_recorded() if self.value() else queryset


@admin.register(Delivery)
class DeliveryAdmin(OfTeams, WithSteps, NothingToSave):
    """Every pack that was ever asked for: by whom, and what became of it."""

    team_path = "campaign"
    steps = {
        "fetch": "petitions.add_export",
        "progress": "campaigns.view_delivery",
        "hand_over": CHANGE,
        "receipt": CHANGE,
    }
    form = DeliveryForm

    list_display = ("number", "campaign", "target", "asked_by", "asked_at", "told", "handed_over_at", "receipt")
    list_filter = ("campaign", "state", HandoverFilter)
    list_select_related = ("campaign", "target", "asked_by")
    actions = None

    @admin.display(description=_("delivery"), ordering="asked_at")
    def number(self, delivery: Delivery) -> str:
        return str(delivery)

    @admin.display(description=_("state"), ordering="state")
    def told(self, delivery: Delivery) -> str:
        return delivery.told

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        """Whoever may record a handover gets there from the list."""
        return [*self.list_display, "next_step"] if self.may(request, "hand_over") else [*self.list_display]

    @admin.display(description=_("next"))
    def next_step(self, delivery: Delivery) -> str:
        if not delivery.may_be_recorded:
            return "–"
        url = reverse("admin:campaigns_delivery_hand_over", args=[delivery.pk])
        return format_html('<a href="{}">{}</a>', url, _("Record the handover"))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Names leave the site: the right is that of exports."""
        return bool(request.user.has_perm("petitions.add_export"))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_urls(self) -> list[Any]:
        views = {
            "fetch": self.fetch,
            "progress": self.progress,
            "hand_over": self.hand_over,
            "receipt": self.note_receipt,
        }
        own = [
            path(f"<int:pk>/{name}/", self.admin_site.admin_view(view), name=f"campaigns_delivery_{name}")
            for name, view in views.items()
        ]
        return [*own, *super().get_urls()]

    def get_fields(self, request: HttpRequest, obj: Delivery | None = None) -> list[Any]:
        return list(DeliveryForm.Meta.fields)

    def save_model(self, request: HttpRequest, obj: Delivery, form: Any, change: bool) -> None:
        """Asked for, by whoever is logged in. Django's own log line names it."""
        obj.pk = asking.ask(obj.campaign, _user(request)).pk

    def response_add(self, request: HttpRequest, obj: Delivery, post_url_continue: str | None = None) -> HttpResponse:
        return self._back(obj.pk)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """What it holds, how far it is, and what can be done with it next."""
        number = int(object_id) if object_id.isdecimal() and len(object_id) < 19 else 0
        delivery = self._delivery(number)
        if request.method not in ("GET", "HEAD") or not self.has_view_permission(request, delivery):
            raise PermissionDenied
        mine = delivery.asked_by_id == _user(request).pk
        context = {
            "title": str(delivery),
            "facts": _facts(delivery),
            "lacks": delivery.lacks if delivery.is_carried else 0,
            "is_of_another_level": delivery.is_carried and delivery.is_of_another_level,
            "may_fetch": mine and self.may(request, "fetch") and delivery.state == Delivery.State.READY,
            "may_hand_over": self.may(request, "hand_over") and delivery.may_be_recorded,
            "may_note_receipt": self.may(request, "receipt") and delivery.handed_over_at,
            "back": reverse("admin:campaigns_delivery_changelist"),
        }
        return self._answer(request, delivery, context)

    def fetch(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A button; whoever presses it has the file, and nobody can press it again."""
        self.require(request, "fetch")
        delivery = self._delivery(pk)
        if request.method != "POST":
            return self._step(request, delivery, {"title": _("Fetch the pack, once"), "button": _("Fetch it")})
        try:
            with transaction.atomic():
                fetched = fetching.fetch(delivery, _user(request))
                self.log_change(request, delivery, [{"changed": {"fields": ["state"]}}])
        except tuple(REFUSALS) as error:
            if isinstance(error, fetching.Stale):
                fetching.write_anew(delivery)
            self.message_user(request, REFUSALS[type(error)], messages.ERROR)
            return self._back(pk)
        response = HttpResponse(fetched.content, content_type="application/octet-stream")
        response.headers["Content-Disposition"] = f'attachment; filename="{fetched.name}"'
        response.headers["Cache-Control"] = "no-store"
        return response

    def progress(self, request: HttpRequest, pk: int) -> JsonResponse:
        """How far it is, for static/js/admin-job.js."""
        self.require(request, "progress")
        delivery = self._delivery(pk)
        answer = {
            "said": delivery.told,
            "changed": str(delivery.names),
            "done": 0 if delivery.is_writing else 1,
            "total": 1,
            "is_under_way": delivery.is_writing,
        }
        return JsonResponse(answer, headers={"Cache-Control": "no-store"})

    def hand_over(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Says that it was handed over: public from then on, and a key moment."""
        self.require(request, "hand_over")
        delivery = self._delivery(pk)
        form = HandoverForm(delivery, request.POST or None, request.FILES or None)
        if not form.is_valid():
            context = {"title": _("Record the handover"), "form": form, "button": _("It was handed over")}
            return self._step(request, delivery, context, 422 if form.is_bound else 200)
        try:
            with transaction.atomic():
                said = form.cleaned_data
                drawn = said.get("picture"), said.get("alt", "")
                moment = recording.record(delivery, said["handed_over_at"], said["receipt"], *drawn)
                self.log_change(request, delivery, [{"changed": {"fields": ["handed_over_at", "receipt"]}}])
        except recording.NotToBeRecorded as error:
            self.message_user(request, REFUSALS[type(error)], messages.ERROR)
        else:
            self.message_user(request, _("Recorded, and shown as a key moment: %(moment)s") % {"moment": moment})
        return self._back(pk)

    @transaction.atomic
    def note_receipt(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Adds the office's number to a handover, or corrects it; the log keeps both."""
        self.require(request, "receipt")
        if request.method == "POST":
            # After whoever changes it at this moment.
            locked(Delivery.objects.filter(pk=pk)).first()
        delivery = self._delivery(pk)
        form = ReceiptForm(request.POST or None, initial={"receipt": delivery.receipt})
        if not form.is_valid():
            context = {"title": _("Receipt number"), "form": form, "button": _("Save")}
            return self._step(request, delivery, context, 422 if form.is_bound else 200)
        receipt = form.cleaned_data["receipt"]
        try:
            before = recording.note_receipt(delivery, receipt)
        except recording.NotRecorded as error:
            self.message_user(request, REFUSALS[type(error)], messages.ERROR)
            return self._back(pk)
        told = _("Saved.")
        if before != receipt:
            self.log_change(
                request, delivery, [{"changed": {"fields": [f"receipt: {before or '–'} → {receipt or '–'}"]}}]
            )
            told = _("Saved. If somebody rewrote or translated the key moment, please change the number there too.")
        self.message_user(request, told)
        return self._back(pk)

    def _delivery(self, pk: int) -> Delivery:
        rows = Delivery.objects.select_related("campaign__petition", "target", "asked_by")
        return get_object_or_404(rows, pk=pk)

    def _back(self, pk: int) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:campaigns_delivery_change", args=[pk]))

    def _step(
        self, request: HttpRequest, delivery: Delivery, context: dict[str, Any], status: int = 200
    ) -> HttpResponse:
        back = reverse("admin:campaigns_delivery_change", args=[delivery.pk])
        return step(request, self, {"facts": _facts(delivery), "back": back, **context}, status)

    def _answer(self, request: HttpRequest, delivery: Delivery, context: dict[str, Any]) -> HttpResponse:
        whole = {**self.admin_site.each_context(request), "opts": self.opts, "delivery": delivery, **context}
        response = TemplateResponse(request, "desk/delivery.html", whole)
        response.headers["Cache-Control"] = "no-store"
        return response


def _facts(delivery: Delivery) -> dict[Any, Any]:
    """What is said of it, in the order in which it is read."""
    facts = {
        _("Campaign"): delivery.campaign.headline,
        _("To"): delivery.target.name,
        _("Asked by"): delivery.asked_by,
        _("Asked"): delivery.asked_at,
        _("State"): delivery.told,
    }
    if delivery.written_at:
        facts |= {_("Signatures"): delivery.signatures, _("Names"): delivery.names}
    if stamp := _stamp(delivery):
        facts[_("Time stamp")] = stamp
    if not delivery.is_over:
        facts[_("Expires")] = delivery.expires_at
    if delivery.handed_over_at:
        facts |= {_("Handed over"): delivery.handed_over_at, _("Receipt number"): delivery.receipt or "–"}
    return facts


def _stamp(delivery: Delivery) -> Any:
    """What became of it; "" where no authority was asked."""
    if delivery.stamp:
        found = checking.stamp(delivery)
        return f"{date_format(found.at, 'DATETIME_FORMAT')} ({found.by})" if found else _("not by our authority")
    if not delivery.stamp_tries:
        return ""
    if delivery.is_writing:
        return _("None yet: the authority has given none. We ask again for an hour, then the pack goes without.")
    return _("None: the authority gave none for an hour. The pack has our signature alone.")


def _user(request: HttpRequest) -> Any:
    return request.user
