"""Before something is saved that a live campaign hangs on, its page says what that does, once, and asks."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextareaWidget

from actions import length
from campaigns import consistency
from campaigns.consistency import Change
from core.generic import AnyModelForm
from core.templatetags.prose import language_name
from core.text.forms import CleanForm


class Consequences(CleanForm, forms.Form):
    """What a save does, with the headlines that are mended along with it. `sent`: what the page was sent with; it confirms what its
    reader has seen, and nothing that has moved since."""

    template_name = "desk/consequences.html"

    def __init__(self, changes: list[Change], sent: Mapping[str, Any]) -> None:
        self.changes = changes
        digest = hashlib.sha256("".join(change.digest for change in changes).encode()).hexdigest()
        seen = sent.get("then-sure") == digest
        super().__init__(sent if seen else None, prefix="then")
        self.fields["sure"] = forms.CharField(initial=digest, widget=forms.HiddenInput)
        for change in changes:
            for language, headline in change.wrong.items():
                name = self._name(change, language)
                self.fields[name] = forms.CharField(
                    label=_("Headline (%(language)s)") % {"language": language_name(language)},
                    initial=sent.get(f"then-{name}") or change.mended(headline),
                    max_length=500,
                    validators=[length.validate, change.check_headline],
                    widget=UnfoldAdminTextareaWidget(attrs={"rows": 2, "dir": "auto"}),
                )

    @staticmethod
    def _name(change: Change, language: str) -> str:
        return f"headline-{change.campaign.pk}-{language}"

    def rows(self) -> list[tuple[Change, list[Any]]]:
        """(change, its headlines to be mended)"""
        return [(change, [self[self._name(change, language)] for language in change.wrong]) for change in self.changes]

    def mend(self) -> None:
        for change in self.changes:
            typed = {language: self.cleaned_data[self._name(change, language)] for language in change.wrong}
            consistency.mend(change.campaign, typed)


class AsksFirst(AnyModelForm):
    """A form that is saved only once what it does was seen and confirmed."""

    consequences: Consequences | None = None

    def changes(self, cleaned: dict[str, Any]) -> list[Change]:
        """What a save of this does to live campaigns."""
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if self.errors:
            return cleaned
        changes = [change for change in self.changes(cleaned) if change.matters]
        if changes:
            self.consequences = Consequences(changes, self.data)
            if not self.consequences.is_valid():
                raise ValidationError(
                    _("This changes a live campaign. See below what it does, then confirm it or go back.")
                )
        return cleaned

    def settle(self) -> None:
        """Called once it is saved."""
        if self.consequences:
            self.consequences.mend()
