"""The queue of those who ask for a second look at what staff took out, by the decision that did so."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.options import IncorrectLookupParameters
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.privacy import domains
from core.staff.pages import Forgiving
from core.staff.queues import ByKeyboard
from core.staff.teams import OfTeams
from petitions import looking_again
from petitions.admin_decisions import Telling
from petitions.models import Decision, SecondLook

# As the list's actions are called: "keep_automated".
KEEP = "keep_"
# So many batches are told of at once.
MOST = 35
# As in petitions/selection.py.
TOOK_THEIR_TIME = Q(signature__seconds__gte=10)


class StateFilter(admin.SimpleListFilter):
    """What waits and is of no crowd, unless something else is asked for."""

    title, parameter_name = _("state"), "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("alike", _("waits, and says the same as others or nothing")),
            ("kept", _("stays as it is")),
            ("all", _("all")),
        ]

    def choices(self, changelist: Any) -> Any:
        first, *others = super().choices(changelist)
        return [first | {"display": _("waits, to be read one by one")}, *others]

    def queryset(self, request: HttpRequest, queryset: QuerySet[SecondLook]) -> QuerySet[SecondLook]:
        waiting = SecondLook.objects.waiting()
        found = {
            None: lambda: queryset.filter(pk__in=waiting.one_by_one().values("pk")),
            "alike": lambda: queryset.filter(pk__in=waiting.alike().values("pk")),
            "kept": lambda: queryset.exclude(answered_at=None),
            "all": queryset.all,
        }.get(self.value())
        if found is None:
            raise IncorrectLookupParameters
        return found()


@admin.register(SecondLook)
class SecondLookAdmin(ByKeyboard, OfTeams, Telling, Forgiving):
    """What somebody says, and what tells a person from a crowd; not who it is."""

    team_path = "petition"
    list_display = ("batch", "words_said", "filled", "mail", "comment", "country", "signed", "asked_at", "answer")
    list_display_links = None
    list_filter = (StateFilter, "petition")
    list_select_related = ("signature", "petition", "decision__job")
    list_before_template = "petitions/admin_second_looks.html"
    show_full_result_count = False
    fields = readonly_fields = ("petition", *list_display, "answered_by", "answered_at")
    actions = ("count_again", "wait_again")
    keys = {"A": "count_again"} | {
        str(number): f"{KEEP}{reason.value}" for number, reason in enumerate(Decision.Reason, 1)
    }

    def get_queryset(self, request: HttpRequest) -> QuerySet[SecondLook]:
        return super().get_queryset(request).defer("signature__email", "signature__name")

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        page: HttpResponse = super().changelist_view(
            request, {"batches": self._batches(request), **(extra_context or {})}
        )
        page.headers["Cache-Control"] = "no-store"
        return page

    def get_actions(self, request: HttpRequest) -> Any:
        """One that leaves it as it is for each reason, between the others."""
        actions = super().get_actions(request)
        if "count_again" not in actions:
            return actions
        keeping = {f"{KEEP}{reason.value}": _keeping(reason) for reason in Decision.Reason}
        return {"count_again": actions.pop("count_again"), **keeping, **actions}

    @admin.display(description=_("batch"))
    def batch(self, look: SecondLook) -> str:
        return str(look.decision)

    @admin.display(description=_("what they say"), empty_value="–")
    def words_said(self, look: SecondLook) -> str | None:
        if not look.words:
            return None
        return format_html('<div class="outcry-said"><p dir="auto" class="outcry-words">{}</p></div>', look.words)

    @admin.display(description=_("seconds for the form"), empty_value="–", ordering="signature__seconds")
    def filled(self, look: SecondLook) -> int | None:
        return look.signature.seconds

    @admin.display(description=_("mail domain"))
    def mail(self, look: SecondLook) -> Any:
        return domains.sort_of(look.signature.domain)

    @admin.display(description=_("comment"), boolean=True)
    def comment(self, look: SecondLook) -> bool:
        """Whether there is one; what it says is not for the staff."""
        return bool(look.signature.comment)

    @admin.display(description=_("country"))
    def country(self, look: SecondLook) -> str:
        return look.signature.country

    @admin.display(description=_("signed"), ordering="signature__signed_at")
    def signed(self, look: SecondLook) -> Any:
        return look.signature.signed_at

    @admin.action(description=_("Let it count again"), permissions=["change"])
    def count_again(self, request: HttpRequest, queryset: QuerySet[SecondLook]) -> None:
        choice = {"ticked": True, "filters": {}}
        self._told(request, looking_again.count_again(queryset, _user(request), choice))

    def keep(self, request: HttpRequest, queryset: QuerySet[SecondLook], reason: Decision.Reason) -> None:
        with transaction.atomic():
            kept = looking_again.keep(queryset, _user(request), reason)
            self._noted(request, kept)
        self._tell(request, len(kept), _("stays as it is"))

    @admin.action(description=_("It waits for another answer"), permissions=["change"])
    def wait_again(self, request: HttpRequest, queryset: QuerySet[SecondLook]) -> None:
        with transaction.atomic():
            waiting = looking_again.wait_again(queryset)
            self._noted(request, waiting)
        self._tell(request, len(waiting), _("waits again"))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def _noted(self, request: HttpRequest, looks: list[SecondLook]) -> None:
        changed = [{"changed": {"fields": ["answer"]}}]
        LogEntry.objects.log_actions(_user(request).pk, looks, CHANGE, changed)

    def _batches(self, request: HttpRequest) -> list[dict[str, Any]]:
        """Of each decision how many ask: a crowd that asks is one number."""
        waiting = SecondLook.objects.filter(pk__in=self.get_queryset(request).values("pk")).waiting()
        alike = Q(pk__in=SecondLook.objects.alike().values("pk"))
        found = (
            waiting.order_by()
            .values("decision")
            .annotate(
                asking=Count("pk"),
                alike=Count("pk", filter=alike),
                usual=Count("pk", filter=TOOK_THEIR_TIME),
            )
        )
        told = {row["decision"]: row for row in found.order_by("-asking", "decision")[:MOST]}
        decisions = Decision.objects.select_related("job").in_bulk(told)
        return [
            {
                "decision": decisions[pk],
                "asking": row["asking"],
                "alike": row["alike"],
                "own": row["asking"] - row["alike"],
                "usual": round(100 * row["usual"] / row["asking"]),
            }
            for pk, row in told.items()
        ]


def _keeping(reason: Decision.Reason) -> tuple[Any, str, Any]:
    """One entry in Django's table of actions: (function, name, description)."""

    def keep(admin: SecondLookAdmin, request: HttpRequest, queryset: QuerySet[SecondLook]) -> None:
        admin.keep(request, queryset, reason)

    return keep, f"{KEEP}{reason.value}", _("It stays as it is: %(reason)s") % {"reason": reason.label}


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
