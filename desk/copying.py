"""The form for a new campaign after another one, and what its page says."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from campaigns import copying
from campaigns.models import Campaign, plausible
from core.text.forms import CleanForm

TAKEN = _("Another campaign already has this slug.")


class CopyForm(CleanForm, forms.Form):
    slug = forms.SlugField(
        label=_("Its slug"),
        max_length=50,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("Part of every address, for good."),
    )
    first_day = forms.DateField(
        label=_("Day of its first moment"),
        required=False,
        widget=UnfoldAdminTextInputWidget(attrs={"type": "date"}),
        validators=[plausible],
        help_text=_("All its moments keep their intervals and local times. Leave empty to keep the dates as they are."),
    )

    def __init__(self, campaign: Campaign, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not campaign.moments.standing().exists():
            del self.fields["first_day"]

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        if Campaign.objects.filter(slug=slug).exists():
            raise ValidationError(TAKEN)
        return slug


def what_is_copied(campaign: Campaign) -> dict[str, Any]:
    """What comes along and what stays behind, as campaigns/copying.py has it: for desk/copy.html."""
    return {
        "along": [*copying.along(campaign)],
        "shared": [*copying.SHARED.values()] if campaign.tweet_action else [],
        "behind": [*copying.BEHIND],
    }
