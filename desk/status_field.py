"""The status in the form of a campaign only shows: each way from one to the next is a step of its own (desk/going_live.py,
desk/announcing.py)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext_lazy as _

from core.generic import AnyModelForm


class CampaignForm(AnyModelForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields.get("status")
        if field is None:
            return
        field.disabled = True
        field.help_text = _(
            "Announcing, going live, closing and archiving have their own pages. Once this is saved, you "
            "find links to them above."
        )

    def _update_errors(self, errors: ValidationError) -> None:
        """What the whole campaign says of a field that stands on another page is not said here."""
        here = {
            name: said for name, said in errors.error_dict.items() if name in self.fields or name == NON_FIELD_ERRORS
        }
        if here:
            django: Any = super()
            django._update_errors(ValidationError(here))
