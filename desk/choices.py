"""What the rows of an inline choose from is read from the database once, not once for every row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms.models import ModelChoiceIterator
from django.http import HttpRequest
from django.utils.functional import cached_property

from core.generic import MixedIntoAnInline


class SharedChoices(ModelChoiceIterator):  # type: ignore[type-arg]  # takes none at run time
    """Read by whoever comes first."""

    @cached_property
    def _read(self) -> list[Any]:
        return list(super().__iter__())

    def __iter__(self) -> Iterator[Any]:
        return iter(self._read)


class ChoicesReadOnce(MixedIntoAnInline):
    """An inline whose rows share what they choose from; made anew for each request."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(field, forms.ModelChoiceField):
            field.choices = SharedChoices(field)
        return field
