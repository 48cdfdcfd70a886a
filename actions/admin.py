"""What staff see of X: what the targets said, what is chosen for the wall, what was linked, what it all costs."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext
from unfold.admin import ModelAdmin

from actions import linking
from actions.handles import TypedNames
from actions.models import Charge, Endpoint, Gap, LinkedPost, SampleTweet, Target, Tweet, TweetAction
from core.owners import seen_by
from core.staff.choosing import SearchedWithin
from core.staff.editing import Editing
from core.staff.errors import SaysWhatIsWrong
from core.staff.history import ReadOnlyHistory
from core.staff.pages import NothingToSave
from core.staff.queues import ByKeyboard
from core.staff.teams import OfTeams


class NotWritten(NothingToSave, ModelAdmin):
    """Rows that the system writes: staff look at them, and decide on them by actions."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [field.name for field in self.model._meta.fields]

    def decide(self, request: HttpRequest, rows: QuerySet[Any], done: object, **change: object) -> None:
        """Change these rows, each with its line in the history."""
        chosen = list(rows)
        rows.model.objects.filter(pk__in=[row.pk for row in chosen]).update(**change)
        for row in chosen:
            self.log_change(request, row, [{"changed": {"fields": sorted(change)}}])
        self.message_user(request, f"{len(chosen)}: {done}")


class ReadOnly(NotWritten):
    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Target)
class TargetAdmin(SaysWhatIsWrong, TypedNames, Editing, ReadOnlyHistory, ModelAdmin):
    """Offices, which belong to no campaign and to no team."""

    list_display = ("name", "x_handle", "kind", "refused")
    search_fields = ("name", "x_handle")

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """The list has no filters: an address that names one asks what of another team leads to a target."""
        return False


@admin.register(SampleTweet)
class SampleAdmin(OfTeams, SearchedWithin, Editing, ReadOnlyHistory, ModelAdmin):
    """Every text that may be shown, those put together from parts included: here they are vetoed."""

    team_path = "action"
    list_display = ("text", "language", "is_combined", "is_offered", "is_vetoed")
    list_filter = ("action", "language", "is_combined", "is_vetoed")
    search_fields = ("text",)
    searched_within = ("action",)
    actions = ("veto", "allow")

    @admin.action(description=_("Veto: never show these"), permissions=["change"])
    def veto(self, request: HttpRequest, queryset: QuerySet[SampleTweet]) -> None:
        self._set(request, queryset, True)

    @admin.action(description=_("Show these again"), permissions=["change"])
    def allow(self, request: HttpRequest, queryset: QuerySet[SampleTweet]) -> None:
        self._set(request, queryset, False)

    def _set(self, request: HttpRequest, queryset: QuerySet[SampleTweet], vetoed: bool) -> None:
        for sample in queryset:
            sample.is_vetoed = vetoed
            sample.save(update_fields=["is_vetoed"])  # Its words may be another's by now.
        done = pgettext("how many", "vetoed") if vetoed else _("shown again")
        self.message_user(request, f"{len(queryset)}: {done}")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(Tweet)
