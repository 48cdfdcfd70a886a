"""The forms of a campaign. Its status: going live and closing are steps of their own (desk/going_live.py)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext_lazy as _

from campaigns.models import Status
from core.generic import AnyModelForm

# From each status, those that may be chosen in the form.
CHOSEN = (
    {Status.DRAFT, Status.INTEREST},
    {Status.LIVE},
    {Status.CLOSED, Status.ARCHIVED},
)


class CampaignForm(AnyModelForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields.get("status")
        if field is None:
            return
        offered = next(group for group in CHOSEN if self.instance.status in group)
        field.choices = [(value, label) for value, label in Status.choices if value in offered]
        field.disabled = len(offered) == 1
        field.help_text = _(
            "Going live and closing have pages of their own; once this is saved, links to them are above."
        )

    def _update_errors(self, errors: ValidationError) -> None:
        """What the whole campaign says of a field that stands on another page is not said here."""
        here = {
            name: said for name, said in errors.error_dict.items() if name in self.fields or name == NON_FIELD_ERRORS
        }
        if here:
            django: Any = super()
            django._update_errors(ValidationError(here))
