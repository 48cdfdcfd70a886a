"""The two forms of a signature: what a visitor types, and what the mailbox's owner confirms."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from copy import copy, deepcopy
from functools import cache
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.choices import BaseChoiceIterator
from django.utils.functional import lazy
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from core.privacy import slips
from core.privacy.safety import POLICIES, Policy, SafetyLevel
from core.text.forms import CleanForm
from core.web.forms import AddressField, LightCleaning, LongSelect, plain_name, shares_fields
from petitions import consent
from petitions.handing import Recipient

# The words of a consent, in the language of whoever reads them.
said: Callable[..., Any] = lazy(lambda purpose, recipient="": consent.texts(recipient)[purpose], str)


class CountryChoices(BaseChoiceIterator):
    """Known to be pairs of text, so that Django need not look at each of them again for every form. `likely`: codes of countries
    that stand first, and in their place among the others too."""

    def __init__(self, likely: tuple[str, ...] = ()) -> None:
        self.likely = likely

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(_country_choices(get_language(), self.likely))


@cache
def _country_choices(_language: str | None, likely: tuple[str, ...]) -> list[tuple[str, str]]:
    names = {country.code: str(country.name) for country in countries}
    first = [(code, names[code]) for code in likely if code in names]
    return [("", gettext("Choose your country")), *first, *names.items()]


class CountryField(forms.ChoiceField):
    def valid_value(self, value: Any) -> bool:
        """Looked up, where Django walks through all of them."""
        return value in _country_codes()


@cache
def _country_codes() -> frozenset[str]:
    return frozenset(country.code for country in countries)


@cache
def _country_field(likely: tuple[str, ...]) -> CountryField:
    field = deepcopy(cast(CountryField, SignForm.base_fields["country"]))
    field.choices = CountryChoices(likely)
    return field


class NameField(forms.CharField):
    widget = forms.TextInput(attrs={"autocomplete": "name"})
    default_error_messages = {"required": _("Please write your name.")}
    default_validators = [plain_name]

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"label": _("Name"), "max_length": 80, **kwargs})


class PersonFields(CleanForm, LightCleaning, forms.Form):
    name = NameField()
    country = CountryField(
        label=_("Country"),
        choices=CountryChoices(),
        widget=LongSelect(attrs={"autocomplete": "country"}),
        error_messages={
            "required": _("Please choose your country."),
            "invalid_choice": _("Please choose a country from the list."),
        },
    )
    comment = forms.CharField(
        label=_("Why I sign"), required=False, max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}), help_text=_("You do not have to say why. At most 500 characters."),
    )  # fmt: skip

    def __init__(self, *args: Any, policy: Policy = POLICIES[SafetyLevel.STANDARD], **kwargs: Any) -> None:
        # Our labels end in nothing, and Django would look for the translation of a colon.
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        if not policy.comments:
            del self.fields["comment"]


@shares_fields
class SignForm(PersonFields):
    """It asks for no consent: that is given on the confirm page. Boxes that it had in former releases are still sent by pages that
    somebody opened then; they count for nothing."""

    name = NameField(help_text=_("Shown only if you say so when you confirm."))
    email = AddressField(
        label=_("E-mail"),
        help_text=_("Never shown. We send you one mail to confirm."),
        error_messages={"required": _("Please write your e-mail address: you confirm your signature by mail.")},
    )
    shown_at = forms.IntegerField(required=False, widget=forms.HiddenInput)
    source = forms.CharField(required=False, widget=forms.HiddenInput)
    field_order = ["name", "email", "country", "comment"]
    # The address that was probably meant; "" when there is nothing to ask, or it was asked before.
    meant = ""

    def __init__(
        self,
        *args: Any,
        policy: Policy = POLICIES[SafetyLevel.STANDARD],
        likely: tuple[str, ...] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, policy=policy, **kwargs)
        if not policy.names:
            self.fields["name"] = NameField(help_text=_("Never shown."))
        if likely:
            self.fields["country"] = _country_field(likely)
        # The page is the same for everybody for some seconds, so this is when it was made, not when it was opened.
        self.initial = {"shown_at": int(time.time()), **self.initial}

    def clean(self) -> dict[str, Any]:
        """An answer to “Did you mean …?” is taken over, or the question is put, once."""
        typed = self.cleaned_data
        other = slips.meant(typed.get("email", ""))
        if other and self.data.get("meant") == "yes":
            typed["email"] = other
            # The form may come back for another reason.
            changed: Any = copy(self.data)
            changed["email"] = other
            self.data = changed
        elif other and not self.was_asked:
            self.meant = other
        return typed

    @property
    def was_asked(self) -> bool:
        return "asked" in self.data

    @property
    def why(self) -> BoundField | None:
        return self["comment"] if "comment" in self.fields else None

    @property
    def words(self) -> str:
        """What is said at its button; the row keeps which version of it."""
        return consent.texts()["keep"]

    def seconds(self) -> int | None:
        """How long it took to fill this in, at most; None when the form does not say."""
        shown: int | None = self.cleaned_data.get("shown_at")
        return min(max(int(time.time()) - shown, 0), 1_000_000) if shown is not None else None


@shares_fields
class ConfirmForm(PersonFields):
    """Its button is the consent to sign, whose words stand there; boxes are for what somebody may want besides."""

    show_name = forms.BooleanField(label=said("show_name"), required=False)
    updates = forms.BooleanField(label=said("updates"), required=False)
    others = forms.BooleanField(label=said("others"), required=False)
    field_order = ["name", "country", "comment", "show_name", "updates", "others"]

    def __init__(
        self,
        *args: Any,
        policy: Policy = POLICIES[SafetyLevel.STANDARD],
        recipient: Recipient | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, policy=policy, **kwargs)
        self.recipient = recipient
        if not policy.names:
            del self.fields["show_name"]
        if recipient:
            self.fields["hand_over"] = forms.BooleanField(
                label=said("hand_over", recipient.name),
                required=False,
                widget=forms.CheckboxInput(attrs={"value": str(recipient.key)}),
            )

    def clean_hand_over(self) -> bool:
        """A tick is for whom the box named: if the petition goes to somebody else by now, the box comes back empty."""
        ticked = bool(self.cleaned_data["hand_over"])
        if ticked and self.recipient and self.data.get("hand_over") != str(self.recipient.key):
            changed: Any = copy(self.data)
            del changed["hand_over"]
            self.data = changed
            raise ValidationError(_("The petition goes to somebody else now. Please look at this box again."))
        return ticked

    @property
    def person(self) -> list[BoundField]:
        return [field for field in self if field.widget_type != "checkbox"]

    @property
    def boxes(self) -> list[BoundField]:
        return [field for field in self if field.widget_type == "checkbox"]

    @property
    def words(self) -> str:
        """What the button says yes to; the row keeps which version of it."""
        return consent.texts()["sign"]


class SecondLookForm(CleanForm, forms.Form):
    """What its owner says about a signature that staff keep out; nothing where the safety level asks for no words."""

    words = forms.CharField(
        label=_("What should the moderators know?"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_(
            "In your own words: how you came to sign, for example. Only moderators read it. At most 300 characters."
        ),
    )

    def __init__(self, *args: Any, policy: Policy, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not policy.comments:
            del self.fields["words"]


class AddressForm(CleanForm, forms.Form):
    email = SignForm.declared_fields["email"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].help_text = ""
        self.fields["email"].error_messages["required"] = _("Please write the address that you signed with.")
