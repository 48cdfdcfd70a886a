"""The queue of comments that people agreed to show: a moderator reads each one before anybody else can."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from accounts.models import User
from core.owners import seen_by
from core.staff.pages import Forgiving
from core.staff.queues import ByKeyboard
from core.staff.teams import OfTeams
from petitions import voices
from petitions.models import Voice

# As the list's actions are called: "decline_abusive".
DECLINE = "decline_"


def how_many_wait(request: HttpRequest) -> int:
    """For the sidebar."""
    may = request.user.has_perm("petitions.view_voice")
    return seen_by(request.user, Voice.objects.waiting(), "petition").count() if may else 0


class StateFilter(admin.SimpleListFilter):
    """What waits, unless something else is asked for."""

    title, parameter_name = _("state"), "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [*Voice.State.choices[1:], ("all", _("all"))]

    def choices(self, changelist: Any) -> Any:
        first, *others = super().choices(changelist)
        return [first | {"display": Voice.State.WAITING.label}, *others]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Voice]) -> QuerySet[Voice]:
        asked = self.value() or Voice.State.WAITING
        return queryset if asked == "all" else queryset.filter(state=asked)


@admin.register(Voice)
class VoiceAdmin(ByKeyboard, OfTeams, Forgiving):
    """Name and comment stand here because their owner wants everybody to read them; nothing else of the signature does."""

    team_path = "petition"
    list_display = ("words", "petition", "state", "reason", "decided_by")
    list_display_links = None
    list_filter = (StateFilter, "petition", "reason")
    list_select_related = ("signature", "petition", "decided_by")
    # Nobody decides on what is not in front of them.
    list_disable_select_all = True
    show_full_result_count = False
    fields = readonly_fields = (*list_display, "decided_at")
    actions = ("approve", "put_back")
    keys = {"A": "approve"} | {str(number): f"{DECLINE}{reason.value}" for number, reason in enumerate(Voice.Reason, 1)}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Voice]:
        return super().get_queryset(request).filter(pk__in=Voice.objects.agreed().values("pk"))

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        may = self.has_change_permission(request)
        if request.method == "POST" and "undo" in request.POST:
            if not may:
                raise PermissionDenied
            self._done(request, _("put back"), lambda: voices.undo(_user(request)))
            return HttpResponseRedirect(request.path)
        mine = {"may_undo": may and voices.last_of(_user(request)).exists()}
        page: HttpResponse = super().changelist_view(request, {**mine, **(extra_context or {})})
        page.headers["Cache-Control"] = "no-store"
        return page

    def response_action(self, request: HttpRequest, queryset: QuerySet[Voice]) -> Any:
        if request.POST.get("select_across") == "1":
            self.message_user(
                request,
                _("Please choose only what is on this page: somebody must read each comment first."),
                messages.ERROR,
            )
            return None
        return super().response_action(request, queryset)

    def get_actions(self, request: HttpRequest) -> Any:
        """One to decline for each reason, between the others."""
        actions = super().get_actions(request)
        if "approve" not in actions:
            return actions
        declining = {f"{DECLINE}{reason.value}": _declining(reason) for reason in Voice.Reason}
        return {"approve": actions.pop("approve"), **declining, **actions}

    @admin.display(description=_("comment and name"))
    def words(self, voice: Voice) -> str:
        return format_html(
            '<div class="outcry-said"><p dir="auto" class="outcry-words">{}</p><p dir="auto">— {}</p></div>',
            voice.signature.comment,
            voice.signature.name,
        )

    @admin.action(description=_("Approve: it is shown at once"), permissions=["change"])
    def approve(self, request: HttpRequest, queryset: QuerySet[Voice]) -> None:
        self._done(request, pgettext("how many", "approved"), lambda: voices.approve(queryset, _user(request)))

    def decline(self, request: HttpRequest, queryset: QuerySet[Voice], reason: Voice.Reason) -> None:
        self._done(request, pgettext("how many", "declined"), lambda: voices.decline(queryset, _user(request), reason))

    @admin.action(description=_("Put back: it waits to be read"), permissions=["change"])
    def put_back(self, request: HttpRequest, queryset: QuerySet[Voice]) -> None:
        self._done(request, _("put back"), lambda: voices.put_back(queryset))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def _done(self, request: HttpRequest, words: Any, verb: Callable[[], Iterable[Voice]]) -> None:
        """Whatever has changed gets its line in the history in the same commit."""
        with transaction.atomic():
            changed = list(verb())
            for voice in changed:
                self.log_change(request, voice, [{"changed": {"fields": ["state"]}}])
        self._tell(request, len(changed), words)


def _declining(reason: Voice.Reason) -> tuple[Any, str, Any]:
    """One entry in Django's table of actions: (function, name, description)."""

    def decline(admin: VoiceAdmin, request: HttpRequest, queryset: QuerySet[Voice]) -> None:
        admin.decline(request, queryset, reason)

    return decline, f"{DECLINE}{reason.value}", _("Decline: %(reason)s") % {"reason": reason.label}


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
