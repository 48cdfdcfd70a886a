"""What is wrong with a row as a whole is said at one of its fields: inside a campaign the admin's theme shows it nowhere else."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldBooleanWidget

from campaigns.models import Campaign, Response, Update
from core.generic import AnyModelForm


class Pointed(AnyModelForm):
    """`at`: the field that such errors are shown at."""

    at: ClassVar[str] = ""

    def full_clean(self) -> None:
        super().full_clean()
        whole = self.errors.pop(NON_FIELD_ERRORS, None)
        if whole:
            self.errors.setdefault(self.at, self.error_class(renderer=self.renderer)).extend(whole.as_data())


class OfCampaign(AnyModelForm):
    """The form of a part of a campaign. `campaign`: that of a new one. Once it is public it stays published."""

    campaign: ClassVar[Campaign | None] = None

    @property
    def made_now(self) -> tuple[str, ...]:
        """Fields that nobody has typed."""
        return ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.campaign is not None and self.instance.pk is None:
            self.instance.campaign = self.campaign
        if self.instance.pk and "published_at" in self.fields and self.instance.was_public:
            self.fields["published_at"].disabled = True


class MomentForm(Pointed, OfCampaign):
    at = "ends_at"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "starts_at" in self.fields:
            # Things hang on it: it is moved with a look at them first.
            self.fields["starts_at"].disabled = True


class UpdateForm(OfCampaign):
    publish_now = forms.BooleanField(
        label=_("publish now"),
        required=False,
        widget=UnfoldBooleanWidget,
        help_text=_("It appears as soon as you save this, whatever the time above says."),
    )

    class Meta:
        model = Update
        fields = ("title", "text", "published_at", "moment")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.appeared or self.instance.withdrawn_at:
            self.fields["publish_now"] = forms.BooleanField(required=False, disabled=True, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("publish_now"):
            self.errors.pop("published_at", None)
            cleaned["published_at"] = timezone.now()
        return cleaned

    @property
    def made_now(self) -> tuple[str, ...]:
        return ("published_at",) if self.cleaned_data.get("publish_now") else ()


class ResponseForm(Pointed, OfCampaign):
    at = "outcome"

    def clean(self) -> dict[str, Any]:
        """Refuses another demand for an answer that is public: staff withdraw it with a reason, and log it anew."""
        cleaned: dict[str, Any] = super().clean() or {}
        if "demand" not in self.changed_data:
            return cleaned
        stored = Response.objects.select_related("campaign").filter(pk=self.instance.pk).first()
        if stored and stored.demand_id and stored.was_public and cleaned.get("demand") != stored.demand:
            self.add_error("demand", _("This answer is public. Withdraw it with a reason, and log it again."))
        return cleaned


class PetitionForm(Pointed):
    at = "closes_at"


class ContaminationForm(Pointed):
    at = "end"


class RecapEntryForm(Pointed):
    at = "response"
