"""Relations that are looked for by typing, among the rows of one owner: the theme's own look among all that there are."""

from __future__ import annotations

from typing import Any, ClassVar
from urllib.parse import urlencode

from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin


class Found(AutocompleteSelect):
    """`owner`: as the admin of these rows calls it in `searched_within`, and its id."""

    def __init__(self, *args: Any, owner: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.owner = owner

    def get_url(self) -> str:
        return f"{super().get_url()}?{urlencode(self.owner)}"


class FoundMany(AutocompleteSelectMultiple):
    def __init__(self, *args: Any, owner: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.owner = owner

    def get_url(self) -> str:
        return f"{super().get_url()}?{urlencode(self.owner)}"


class SearchedWithin(ModelAdmin):
    """An admin that finds rows of one owner alone, when the question names it. What may be chosen is up to the form."""

    searched_within: ClassVar[tuple[str, ...]] = ()

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Any], search_term: str) -> Any:
        for owner in self.searched_within:
            number = request.GET.get(owner, "")
            if number.isdecimal():
                queryset = queryset.filter(**{owner: number})
        return super().get_search_results(request, queryset, search_term)
