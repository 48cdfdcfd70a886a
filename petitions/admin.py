"""Signatures in the admin: to be reviewed, never written. What staff change is logged by field name, without its value."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from core.desk import NothingToSave
from core.history import ReadOnlyHistory
from petitions import moderation
from petitions.admin_reveal import Revealing
from petitions.models import Alert, Petition, Removal, Signature


@admin.register(Petition)
class PetitionAdmin(ReadOnlyHistory, ModelAdmin):
    list_display = ("title", "opens_at", "closes_at")

    def get_readonly_fields(self, request: HttpRequest, obj: Petition | None = None) -> tuple[str, ...]:
        # What people have put their name to stays; when it closed decides how long we know who signed.
        text = ("text",) if obj and obj.signatures.exists() else ()
        return (*text, "closes_at") if obj and not obj.is_open and obj.closes_at else text

    def has_delete_permission(self, request: HttpRequest, obj: Petition | None = None) -> bool:
        return False


class Forgiving(NothingToSave, ModelAdmin):
    """A list whose actions answer a mangled choice with a word, not with a fault."""

    def _tell(self, request: HttpRequest, number: int, done: Any) -> None:
        self.message_user(request, f"{number}: {done}")

    def response_action(self, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
        try:
            return super().response_action(request, queryset)
        except (ValidationError, ValueError):
            self.message_user(request, _("This choice can't be read: please choose again."), messages.ERROR)
            return None


class UncertainMail(admin.SimpleListFilter):
    title, parameter_name = _("confirmation mail"), "mail"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("uncertain", _("uncertain: begun, never finished"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Signature]) -> QuerySet[Signature]:
        uncertain = Signature.objects.uncertain().values("pk")
        return queryset.filter(pk__in=uncertain) if self.value() == "uncertain" else queryset


@admin.register(Signature)
class SignatureAdmin(Revealing, Forgiving):
    list_display = ("id", "petition", "country", "signed_at", "confirmed_at", "review", "counts")
    list_filter = (
        "petition",
        "review",
        UncertainMail,
        ("confirmed_at", admin.EmptyFieldListFilter),
        ("withdrawn_at", admin.EmptyFieldListFilter),
    )
    list_select_related = ("petition",)
    show_full_result_count = False
    fields = (
        "petition", "country", "signed_at", "confirmed_at", "review", "withdrawn_at", "erased_at", "mail_state",
    )  # fmt: skip

    readonly_fields = fields
    actions = (
        "send_again",
        "send_no_more",
        "quarantine",
        "restore",
        "remove_automated",
        "remove_duplicate",
        "remove_impostor",
        "remove_abuse",
    )

    @admin.action(description=_("Uncertain mail: send it again"), permissions=["change"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[Signature]) -> None:
        rows = self._logged(request, queryset.filter(pk__in=Signature.objects.uncertain().values("pk")), "mail_due_at")
        self._tell(request, rows.update(mail_attempts=0, mail_due_at=timezone.now()), _("sent again"))

    @admin.action(description=_("Uncertain mail: leave it"), permissions=["change"])
    def send_no_more(self, request: HttpRequest, queryset: QuerySet[Signature]) -> None:
        rows = self._logged(request, queryset.filter(pk__in=Signature.objects.uncertain().values("pk")), "mailed_at")
        self._tell(request, rows.update(mail_due_at=None, mailed_at=timezone.now()), _("left"))

    @admin.action(description=_("Set aside for review"), permissions=["change"])
    def quarantine(self, request: HttpRequest, queryset: QuerySet[Signature]) -> None:
        rows = self._logged(request, queryset, "review")
        for petition in Petition.objects.filter(signatures__in=rows).distinct():
            try:
                number = moderation.set_aside(petition, rows, request.user)  # type: ignore[arg-type]
                self._tell(request, number, _("set aside for review"))
            except moderation.SecondPersonNeeded:
                text = _("That is more than one person may take out of the count: somebody else must help.")
                self.message_user(request, text, messages.ERROR)

    @admin.action(description=_("Put back: they count again"), permissions=["change"])
    def restore(self, request: HttpRequest, queryset: QuerySet[Signature]) -> None:
        rows = self._logged(request, queryset, "review")
        self._tell(request, moderation.restore(rows), _("put back"))

    @admin.action(description=_("Remove: made by a machine"), permissions=["change"])
    def remove_automated(self, request: HttpRequest, queryset: QuerySet[Signature]) -> None:
        self._remove(request, queryset, Removal.Reason.AUTOMATED)

    @admin.action(description=_("Remove: the same person more than once"), permissions=["change"])
    def remove_duplicate(self, request: HttpRequest, queryset: QuerySet[Signature]) -> None:
        self._remove(request, queryset, Removal.Reason.DUPLICATE)

    @admin.action(description=_("Remove: in the name of somebody else"), permissions=["change"])
    def remove_impostor(self, request: HttpRequest, queryset: QuerySet[Signature]) -> None:
        self._remove(request, queryset, Removal.Reason.IMPOSTOR)

    @admin.action(description=_("Remove: abusive"), permissions=["change"])
    def remove_abuse(self, request: HttpRequest, queryset: QuerySet[Signature]) -> None:
        self._remove(request, queryset, Removal.Reason.ABUSE)

    def _remove(self, request: HttpRequest, queryset: QuerySet[Signature], reason: Removal.Reason) -> None:
        rows = self._logged(request, queryset, "review")
        for petition in Petition.objects.filter(signatures__in=rows).distinct():
            removal = moderation.remove(petition, rows, reason, request.user)  # type: ignore[arg-type]
            self.log_addition(request, removal, [{"added": {"name": "removal", "object": str(removal)}}])
            done = _("removed") if removal.decided_at else _("so many need a second person, under Removals")
            self.message_user(request, f"{removal.number}: {done}")

    def _logged(self, request: HttpRequest, queryset: QuerySet[Signature], field: str) -> QuerySet[Signature]:
        """The same rows, whatever the change makes of the filter that found them; each with its line in the history."""
        chosen = list(queryset.values_list("pk", flat=True))
        for pk in chosen:
            self.log_change(request, Signature(pk=pk), [{"changed": {"fields": [field]}}])
        return Signature.objects.filter(pk__in=chosen)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.display(description=_("confirmation mail"))
    def mail_state(self, signature: Signature) -> Any:
        if signature.mailed_at:
            return signature.mailed_at
        if signature.mail_due_at is None:
            return _("not to be sent")
        return (
            _("uncertain: begun, never finished")
            if signature.mail_attempts >= Signature.ATTEMPTS
            else _("waits to be sent")
        )


@admin.register(Removal)
class RemovalAdmin(Forgiving):
    """Every decision to take signatures out; more than one person may remove alone wait here for a second one."""

    list_display = ("number", "reason", "petition", "asked_by", "asked_at", "approved_by", "decided_at")
    list_filter = ("petition", "reason", ("decided_at", admin.EmptyFieldListFilter))
    fields = readonly_fields = list_display
    actions = ("approve",)

    @admin.action(description=_("Approve, as the second person"), permissions=["change"])
    def approve(self, request: HttpRequest, queryset: QuerySet[Removal]) -> None:
        for removal in queryset.filter(decided_at=None):
            try:
                moderation.approve(removal, request.user)  # type: ignore[arg-type]
            except moderation.SecondPersonNeeded:
                self.message_user(request, _("You asked for this one: somebody else must approve it."), messages.ERROR)
            else:
                self.log_change(request, removal, [{"changed": {"fields": ["approved_by"]}}])
                self._tell(request, removal.number, _("removed"))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Alert)
class AlertAdmin(Forgiving):
    list_display = ("raised_at", "petition", "kind", "detail", "seen_at")
    list_filter = ("petition", "kind", ("seen_at", admin.EmptyFieldListFilter))
    fields = readonly_fields = list_display
    actions = ("seen",)

    @admin.action(description=_("Mark as seen"), permissions=["change"])
    def seen(self, request: HttpRequest, queryset: QuerySet[Alert]) -> None:
        for alert in queryset.filter(seen_at=None):
            self.log_change(request, alert, [{"changed": {"fields": ["seen_at"]}}])
        queryset.filter(seen_at=None).update(seen_at=timezone.now())

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