class TweetAdmin(ByKeyboard, OfTeams, SearchedWithin, NotWritten):
    """Candidates for the wall, and what the targets said. An approved post appears once it was found at X, with its author."""

    team_path = "action"
    list_display = ("posted_at", "kind", "author_handle", "text", "review", "checked_at", "at_x")
    list_filter = (
        "action",
        "kind",
        "review",
        "target",
        ("seen_at", admin.EmptyFieldListFilter),
        ("gone_at", admin.EmptyFieldListFilter),
    )
    search_fields = ("text", "author_handle")
    searched_within = ("action",)
    actions = ("approve", "refuse", "seen", "let_reply", "let_quote", "let_alone")
    keys = {"A": "approve", "D": "refuse", "S": "seen"}

    def theirs(self, request: HttpRequest) -> Q:
        """What a target said is of all who address it: one of them pays for reading it."""
        mine = seen_by(request.user, TweetAction.objects.order_by()).values("pk")
        addressed = Target.objects.filter(Q(actions__in=mine) | Q(also_in__in=mine)).order_by()
        return super().theirs(request) | Q(kind=Tweet.Kind.TARGET, target__in=addressed.values("pk"))

    def get_exclude(self, request: HttpRequest, obj: Tweet | None = None) -> tuple[str, ...]:
        """Who pays for reading a target is no matter of the others."""
        return ("action",) if obj and obj.kind == Tweet.Kind.TARGET else ()

    def get_readonly_fields(self, request: HttpRequest, obj: Tweet | None = None) -> list[str]:
        left_out = self.get_exclude(request, obj)
        return [name for name in super().get_readonly_fields(request, obj) if name not in left_out]

    @admin.action(description=_("Approve for the wall"), permissions=["change"])
    def approve(self, request: HttpRequest, queryset: QuerySet[Tweet]) -> None:
        rows = queryset.filter(gone_at=None).exclude(review=Tweet.Review.APPROVED)
        self.decide(request, rows, pgettext("how many", "approved"), review=Tweet.Review.APPROVED, checked_at=None)

    @admin.action(description=_("Do not show"), permissions=["change"])
    def refuse(self, request: HttpRequest, queryset: QuerySet[Tweet]) -> None:
        self.decide(request, queryset, pgettext("how many", "not shown"), review=Tweet.Review.REFUSED, checked_at=None)

    @admin.action(description=_("Mark as seen: no response to log"), permissions=["change"])
    def seen(self, request: HttpRequest, queryset: QuerySet[Tweet]) -> None:
        self.decide(request, queryset.filter(seen_at=None), pgettext("how many", "seen"), seen_at=timezone.now())

    @admin.action(description=_("Invite people to reply to it"), permissions=["change"])
    def let_reply(self, request: HttpRequest, queryset: QuerySet[Tweet]) -> None:
        self._offer(request, queryset, Tweet.Answer.REPLY)

    @admin.action(description=_("Invite people to quote it"), permissions=["change"])
    def let_quote(self, request: HttpRequest, queryset: QuerySet[Tweet]) -> None:
        self._offer(request, queryset, Tweet.Answer.QUOTE)

    @admin.action(description=_("Invite nobody to answer it"), permissions=["change"])
    def let_alone(self, request: HttpRequest, queryset: QuerySet[Tweet]) -> None:
        self._offer(request, queryset, "")

    def _offer(self, request: HttpRequest, queryset: QuerySet[Tweet], answer: str) -> None:
        rows = queryset.filter(kind=Tweet.Kind.TARGET, gone_at=None)
        self.decide(
            request,
            rows,
            _("offered, once X says that it is still there") if answer else _("not offered"),
            answer=answer,
        )

    @admin.display(description=_("on X"))
    def at_x(self, tweet: Tweet) -> str:
        if tweet.post_id is None:
            return str(_("gone"))
        return format_html('<a href="{}" rel="noopener noreferrer">{}</a>', tweet.url, tweet.post_id)


@admin.register(LinkedPost)
class LinkedPostAdmin(ByKeyboard, OfTeams, NotWritten):
    team_path = "action"
    list_display = ("linked_at", "action", "verified_at", "refused_at", "note", "at_x")
    list_filter = ("action", ("verified_at", admin.EmptyFieldListFilter), ("refused_at", admin.EmptyFieldListFilter))
    actions = ("verify", "refuse")
    keys = {"A": "verify", "D": "refuse"}

    @admin.action(description=_("Verify: I have looked at it"), permissions=["change"])
    def verify(self, request: HttpRequest, queryset: QuerySet[LinkedPost]) -> None:
        self._judge(request, queryset, True)

    @admin.action(description=_("Refuse: it has nothing to do with this"), permissions=["change"])
    def refuse(self, request: HttpRequest, queryset: QuerySet[LinkedPost]) -> None:
        self._judge(request, queryset, False)

    def _judge(self, request: HttpRequest, queryset: QuerySet[LinkedPost], verified: bool) -> None:
        for link in queryset:
            linking.by_staff(link, verified)
            self.log_change(request, link, [{"changed": {"fields": ["verified_at" if verified else "refused_at"]}}])
        done = pgettext("how many", "verified") if verified else pgettext("how many", "refused")
        self.message_user(request, f"{len(queryset)}: {done}")

    @admin.display(description=_("on X"))
    def at_x(self, link: LinkedPost) -> str:
        return format_html('<a href="{}" rel="noopener noreferrer">{}</a>', link.url, link.post_id)


@admin.register(Endpoint)
class EndpointAdmin(ReadOnly):
    """How X answers: since when not, why, and when we ask again."""

    list_display = ("name", "answered_at", "reason", "blocked_until")


@admin.register(Charge)
class ChargeAdmin(OfTeams, ReadOnly):
    """What X costs, request by request, in US dollars."""

    team_path = "action"
    list_display = ("at", "action", "purpose", "reserved", "actual")
    list_filter = ("action", "purpose")
    date_hierarchy = "at"


@admin.register(Gap)
class GapAdmin(OfTeams, ReadOnly):
    """Spans of which posts are still to be read, and those that are lost. Those of a target are of no campaign."""

    team_path = "query__action"
    list_display = ("__str__", "query", "target", "noted_at", "lost_at")
    list_select_related = ("query", "target")
    list_filter = (("lost_at", admin.EmptyFieldListFilter),)

    def theirs(self, request: HttpRequest) -> Q:
        return super().theirs(request) | Q(query=None)
