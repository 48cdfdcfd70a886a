from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from simple_history.admin import SimpleHistoryAdmin
from unfold.admin import ModelAdmin

from actions.models import Endpoint, Target, Tweet


class ReadOnly(ModelAdmin):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Target)
class TargetAdmin(SimpleHistoryAdmin, ModelAdmin):
    list_display = ("name", "x_handle", "kind")
    search_fields = ("name", "x_handle")


@admin.register(Tweet)
class TweetAdmin(ReadOnly):
    """What was collected from X: what the targets said is one filter away."""

    list_display = ("posted_at", "kind", "author_handle", "text", "at_x")
    list_filter = ("kind", "target")

    @admin.display(description=_("at X"))
    def at_x(self, tweet: Tweet) -> str:
        return format_html('<a href="{}" rel="noopener noreferrer">{}</a>', tweet.url, tweet.post_id)


@admin.register(Endpoint)
class EndpointAdmin(ReadOnly):
    """How X answers: since when not, why, and when we ask again."""

    list_display = ("name", "answered_at", "reason", "blocked_until")
