"""The page where staff say a campaign in another language: every text beside its original, whichever object it belongs to."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from campaigns import translating
from campaigns.models import Campaign
from core.staff.versions import VersionedForm, locked
from core.templatetags.prose import language_name
from core.text.forms import CleanForm
from core.text.nearest import interface
from core.text.translations import Translatable, direction, language_code

LONG = 120


class TranslationForm(VersionedForm, forms.Form):
    """One field for each text, and for each object a hidden one that says which original was looked at."""

    def __init__(self, campaign: Campaign, language: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.campaign, self.language = campaign, language
        if self.is_bound:
            # Two who save at once come one after the other: the second one reads what the first one wrote.
            locked(Campaign.objects.filter(pk=campaign.pk)).get()
        for source in self.source_texts:
            self.fields[source.key] = self._field(source)
            self.fields[self._seen(source.thing)] = forms.CharField(
                required=False, initial=source.thing.source, widget=forms.HiddenInput
            )

    @cached_property
    def source_texts(self) -> list[translating.SourceText]:
        return translating.source_texts(self.campaign, self.language)

    def _field(self, source: translating.SourceText) -> forms.Field:
        marks = {"lang": self.language, "dir": direction(self.language)}
        long = len(source.original) > LONG or "\n" in source.original
        rows = {"rows": min(max(len(source.original) // 60 + 1, 3), 16)}
        widget = UnfoldAdminTextareaWidget(attrs=marks | rows) if long else UnfoldAdminTextInputWidget(attrs=marks)
        return forms.CharField(
            label=f"{source.label} · {source.thing}"[:160],
            required=False,
            initial=source.text,
            widget=widget,
            disabled=source.is_fixed,
            help_text=_("People have signed these words, so they stay.") if source.is_fixed else "",
        )

    @staticmethod
    def _seen(thing: Translatable) -> str:
        """The name of the field that says which original its reader looked at."""
        return f"{translating.key_of(thing)}-seen"

    @property
    def rows(self) -> list[tuple[translating.SourceText, Any]]:
        return [(source, self[source.key]) for source in self.source_texts]

    def save(self) -> bool:
        """Stores the texts; returns whether it could. If not, each field has its error."""
        changed = {
            source.key: self.cleaned_data[source.key] for source in self.source_texts if source.key in self.changed_data
        }
        seen = {
            translating.key_of(source.thing): self.cleaned_data[self._seen(source.thing)]
            for source in self.source_texts
        }
        wrong = translating.save(
            self.campaign, self.language, changed, {key: text for key, text in seen.items() if text}
        )
        for key, messages in wrong.items():
            self.add_error(key if key in self.fields else None, messages)
        return not wrong


class LanguageForm(CleanForm, forms.Form):
    language = forms.CharField(
        label=_("Another language"),
        max_length=35,
        widget=UnfoldAdminTextInputWidget,
        help_text=_(
            "Its code. Examples: fa, pt-br. If this site has the language, its pages show the text. If not, "
            "it waits until the site has it."
        ),
    )

    def __init__(self, campaign: Campaign, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.campaign = campaign

    def clean_language(self) -> str:
        code = self.cleaned_data["language"].strip().lower()
        language_code(code)
        if code == self.campaign.language:
            raise ValidationError(gettext("The campaign itself is written in it."))
        return str(code)


def overview(campaign: Campaign) -> list[tuple[str, str, int, int, str]]:
    """Returns (code, name, texts there, texts in all, the language of the pages that show them) for each language."""
    return [
        (code, language_name(code), there, whole, language_name(interface(code)))
        for code, there, whole in translating.progress(campaign)
    ]
