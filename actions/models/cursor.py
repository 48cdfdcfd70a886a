"""How far a stream of posts was read."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Cursor(models.Model):
    """How far a stream of posts was read: everything up to `committed_id`, but for its gaps."""

    committed_id = models.BigIntegerField(null=True, editable=False)
    read_at = models.DateTimeField(null=True, editable=False)
    # Why X does not take this question: it is not asked again until it is another one.
    refused = models.CharField(_("refused by X"), max_length=300, default="", blank=True, editable=False)

    class Meta:
        abstract = True

    def keep(self, *fields: str) -> None:
        """Save these fields, which are no part of the history: a row of it for each time that X was asked would say nothing."""
        type(self)._default_manager.filter(pk=self.pk).update(**{field: getattr(self, field) for field in fields})
