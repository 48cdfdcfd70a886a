"""What people type beside the signature: a pledge, and the link of their post."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from actions import linking
from actions.networks import PLEDGED
from campaigns.models import Reminded
from core.web.forms import AddressField
from petitions import consent


class PledgeForm(forms.Form):
    email = AddressField(
        label=_("E-mail"),
        help_text=_("Never shown. We send one mail with a button to confirm, and the reminder."),
        error_messages={"required": _("Please write your e-mail address: the reminder goes there.")},
    )
    network = forms.ChoiceField(label=_("Where will you post?"), choices=PLEDGED)
    remind = forms.ChoiceField(label=_("Remind me"), choices=Reminded.choices)
    consent = forms.BooleanField(
        error_messages={"required": _("Please tick this: without it we may not keep your address.")}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["consent"].label = consent.texts()["pledge"]
        self.auto_id = "pledge_%s"


def links_to_a_post(link: str) -> None:
    linking.post_id(link)


class LinkForm(forms.Form):
    link = forms.CharField(
        label=_("The link of your post on X"),
        max_length=1_000,
        validators=[links_to_a_post],
        widget=forms.URLInput(attrs={"inputmode": "url", "autocomplete": "off"}),
        help_text=_("We look whether it is there, count it, and may ask to show it. Whose it is we do not keep."),
        error_messages={"required": _("Please paste the link of your post.")},
    )

    def post_id(self) -> int:
        return linking.post_id(self.cleaned_data["link"])
