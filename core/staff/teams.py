"""Whoever is on the staff sees what belongs to the campaigns of their teams, and what belongs to none; administrators see all."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import ForeignKey, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from unfold.admin import ModelAdmin

from core.owners import is_seen_by, seen_by


class OfTheirTeams(admin.RelatedFieldListFilter):
    """A filter that names no petition, tweet action or campaign of another team."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> Any:
        rows = seen_by(request.user, field.related_model._default_manager.all())
        ordering = self.field_admin_ordering(field, request, model_admin)
        return field.get_choices(include_blank=False, ordering=ordering, limit_choices_to={"pk__in": rows.values("pk")})


class OfTeams(ModelAdmin):
    """Stands in front of an admin whose rows belong to campaigns: its list and what is looked for there have those of one's teams,
    and whatever address names another row answers 404, before its view is asked. `team_path`: see `core.owners.is_seen_by`."""

    team_path: ClassVar[str] = ""

    def theirs(self, request: HttpRequest) -> Q:
        """Which rows are those of the reader's teams."""
        return is_seen_by(request.user, self.model, self.team_path)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows if request.user.is_superuser else rows.filter(self.theirs(request))

    @property
    def urls(self) -> list[Any]:
        """Those of the site: whatever an admin adds to `get_urls` is among them."""
        entries: list[Any] = self.get_urls()
        for entry in entries:
            entry.callback = self._guarded(entry.callback)
        return entries

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        filters = super().get_list_filter(request)
        return [(one, OfTheirTeams) if self._leads_away(one) else one for one in filters]

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet[Any]:
        """What a form offers, and takes."""
        rows = super().get_field_queryset(db, db_field, request)
        return seen_by(request.user, db_field.remote_field.model._default_manager.all() if rows is None else rows)

    def _leads_away(self, name: Any) -> bool:
        try:
            return isinstance(name, str) and isinstance(self.opts.get_field(name), ForeignKey)
        except FieldDoesNotExist:
            return False

    def _guarded(self, view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            number = kwargs.get("object_id", kwargs.get("pk", args[0] if args else None))
            # Who isn't logged in is asked to, by the view.
            if number is not None and self.admin_site.has_permission(request) and not self._sees(request, number):
                raise Http404
            return view(request, *args, **kwargs)

        return guarded

    def _sees(self, request: HttpRequest, number: object) -> bool:
        if request.user.is_superuser:
            return True
        try:
            pk = self.opts.pk.to_python(unquote(str(number)))
        except ValidationError:
            return False
        found: bool = self.model._default_manager.filter(self.theirs(request), pk=pk).exists()
        return found
