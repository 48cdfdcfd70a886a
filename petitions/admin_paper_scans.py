"""Pictures of sheets in the admin: added to a batch, opened by a data officer for a reason, one at a time, and deleted."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from core.staff.pages import WithSteps
from core.text.forms import CleanForm
from petitions.models import PaperBatch, PaperScan
from petitions.paper import entering, scanning
from petitions.reveal import AN_HOUR, MOST, TooMany

# What may be refused, and how it is said.
REFUSALS: dict[type[Exception], Any] = {
    entering.NotHere: _("At the safety level of this petition, nobody can sign on paper."),
    entering.Decided: _("It was checked or withdrawn in the meantime."),
    scanning.EnoughSheets: _("A batch can't have more sheets than signatures."),
}


class ScanForm(CleanForm, forms.Form):
    picture = forms.FileField(
        label=_("Picture of one sheet"),
        help_text=_("JPEG, PNG or WebP. We keep the picture, and leave out whatever else the file holds."),
    )

    def clean_picture(self) -> bytes:
        """Sealed already: nothing else comes to know it."""
        file = self.cleaned_data["picture"]
        return scanning.sealed(file.file, file.size)


class OpenForm(CleanForm, forms.Form):
    reason = forms.CharField(
        label=_("Why you need to see it"),
        max_length=300,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("We keep this with your name and this sheet's number. Please write no name and no address here."),
    )


class Scanning(WithSteps):
    """The steps of a batch that have to do with its pictures. Whoever mixes it in has `_batch`, `_back` and `_step`."""

    steps = {
        "scan": "petitions.add_paperscan",
        "open": "petitions.open_paperscan",
        "discard": "petitions.delete_paperscan",
    }

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        own = [
            path("<int:pk>/scan/", view(self.scan), name="petitions_paperbatch_scan"),
            path("<int:pk>/open/<uuid:scan>/", view(self.open), name="petitions_paperbatch_open"),
            path("<int:pk>/discard/<uuid:scan>/", view(self.discard), name="petitions_paperbatch_discard"),
        ]
        return [*own, *super().get_urls()]

    def pictures(self, request: HttpRequest, batch: PaperBatch) -> dict[str, Any]:
        """What the page of a batch says of them; nothing where there are none and none can be added."""
        scans = list(batch.scans.defer("content"))
        is_offered = bool(settings.EXPORT_RECIPIENTS) and not batch.withdrawn_at
        if not scans and not is_offered:
            return {}
        return {
            "has_pictures": True,
            "scans": scans,
            "may_scan": is_offered and self.may(request, "scan"),
            "may_open": self.may(request, "open"),
            "may_discard": self.may(request, "discard"),
        }

    def scan(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Adds the picture of one sheet. Raises Http404 where nobody could open it."""
        self.require(request, "scan")
        if not settings.EXPORT_RECIPIENTS:
            raise Http404
        batch, sent = self._batch(pk), (request.POST, request.FILES) if request.method == "POST" else ()
        form = ScanForm(*sent)
        if not form.is_valid():
            context = {"title": _("Add the picture of a sheet"), "form": form, "button": _("Add it")}
            return self._step(request, batch, context, 422 if sent else 200)
        try:
            with transaction.atomic():
                added = scanning.keep(batch, form.cleaned_data["picture"], self.user(request))
                self.log_change(request, batch, [{"added": {"name": "sheet", "object": str(added)}}])
        except tuple(REFUSALS) as error:
            self.message_user(request, REFUSALS[type(error)], messages.ERROR)
        else:
            self.message_user(request, _("Added, and encrypted."))
        return self._back(pk)

    def open(self, request: HttpRequest, pk: int, scan: UUID) -> HttpResponse:
        """The reason first; then the file, as it is stored."""
        self.require(request, "open")
        batch, sheet, form = self._batch(pk), self._sheet(pk, scan), OpenForm(request.POST or None)
        context = {
            "title": _("Open the picture of a sheet"),
            "words": _(
                "You get an age file, which only the data officer's key opens. Signers trust us with it: look only where you must."
            ),
            "form": form,
            "button": _("Fetch it"),
        }
        if not form.is_valid():
            return self._step(request, batch, context, 422 if form.is_bound else 200)
        try:
            with transaction.atomic():
                opened = scanning.open_one(sheet, form.cleaned_data["reason"], self.user(request))
                if opened is None:
                    raise Http404
                self.log_change(request, batch, [{"added": {"name": "reveal", "object": f"Reveal {opened.number}"}}])
        except TooMany:
            context["words"] = _("One person may look at %(number)s rows or sheets an hour. Please go on later.") % {
                "number": MOST
            }
            late = self._step(request, batch, context, 429)
            late.headers["Retry-After"] = str(int(AN_HOUR.total_seconds()))
            return late
        response = HttpResponse(opened.content, content_type="application/octet-stream")
        response.headers["Content-Disposition"] = f'attachment; filename="{opened.name}"'
        response.headers["Cache-Control"] = "no-store"
        return response

    def discard(self, request: HttpRequest, pk: int, scan: UUID) -> HttpResponse:
        """Deletes the picture of one sheet: somebody on it asks for that, or it shows something else."""
        self.require(request, "discard")
        batch, sheet = self._batch(pk), self._sheet(pk, scan)
        if request.method != "POST":
            context = {
                "title": _("Delete the picture of a sheet"),
                "words": _("The batch keeps its number. This can't be undone."),
                "button": _("Delete it"),
            }
            return self._step(request, batch, context)
        with transaction.atomic():
            self.log_change(request, batch, [{"deleted": {"name": "sheet", "object": str(sheet)}}])
            sheet.delete()
        self.message_user(request, _("Deleted."))
        return self._back(pk)

    def user(self, request: HttpRequest) -> Any:
        return request.user

    def _sheet(self, pk: int, scan: UUID) -> PaperScan:
        return get_object_or_404(PaperScan.objects.defer("content"), pk=scan, batch=pk)

    def _batch(self, pk: int) -> PaperBatch:
        raise NotImplementedError

    def _back(self, pk: int) -> HttpResponse:
        raise NotImplementedError

    def _step(
        self, request: HttpRequest, batch: PaperBatch, context: dict[str, Any], status: int = 200
    ) -> HttpResponse:
        raise NotImplementedError
