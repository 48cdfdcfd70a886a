"""Forms whose every text goes through the one cleaner, before anything measures it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from core.text.cleaning import cleaned, no_controls


class CleanForm(forms.BaseForm):
    """A form that takes, shows again and compares each text as cleaned, and refuses what no text may hold. Passwords are left alone.

    Django reads what was sent for a field at one place, which is where it is cleaned.
    """

    def __getitem__(self, name: str) -> forms.BoundField:
        """Shows no `maxlength`: browsers count in UTF-16 and before the cleaner, so they would cut off what fits."""
        bound: forms.BoundField = super().__getitem__(name)
        bound.field.widget.attrs.pop("maxlength", None)
        return bound

    def _widget_data_value(self, widget: forms.Widget, html_name: str) -> Any:
        django: Any = super()
        value = django._widget_data_value(widget, html_name)
        if not isinstance(value, str) or isinstance(widget, forms.PasswordInput):
            return value
        # A hidden field holds what another one held, with its lines.
        return cleaned(value, lines=isinstance(widget, forms.Textarea | forms.HiddenInput))

    def _clean_fields(self) -> None:
        django: Any = super()
        django._clean_fields()
        for name, field in self.fields.items():
            value = self.cleaned_data.get(name)
            if isinstance(value, str) and isinstance(field, forms.CharField) and not field.disabled:
                self._refuse(name, field, value)

    def _refuse(self, name: str, field: forms.Field, value: str) -> None:
        try:
            if not isinstance(field.widget, forms.PasswordInput):
                no_controls(value)
        except ValidationError as error:
            self.add_error(name, error)
