"""Signatures in the admin: to be reviewed, never written. What staff change is logged by field name, without its value."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from core.owners import with_owner
from core.staff.editing import Editing
from core.staff.errors import SaysWhatIsWrong
from core.staff.history import ReadOnlyHistory
from core.staff.pages import Forgiving
from core.staff.teams import OfTeams
from core.staff.times import PageInZone, Zones
from petitions import admin_exports, admin_paper, admin_second_looks, admin_voices, selection  # noqa: F401 - they register pages of their own
from petitions.admin_aggregates import Aggregating
from petitions.admin_choosing import ByConditions, Choosing
from petitions.admin_decisions import Deciding
from petitions.admin_name_count import CountingNames
from petitions.admin_reveal import Revealing
from petitions.models import Alert, Decision, Petition, Signature


@admin.register(Petition)
class PetitionAdmin(
    OfTeams, Aggregating, Choosing, CountingNames, SaysWhatIsWrong, PageInZone, Editing, ReadOnlyHistory, ModelAdmin
):
    list_display = ("title", "opens_at", "closes_at")
    steps = {**Aggregating.steps, "choose": "petitions.change_signature", "names": "petitions.change_signature"}

    def zones(self, request: HttpRequest) -> Zones:
        match = request.resolver_match
        number = str(match.kwargs.get("object_id") or (*match.args, "")[0]) if match else ""
        petition = Petition.objects.filter(pk=number).first() if number.isdecimal() else None
        zone = ZoneInfo(petition.owner.time_zone if petition else settings.TIME_ZONE)
        return Zones(zone, zone)

    def get_readonly_fields(self, request: HttpRequest, obj: Petition | None = None) -> tuple[str, ...]:
        # What people have put their name to stays; when it closed decides how long we know who signed.
        text = ("text",) if obj and obj.signatures.exists() else ()
        return (*text, "closes_at") if obj and obj.is_closed else text

    def has_delete_permission(self, request: HttpRequest, obj: Petition | None = None) -> bool:
        return False


def _row(decision: Decision) -> tuple[str, str, str]:
    return reverse("admin:petitions_decision_change", args=[decision.pk]), str(decision), decision.state


class UncertainMail(admin.SimpleListFilter):
    title, parameter_name = _("confirmation mail"), "mail"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("uncertain", _("uncertain: started, never finished"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Signature]) -> QuerySet[Signature]:
        uncertain = Signature.objects.uncertain().values("pk")
        return queryset.filter(pk__in=uncertain) if self.value() == "uncertain" else queryset


@admin.register(Signature)
class SignatureAdmin(OfTeams, Revealing, Forgiving, Deciding):
    team_path = "petition"
    list_display = ("id", "petition", "country", "signed_at", "confirmed_at", "review", "waits", "counts")
    list_filter = (
        "petition",
        "review",
        UncertainMail,
        ByConditions,
        ("confirmed_at", admin.EmptyFieldListFilter),
        ("withdrawn_at", admin.EmptyFieldListFilter),
    )
    list_select_related = ("petition",)
    list_before_template = "petitions/admin_choose_link.html"
    show_full_result_count = False
    fields = (
        "petition",
        "country",
        "signed_at",
        "confirmed_at",
        "review",
        "withdrawn_at",
        "erased_at",
        "mail_state",
        "decided",
    )

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

    class Media:
        css = {"all": ("css/admin-progress.css",)}

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """What a decision on all that the list shows can be made of, and nothing else."""
        return lookup in selection.NAMES and super().lookup_allowed(lookup, value, request)

    def get_list_display(self, request: HttpRequest) -> Any:
        """The columns, without the petition's title where every row would repeat it."""
        repeated = {"petition"} if "petition__id__exact" in request.GET else set()
        return tuple(name for name in super().get_list_display(request) if name not in repeated)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        given: dict[str, Any] = {name: value for name, value in request.GET.items() if name in selection.NAMES}
        petition = str(given.get("petition__id__exact", ""))
        if petition.isdecimal() and self.has_change_permission(request):
            where = reverse("admin:petitions_petition_choose", args=[petition], query=given)
            extra_context = {"choose": where, **(extra_context or {})}
        page: HttpResponse = super().changelist_view(request, extra_context)
        return page

    def get_fields(self, request: HttpRequest, obj: Signature | None = None) -> Any:
        may = request.user.has_perm("petitions.view_decision")
        return [field for field in super().get_fields(request, obj) if may or field != "decided"]

    @admin.action(description=_("Uncertain mail: send it again"), permissions=["change"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[Signature]) -> None:
        rows = self._logged(request, queryset.filter(pk__in=Signature.objects.uncertain().values("pk")), "mail_due_at")
        self._tell(request, rows.update(mail_attempts=0, mail_due_at=timezone.now()), _("sent again"))

    @admin.action(description=_("Uncertain mail: leave it"), permissions=["change"])
    def send_no_more(self, request: HttpRequest, queryset: QuerySet[Signature]) -> None:
        rows = self._logged(request, queryset.filter(pk__in=Signature.objects.uncertain().values("pk")), "mailed_at")
        self._tell(request, rows.update(mail_due_at=None, mailed_at=timezone.now()), _("left alone"))

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

    @admin.display(description=_("decisions on signatures"), empty_value="–")
    def decided(self, signature: Signature) -> Any:
        """Those that it is part of: a decision on many is one line in the history, and not one for each of them."""
        return (
            format_html_join(", ", '<a href="{}">{}</a> ({})', map(_row, signature.decisions.select_related("job")))
            or None
        )

    @admin.display(description=_("confirmation mail"))
    def mail_state(self, signature: Signature) -> Any:
        if signature.mailed_at:
            return signature.mailed_at
        if signature.mail_due_at is None:
            return _("not to be sent")
        return (
            _("uncertain: started, never finished")
            if signature.mail_attempts >= Signature.ATTEMPTS
            else _("waiting to be sent")
        )


@admin.register(Alert)
class AlertAdmin(OfTeams, Forgiving):
    team_path = "petition"
    list_display = ("raised_at", "petition", "kind", "detail", "seen_at", "found")
    list_filter = ("petition", "kind", ("seen_at", admin.EmptyFieldListFilter))
    fields = readonly_fields = list_display
    actions = ("seen",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Alert]:
        return with_owner(super().get_queryset(request), "petition")

    def get_list_display(self, request: HttpRequest) -> Any:
        columns = super().get_list_display(request)
        return columns if self._may_look(request) else tuple(name for name in columns if name != "found")

    def get_fields(self, request: HttpRequest, obj: Alert | None = None) -> Any:
        fields = super().get_fields(request, obj)
        return fields if self._may_look(request) else [name for name in fields if name != "found"]

    @admin.display(description=_("signatures"))
    def found(self, alert: Alert) -> Any:
        """The list of what it is about."""
        where = reverse("admin:petitions_signature_changelist", query=selection.of_alert(alert))
        return format_html('<a href="{}">{}</a>', where, _("Look at them"))

    def _may_look(self, request: HttpRequest) -> bool:
        return request.user.has_perm("petitions.view_signature")

    @admin.action(description=_("Mark as seen"), permissions=["change"])
    def seen(self, request: HttpRequest, queryset: QuerySet[Alert]) -> None:
        for alert in queryset.filter(seen_at=None):
            self.log_change(request, alert, [{"changed": {"fields": ["seen_at"]}}])
        queryset.filter(seen_at=None).update(seen_at=timezone.now())

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
