"""The two forms of a signature: what a visitor types, and what the mailbox's owner confirms."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import cache
from typing import Any

from django import forms
from django.utils.choices import BaseChoiceIterator
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from core.privacy.safety import POLICIES, Policy, SafetyLevel
from core.web.forms import AddressField, LongSelect, no_controls, plain_name
from petitions import consent


class CountryChoices(BaseChoiceIterator):
    """Known to be pairs of text, so that Django need not look at each of them again for every form."""

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(_country_choices(get_language()))


@cache
def _country_choices(_language: str | None) -> list[tuple[str, str]]:
    return [("", gettext("Choose your country")), *((country.code, str(country.name)) for country in countries)]


class CountryField(forms.ChoiceField):
    def valid_value(self, value: Any) -> bool:
        """Looked up, where Django walks through all of them."""
        return value in _country_codes()


@cache
def _country_codes() -> frozenset[str]:
    return frozenset(country.code for country in countries)


class PersonFields(forms.Form):
    name = forms.CharField(
        label=_("Name"),
        max_length=80,
        validators=[plain_name],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    country = CountryField(
        label=_("Country"),
        choices=CountryChoices(),
        widget=LongSelect(attrs={"autocomplete": "country"}),
        error_messages={"invalid_choice": _("Please choose a country from the list.")},
    )
    comment = forms.CharField(
        label=_("Why I sign"), required=False, max_length=500, validators=[no_controls],
        widget=forms.Textarea(attrs={"rows": 3}), help_text=_("You need not say why. At most 500 characters."),
    )  # fmt: skip
    show_name = forms.BooleanField(required=False)
    updates = forms.BooleanField(required=False)
    consent = forms.BooleanField(
        error_messages={"required": _("Please tick this: without it we may not keep your signature.")}
    )

    def __init__(self, *args: Any, policy: Policy = POLICIES[SafetyLevel.STANDARD], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = consent.texts()
        self.fields["consent"].label = words["sign"]
        self.fields["show_name"].label = words["show_name"]
        if not policy.names:
            del self.fields["show_name"]
        if not policy.comments:
            del self.fields["comment"]
        self.fields["updates"].label = words["updates"]
        for name, field in self.fields.items():
            if field.required:
                field.error_messages["required"] = self.missing().get(name, field.error_messages["required"])

    def missing(self) -> dict[str, Any]:
        return {
            "name": _("Please write your name."),
            "email": _("Please write your e-mail address: the signature is confirmed by mail."),
            "country": _("Please choose your country."),
        }


class SignForm(PersonFields):
    email = AddressField(label=_("E-mail"), help_text=_("Never shown. We send one mail with a button to confirm."))
    shown_at = forms.IntegerField(required=False, widget=forms.HiddenInput)
    field_order = ["name", "email", "country", "comment", "show_name", "updates", "consent"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The page is the same for everybody for some seconds, so this is when it was made, not when it was opened.
        self.fields["shown_at"].initial = int(time.time())

    def seconds(self) -> int | None:
        """How long it took to fill this in, at most; None when the form does not say."""
        shown: int | None = self.cleaned_data.get("shown_at")
        return min(max(int(time.time()) - shown, 0), 1_000_000) if shown is not None else None


class ConfirmForm(PersonFields):
    others = forms.BooleanField(required=False)
    field_order = ["name", "country", "comment", "show_name", "updates", "others", "consent"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["others"].label = consent.texts()["others"]


class AddressForm(forms.Form):
    email = SignForm.declared_fields["email"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].help_text = ""
        self.fields["email"].error_messages["required"] = _("Please write the address that you signed with.")
