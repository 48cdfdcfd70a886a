"""What people type beside the signature: a pledge, and the link of their post."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from actions import linking
from actions.networks import PLEDGED, Network
from campaigns.models import Reminded
from core.text.cleaning import cleaned
from core.text.formats import in_a_box
from core.text.forms import CleanForm
from core.web.forms import AddressField
from petitions import consent


class PledgeForm(CleanForm, forms.Form):
    email = AddressField(
        label=_("E-mail"),
        help_text=_("Never shown. We send you one mail to confirm, and the reminder."),
        error_messages={"required": _("Please write your e-mail address: we send the reminder there.")},
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


class PostBox(forms.Textarea):
    def format_value(self, value: Any) -> str | None:
        text = super().format_value(value)
        return in_a_box(text) if text else text


class Post(forms.CharField):
    def to_python(self, value: object) -> str:
        """Cleans what is shown again without a form around it."""
        return super().to_python(cleaned(value, lines=True) if isinstance(value, str) else value) or ""


class TextForm(CleanForm, forms.Form):
    """A text that goes to a network."""

    text = Post(
        label=_("Your post"),
        max_length=1_000,
        widget=PostBox(attrs={"rows": 5, "data-weigh": ""}),
        error_messages={"required": _("Please write something.")},
    )

    def fits(self, network: Network, text: str, url: str) -> bool:
        """Returns whether the post can go to this network; adds an error to the form if not."""
        try:
            network.validate(text, url)
        except ValidationError as error:
            self.add_error("text", error)
        return not self.errors


class PostForm(TextForm):
    """`kept`: what was typed before another text was asked for. `answer`: the id of a post of the target."""

    sample = forms.IntegerField(required=False, widget=forms.HiddenInput)
    target = forms.IntegerField(required=False, widget=forms.HiddenInput)
    kept = forms.CharField(required=False, widget=forms.HiddenInput)
    answer = forms.IntegerField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].help_text = _("Use your own words: people read those, and skip copies.")


class FriendForm(TextForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("To a friend")
        self.fields["text"].help_text = _("Write as you would speak to them. We add the address at the end.")


class LetterForm(CleanForm, forms.Form):
    # Of two lines, so that it can be read whole on a phone with large text. Long enough for what stands there: a petition's title or
    # a goal, of 300 signs at most, and where it is written from right to left a mark before each handle in it.
    subject = forms.CharField(
        label=_("Subject"),
        max_length=400,
        widget=PostBox(attrs={"rows": 2}),
        error_messages={"required": _("Please write a subject.")},
    )
    text = Post(
        label=_("Your mail"),
        max_length=1_500,
        widget=PostBox(attrs={"rows": 10}),
        help_text=_("Use your own words: people read those, and skip copies."),
        error_messages={"required": _("Please write something.")},
    )

    def clean_subject(self) -> str:
        """It is one line of a mail, however it was typed."""
        return " ".join(str(self.cleaned_data["subject"]).split())


def links_to_a_post(link: str) -> None:
    linking.post_id(link)


class LinkForm(CleanForm, forms.Form):
    link = forms.CharField(
        label=_("The link of your post on X"),
        max_length=1_000,
        validators=[links_to_a_post],
        widget=forms.URLInput(attrs={"inputmode": "url", "autocomplete": "off", "form": "post"}),
        help_text=_("We check that it is there, count it, and may ask to show it. We do not keep who wrote it."),
        error_messages={"required": _("Please paste the link of your post.")},
    )

    def post_id(self) -> int:
        return linking.post_id(self.cleaned_data["link"])
