"""What staff do with signatures in the admin's list, and the page of each decision, on which a second person looks and decides."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet, TextField
from django.db.models.functions import MD5, Cast
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminTextInputWidget

from core.owners import with_owner
from core.privacy import domains
from core.staff.pages import NothingToSave, WithSteps
from core.staff.teams import OfTeams
from core.text.formats import listed, share
from core.text.forms import CleanForm
from petitions import jobs, limits, moderation, selection
from petitions.models import Decision, Job, Petition, Signature

SHOWN = 20
# What a verb of the page changes, where it is not the outcome.
_CHANGED = {"cancel": "job", "again": "job"}


DOING = [
    ("quarantine", _("Set aside for review")),
    ("restore", _("Put back: they count again")),
    ("remove_automated", _("Remove: made by a machine")),
    ("remove_duplicate", _("Remove: the same person more than once")),
    ("remove_impostor", _("Remove: in the name of somebody else")),
    ("remove_abuse", _("Remove: abusive")),
]


def do(
    what: str, petition: Petition, rows: QuerySet[Signature], by: Any, choice: dict[str, Any]
) -> Sequence[Decision | None]:
    """Ask for one of DOING; what one person may do alone is done."""
    if what == "quarantine":
        return [moderation.set_aside(petition, rows, by, choice)]
    if what == "restore":
        return moderation.restore(petition, rows, by, choice)
    return [moderation.remove(petition, rows, what.removeprefix("remove_"), by, choice)]


class Telling(ModelAdmin):
    """Says what became of what somebody asked for, and notes it: once, however many signatures it is about."""

    def _told(self, request: HttpRequest, decisions: Sequence[Decision | None]) -> None:
        made = [decision for decision in decisions if decision]
        if not made:
            text = _("There is nothing to do with these, or you have asked for it already.")
            self.message_user(request, text, messages.WARNING)
        for decision in made:
            if decision.is_under_way:
                self.log_addition(request, decision, [{"added": {"name": "decision", "object": str(decision)}}])
                self.message_user(
                    request, _linked(_("There are so many that this takes a while: see how far it is."), decision)
                )
                continue
            if decision.outcome == Decision.Outcome.DONE:
                done = _("done")
                self.message_user(request, f"{decision.number}: {decision.get_kind_display()} – {done}")
                continue
            self.log_addition(request, decision, [{"added": {"name": "decision", "object": str(decision)}}])
            text = _("That is more than one person may do alone: somebody else must help. Nothing has changed yet.")
            self.message_user(request, _linked(text, decision), messages.WARNING)


class Deciding(Telling):
    """The verbs of the list of signatures."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Signature]:
        return moderation.waiting(super().get_queryset(request))

    @admin.display(description=_("decision"), empty_value="–")
    def waits(self, signature: Any) -> str | None:
        return str(Decision.Outcome.WAITING.label) if signature.waits else None

    @admin.action(description=_("Set aside for review"), permissions=["change"])
    def quarantine(self, request: HttpRequest, queryset: QuerySet[Signature]) -> HttpResponse | None:
        return self._do("quarantine", request, queryset)

    @admin.action(description=_("Put back: they count again"), permissions=["change"])
    def restore(self, request: HttpRequest, queryset: QuerySet[Signature]) -> HttpResponse | None:
        return self._do("restore", request, queryset)

    @admin.action(description=_("Remove: made by a machine"), permissions=["change"])
    def remove_automated(self, request: HttpRequest, queryset: QuerySet[Signature]) -> HttpResponse | None:
        return self._do("remove_automated", request, queryset)

    @admin.action(description=_("Remove: the same person more than once"), permissions=["change"])
    def remove_duplicate(self, request: HttpRequest, queryset: QuerySet[Signature]) -> HttpResponse | None:
        return self._do("remove_duplicate", request, queryset)

    @admin.action(description=_("Remove: in the name of somebody else"), permissions=["change"])
    def remove_impostor(self, request: HttpRequest, queryset: QuerySet[Signature]) -> HttpResponse | None:
        return self._do("remove_impostor", request, queryset)

    @admin.action(description=_("Remove: abusive"), permissions=["change"])
    def remove_abuse(self, request: HttpRequest, queryset: QuerySet[Signature]) -> HttpResponse | None:
        return self._do("remove_abuse", request, queryset)

    def _do(self, what: str, request: HttpRequest, queryset: QuerySet[Signature]) -> HttpResponse | None:
        """What was ticked at once; all that the list shows after a look at what that is."""
        filters = _filters(request)
        petitions = _petitions(queryset)
        if request.POST.get("select_across") != "1":
            for petition in petitions:
                self._told(request, do(what, petition, queryset, _user(request), {"ticked": True, "filters": filters}))
            return None
        if len(petitions) != 1:
            self.message_user(request, _("Please show the signatures of one petition first."), messages.ERROR)
            return None
        where = reverse("admin:petitions_petition_choose", args=[petitions[0].pk], query={**filters, "what": what})
        return HttpResponseRedirect(where)


