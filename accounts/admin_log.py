"""What staff did, whichever object they did it to: one list to search, for administrators."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.urls import NoReverseMatch
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.staff.pages import NothingToSave


class WhoFilter(admin.SimpleListFilter):
    """Only people of whom there is an entry."""

    title, parameter_name = _("who"), "who"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        people = User.objects.filter(Exists(LogEntry.objects.filter(user=OuterRef("pk")))).order_by("email")
        return [(str(user.pk), user.email or user.username) for user in people]

    def queryset(self, request: HttpRequest, queryset: QuerySet[LogEntry]) -> QuerySet[LogEntry]:
        who = self.value() or ""
        return queryset.filter(user=int(who)) if who.isdecimal() else queryset


class WhatFilter(admin.SimpleListFilter):
    """Only kinds of objects of which there is an entry."""

    title, parameter_name = _("kind of object"), "of"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        kinds = ContentType.objects.filter(Exists(LogEntry.objects.filter(content_type=OuterRef("pk"))))
        return sorted(((str(kind.pk), kind.name) for kind in kinds), key=lambda choice: choice[1])

    def queryset(self, request: HttpRequest, queryset: QuerySet[LogEntry]) -> QuerySet[LogEntry]:
        kind = self.value() or ""
        return queryset.filter(content_type=int(kind)) if kind.isdecimal() else queryset


@admin.register(LogEntry)
class LogAdmin(NothingToSave):
    """Nobody writes here, and nobody deletes."""

    list_display = ("action_time", "who", "thing", "content_type", "done")
    list_filter = (WhoFilter, WhatFilter, "action_flag")
    list_select_related = ("user", "content_type")
    list_display_links = None
    search_fields = ("object_repr", "change_message", "user__email", "user__username")
    search_help_text = _("Search by object, by words of the change, or by the address of whoever made it.")
    date_hierarchy = "action_time"
    show_full_result_count = False
    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: LogEntry | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: LogEntry | None = None) -> bool:
        return False

    @admin.display(description=_("who"), ordering="user__email")
    def who(self, entry: LogEntry) -> str:
        return entry.user.email or entry.user.username

    @admin.display(description=_("object"))
    def thing(self, entry: LogEntry) -> str:
        try:
            url = None if entry.is_deletion() else entry.get_admin_url()
        except NoReverseMatch:
            url = None
        return format_html('<a href="{}">{}</a>', url, entry.object_repr) if url else entry.object_repr

    @admin.display(description=_("what was done"))
    def done(self, entry: LogEntry) -> str:
        return entry.get_change_message() or str(entry.get_action_flag_display())
