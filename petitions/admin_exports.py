"""Exports in the admin: asked for by a form, decided on and watched on a page, fetched behind a button, part by part."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.admin.utils import label_for_field
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from core.generic import AnyModelForm
from core.owners import with_owner
from core.staff.pages import NothingToSave, WithSteps
from core.staff.teams import OfTeams
from core.text.formats import listed
from petitions.admin_decisions import DeclineForm
from petitions.exports import asking, fetching
from petitions.exports.people import people
from petitions.exports.purposes import definition, fits
from petitions.models import Export, Signature

NOT_COVERED = _("At the safety level of this petition, nobody can export this.")
NO_RECIPIENT = _("There is no key to seal it for: whoever runs this site must set EXPORT_RECIPIENTS first.")
# What may be refused, and how it is said.
REFUSALS: dict[type[Exception], Any] = {
    asking.SecondPersonNeeded: _("Somebody else must do this: you have asked for it."),
    asking.Decided: _("It has been decided in the meantime, or has expired."),
    asking.NotCovered: NOT_COVERED,
    asking.NoRecipient: NO_RECIPIENT,
    fetching.NotYours: _("Only the person who asked for it can fetch it."),
    fetching.Gone: _("There is nothing to fetch: it was fetched already, has expired, or we are still writing it."),
    fetching.Stale: _(
        "Somebody in this part has taken back the consent. We are writing it again: please come back in a minute."
    ),
}


class ExportForm(AnyModelForm):
    class Meta:
        model = Export
        fields = ("petition", "purpose", "format", "reason")
        help_texts = {
            "purpose": _(
                "It holds only people who agreed to exactly that. With addresses, a second person must approve it."
            ),
            "reason": _("We keep this for good, with your name. Please write no name and no address here."),
        }

    def clean(self) -> dict[str, Any]:
        """What `asking.ask` would refuse, at the form."""
        cleaned = super().clean() or {}
        if not self.errors:
            export = Export(petition=cleaned["petition"], purpose=cleaned["purpose"])
            try:
                asking.require_what_it_needs(export)
            except (asking.NotCovered, asking.NoRecipient) as error:
                raise ValidationError(REFUSALS[type(error)]) from error
        return cleaned


class SecondPerson(admin.SimpleListFilter):
    """Those that the reader may approve or decline."""

    title, parameter_name = _("second person"), "second"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("me", _("you can decide"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.waiting().exclude(asked_by=_user(request).pk) if self.value() == "me" else queryset


@admin.register(Export)
class ExportAdmin(OfTeams, WithSteps, NothingToSave):
    """Every export that was ever asked for: by whom, why, and what became of it."""

    team_path = "petition"
    decides = True
    steps = {"fetch": "petitions.add_export", "progress": "petitions.view_export"}
    form = ExportForm

    list_display = ("number", "petition", "purpose", "asked_by", "asked_at", "decided_by", "told", "reason")
    list_filter = ("petition", "purpose", "state", ("asked_by", admin.RelatedOnlyFieldListFilter), SecondPerson)
    list_select_related = ("petition", "asked_by", "decided_by")
    actions = None

    @admin.display(description=_("export"), ordering="asked_at")
    def number(self, export: Export) -> str:
        return str(export)

    @admin.display(description=_("state"), ordering="state")
    def told(self, export: Export) -> str:
        return export.told

    def get_urls(self) -> list[Any]:
        fetch, progress = self.admin_site.admin_view(self.fetch), self.admin_site.admin_view(self.progress)
        return [
            path("<uuid:pk>/fetch/", fetch, name="petitions_export_fetch"),
            path("<uuid:pk>/progress/", progress, name="petitions_export_progress"),
            *super().get_urls(),
        ]

    def get_fields(self, request: HttpRequest, obj: Export | None = None) -> list[Any]:
        return list(ExportForm.Meta.fields)

    def save_model(self, request: HttpRequest, obj: Export, form: Any, change: bool) -> None:
        """Asked for, by whoever is logged in. Django's own log line names it."""
        asked = asking.ask(obj.petition, obj.purpose, obj.format, obj.reason, _user(request))
        obj.pk = asked.pk

    def response_add(self, request: HttpRequest, obj: Export, post_url_continue: str | None = None) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:petitions_export_change", args=[obj.pk]))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """What it holds and how far it is; its buttons decide."""
        export = self._export(object_id)
        if not self.has_view_permission(request, export):
            raise PermissionDenied
        form = DeclineForm(request.POST if request.POST.get("verb") == "decline" else None)
        if request.method != "POST":
            return self._page(request, export, form)
        if not self.has_change_permission(request, export):
            raise PermissionDenied
        if form.is_bound and not form.is_valid():
            return self._page(request, export, form, 422)
        user = _user(request)
        verbs: dict[str | None, Callable[[], None]] = {
            "approve": lambda: asking.approve(export, user),
            "decline": lambda: asking.decline(export, user, form.cleaned_data["answer"]),
            "withdraw": lambda: asking.withdraw(export, user),
        }
        if decide := verbs.get(request.POST.get("verb")):
            self._try(request, export, decide, "state")
        return HttpResponseRedirect(reverse("admin:petitions_export_change", args=[export.pk]))

    def fetch(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """A button for each part; whoever presses it has the file, and nobody can press it again."""
        self.require(request, "fetch")
        export = self._export(str(pk))
        if request.method == "POST":
            number = _number(request.POST.get("part", ""), 9_999)
            fetched = self._try(
                request, export, lambda: fetching.fetch(export, number, _user(request)), f"part {number}"
            )
            if fetched is None:
                return HttpResponseRedirect(reverse("admin:petitions_export_fetch", args=[export.pk]))
            return _file(fetched)
        context = {
            "title": _("Fetch an export"),
            "parts": export.parts.defer("content"),
            "may_fetch": export.asked_by_id == _user(request).pk and not export.is_over,
            "back": reverse("admin:petitions_export_change", args=[export.pk]),
        }
        return self._answer(request, export, "fetch", context)

    def progress(self, request: HttpRequest, pk: UUID) -> JsonResponse:
        """How far it is written, for static/js/admin-job.js."""
        self.require(request, "progress")
        export = self._export(str(pk))
        answer = {
            "said": export.told,
            "changed": number_format(export.written, use_l10n=True, force_grouping=True),
            "done": export.written,
            "total": export.found,
            "is_under_way": export.is_writing,
        }
        return JsonResponse(answer, headers={"Cache-Control": "no-store"})

    def _try(self, request: HttpRequest, export: Export, act: Callable[[], Any], what: str) -> Any:
        """What `act` answers, with its line in the log in the same commit; None when it is refused, which is said."""
        try:
            with transaction.atomic():
                done = act()
                self.log_change(request, export, [{"changed": {"fields": [what]}}])
        except fetching.Stale as error:
            fetching.write_anew(export)
            self.message_user(request, REFUSALS[type(error)], messages.ERROR)
        except tuple(REFUSALS) as error:
            self.message_user(request, REFUSALS[type(error)], messages.ERROR)
        else:
            return done
        return None

    def _export(self, object_id: str) -> Export:
        rows = with_owner(Export.objects.select_related("asked_by", "decided_by"), "petition")
        try:
            return get_object_or_404(rows, pk=UUID(object_id))
        except ValueError:
            raise Http404 from None

    def _page(self, request: HttpRequest, export: Export, form: DeclineForm, status: int = 200) -> HttpResponse:
        user, changes = _user(request), self.has_change_permission(request, export)
        mine = export.asked_by_id == user.pk
        context = {
            "title": str(export),
            "form": form,
            "facts": _facts(export),
            "written": export.written,
            "is_writing": export.is_writing,
            "may_approve": changes and export.is_waiting and asking.may_decide(export, user),
            "may_withdraw": changes and export.is_waiting and mine,
            "fits": fits(export),
            "may_fetch": self.may(request, "fetch") and mine and export.began_at and not export.is_over,
            "back": reverse("admin:petitions_export_changelist"),
        }
        return self._answer(request, export, "export", context, status)

    def _answer(
        self, request: HttpRequest, export: Export, template: str, context: dict[str, Any], status: int = 200
    ) -> HttpResponse:
        whole = {**self.admin_site.each_context(request), "opts": self.opts, "export": export, **context}
        response = TemplateResponse(request, f"petitions/admin_{template}.html", whole, status=status)
        response.headers["Cache-Control"] = "no-store"
        return response

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def _facts(export: Export) -> dict[Any, Any]:
    """What is said of an export, in the order in which it is read."""
    fields = definition(export).fields
    facts = {
        _("Petition"): export.petition,
        _("Purpose"): export.get_purpose_display(),
        _("It contains"): listed(label_for_field(field, Signature) for field in fields),
        _("Reason"): export.reason,
        _("Format"): export.get_format_display(),
        _("People"): export.found if export.began_at else people(export).count(),
        _("Asked by"): export.asked_by,
        _("Asked"): export.asked_at,
        _("State"): export.told,
    }
    if not export.is_over:
        facts[_("Expires")] = export.expires_at
    if export.decided_at:
        facts |= {_("Decided"): export.decided_at, _("Second person"): export.decided_by or "–"}
    if export.answer:
        facts[_("Why it was declined")] = export.answer
    return facts


def _file(fetched: fetching.Fetched) -> HttpResponse:
    response = HttpResponse(fetched.content, content_type="application/octet-stream")
    response.headers["Content-Disposition"] = f'attachment; filename="{fetched.name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _number(text: str, most: int) -> int:
    """0 for what is none."""
    return min(int(text), most) if text.isascii() and text.isdigit() and len(text) < 20 else 0


def _user(request: HttpRequest) -> Any:
    return request.user