class DeclineForm(CleanForm, forms.Form):
    answer = forms.CharField(
        label=_("Why it was declined"),
        max_length=200,
        widget=UnfoldAdminTextInputWidget,
        error_messages={"required": _("Please say why: whoever asked for it will read it.")},
    )


@admin.register(Decision)
class DecisionAdmin(OfTeams, Telling, WithSteps, NothingToSave):
    """Every decision on signatures. What one person may not do alone waits here for a second one; what takes a while shows how far
    it is, can be cancelled, and undone."""

    team_path = "petition"
    decides = True
    steps = {"progress": "petitions.view_decision"}

    list_display = ("number", "kind", "reason", "petition", "asked_by", "asked_at", "state", "decided_by", "decided_at")
    list_filter = ("petition", "kind", "outcome", "job__state")
    list_select_related = ("petition", "asked_by", "decided_by", "job")
    actions = None

    @admin.display(description=_("state"), ordering="outcome")
    def state(self, decision: Decision) -> str:
        return decision.state

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """What is asked for, and how it was chosen; its buttons decide."""
        known = int(object_id) if object_id.isascii() and object_id.isdigit() else 0
        rows = with_owner(Decision.objects.select_related("asked_by", "decided_by", "job__cancelled_by"), "petition")
        decision = get_object_or_404(rows, pk=min(known, 2**63 - 1))
        if not self.has_view_permission(request, decision):
            raise PermissionDenied
        form = DeclineForm(request.POST if request.POST.get("verb") == "decline" else None)
        if request.method != "POST":
            return self._page(request, decision, form)
        if not self.has_change_permission(request, decision):
            raise PermissionDenied
        if form.is_bound and not form.is_valid():
            return self._page(request, decision, form, 422)
        if request.POST.get("verb") == "undo":
            return self._undo(request, decision)
        self._decide(request, decision, form)
        return HttpResponseRedirect(reverse("admin:petitions_decision_change", args=[decision.pk]))

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.progress)
        return [path("<int:pk>/progress/", view, name="petitions_decision_progress"), *super().get_urls()]

    def progress(self, request: HttpRequest, pk: int) -> JsonResponse:
        """How far its job is, for static/js/admin-job.js."""
        self.require(request, "progress")
        decision = get_object_or_404(Decision.objects.select_related("job", "petition"), pk=pk)
        changes = self.has_change_permission(request, decision)
        job = decision.job if hasattr(decision, "job") else None
        answer = {
            "said": decision.state,
            "changed": number_format(decision.number, use_l10n=True, force_grouping=True),
            "done": job.done if job else decision.number,
            "total": None if decision.is_being_chosen else decision.chosen,
            "is_under_way": decision.is_under_way,
            "may_undo": changes and moderation.may_be_undone(decision),
        }
        return JsonResponse(answer, headers={"Cache-Control": "no-store"})

    def _undo(self, request: HttpRequest, decision: Decision) -> HttpResponse:
        made: list[Decision] = []
        with suppress(moderation.NothingToUndo):
            made = moderation.undo(decision, _user(request))
        self._told(request, made)
        return HttpResponseRedirect(
            reverse("admin:petitions_decision_change", args=[made[0].pk if made else decision.pk])
        )

    def _decide(self, request: HttpRequest, decision: Decision, form: DeclineForm) -> None:
        verb = request.POST.get("verb")
        try:
            if verb == "approve":
                moderation.approve(decision, _user(request))
            elif verb == "decline":
                moderation.decline(decision, _user(request), form.cleaned_data["answer"])
            elif verb == "withdraw":
                moderation.withdraw(decision, _user(request))
            elif verb == "cancel":
                jobs.cancel(decision, _user(request))
            elif verb == "again":
                jobs.try_again(decision)
            else:
                return
        except moderation.SecondPersonNeeded:
            text = _("Somebody else must do this: you have asked for it, or for a part of it.")
            self.message_user(request, text, messages.ERROR)
        except moderation.TooSoon:
            self.message_user(
                request, _("A removal this large waits for a day: you can approve it after that."), messages.ERROR
            )
        except jobs.Over:
            self.message_user(request, _("It has ended in the meantime."), messages.ERROR)
        except moderation.Decided:
            self.message_user(request, _("It has been decided in the meantime, or has expired."), messages.ERROR)
        else:
            decision = Decision.objects.select_related("job").get(pk=decision.pk)
            self.log_change(request, decision, [{"changed": {"fields": [_CHANGED.get(verb, "outcome")]}}])
            self.message_user(request, f"{decision} – {decision.state}")

    def _page(self, request: HttpRequest, decision: Decision, form: DeclineForm, status: int = 200) -> HttpResponse:
        user, changes = _user(request), self.has_change_permission(request, decision)
        mine = decision.asked_by_id == user.pk
        earliest = limits.not_before(decision)
        is_early = decision.is_waiting and earliest > timezone.now()
        context = {
            **self.admin_site.each_context(request),
            "opts": self.model._meta,
            "decision": decision,
            "form": form,
            "title": decision.get_kind_display(),
            "facts": _facts(decision),
            "sample": sample(decision.signatures.all()),
            "earliest": earliest if is_early else None,
            "may_approve": changes and decision.is_waiting and not is_early and moderation.may_approve(decision, user),
            "may_decline": changes and decision.is_waiting and not mine,
            "may_withdraw": changes and decision.is_waiting and mine,
            "may_cancel": changes and hasattr(decision, "job") and decision.job.may_be_cancelled,
            "may_try_again": changes and hasattr(decision, "job") and decision.job.state == Job.State.FAILED,
            "may_undo": changes and moderation.may_be_undone(decision),
            "changes": changes,
            "job": getattr(decision, "job", None),
            "ways_back": decision.undone_by.select_related("job"),
            "back": reverse("admin:petitions_decision_changelist"),
        }
        return TemplateResponse(request, "petitions/admin_decision.html", context, status=status)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def _facts(decision: Decision) -> dict[Any, Any]:
    """What is said of a decision, in the order in which it is read."""
    count = Signature.objects.counting().filter(decisions=decision).count()
    job = getattr(decision, "job", None)
    chosen = share(decision.chosen / decision.stood, decimals=1) if decision.stood else "–"
    facts = {
        _("Petition"): decision.petition,
        _("What"): decision.get_kind_display(),
        _("Reason"): decision.get_reason_display() or "–",
        _("Signatures"): decision.chosen,
        _("Of these, count now"): count,
        _("Share of all that counted then"): chosen,
        _("Chosen"): _chosen(decision),
        _("Asked by"): decision.asked_by,
        _("Asked"): decision.asked_at,
    }
    if job is None:
        facts[_("State")] = decision.state
    if decision.is_waiting:
        facts[_("Expires")] = decision.expires_at
    if decision.decided_at:
        facts |= {_("Decided"): decision.decided_at, _("Second person"): decision.decided_by or "–"}
    if job and job.cancelled_by:
        facts[_("Cancelled by")] = job.cancelled_by
    if decision.answer:
        facts[_("Why it was declined")] = decision.answer
    if decision.restored:
        facts[_("Put back since")] = decision.restored
    return facts


def _chosen(decision: Decision) -> str:
    if decision.undoes:
        return _linked(_("what is left of another decision:"), decision.undoes)
    filters = listed(selection.words(decision.choice.get("filters", {})))
    how = _("ticked one by one") if decision.choice.get("ticked", True) else _("all that the list showed")
    return f"{how} ({filters})" if filters else str(how)


def sample(signatures: QuerySet[Signature]) -> list[dict[str, Any]]:
    """Some of these, always the same ones, that nobody can have chosen; without who they are."""
    signatures = signatures.defer("email", "name", "comment")
    rows = signatures.annotate(mixed=MD5(Cast("pk", TextField()))).order_by("mixed")[:SHOWN]
    return [
        {
            "country": row.country,
            "signed": row.signed_at,
            "confirmed": row.confirmed_at,
            "withdrawn": row.withdrawn_at,
            "domain": domains.sort_of(row.domain),
            "seconds": row.seconds,
            "review": row.get_review_display(),
        }
        for row in rows
    ]


def _linked(text: Any, decision: Decision) -> str:
    where = reverse("admin:petitions_decision_change", args=[decision.pk])
    return format_html('{} <a href="{}">{}</a>', text, where, decision)


def _petitions(signatures: QuerySet[Signature]) -> list[Petition]:
    chosen = list(signatures.order_by().values_list("petition", flat=True).distinct())
    return list(Petition.objects.filter(pk__in=chosen))


def _filters(request: HttpRequest) -> dict[str, Any]:
    """How the list was chosen from, as whoever approves it will read it."""
    pages = {"p", "o", "e", "all", IS_POPUP_VAR}
    return {name: value for name, value in request.GET.items() if name not in pages}


def _user(request: HttpRequest) -> Any:
    return request.user
