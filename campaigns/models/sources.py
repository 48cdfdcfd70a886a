"""Words in the path that say where a link stood."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from actions.networks import COMPOSERS
from campaigns.models.campaign import Campaign
from petitions.disclosure import DIRECT

WORD = r"^[a-z0-9][a-z0-9-]{0,19}$"
EMBED, NEWS, LINK, STALL, PAPER = "embed", "news", "link", "stall", "paper"
# Those that our own links bear: each network, the frame on other sites, news by mail, the address to copy, the code for a camera,
# the sheet to sign by hand. Without any: direct.
BUILT_IN = frozenset({*COMPOSERS, EMBED, NEWS, LINK, STALL, PAPER, DIRECT})

source_word = RegexValidator(WORD, _("A source is one word: up to 20 lower-case letters, digits and hyphens."))


def not_built_in(word: str) -> None:
    if word in BUILT_IN:
        raise ValidationError(_("Our own links already use this word. Please choose another one."))


class Source(models.Model):
    """A word for the links of one place: a leaflet, a partner. `/c/<slug>/from/<word>/` is the campaign's page; of each signature is
    kept by which word it came, and it is told in cells of five or more alone."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="sources")
    word = models.CharField(
        _("word"),
        max_length=20,
        validators=[source_word, not_built_in],
        help_text=_("Everyone can read it in the address. It names a place, never a person."),
    )
    note = models.CharField(_("where the link is"), max_length=120, blank=True)

    history = HistoricalRecords()

    class Meta:
        ordering = ["word"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "word"], name="one_source_per_word"),
            models.CheckConstraint(condition=Q(word__regex=WORD), name="source_is_a_word"),
        ]

    def __str__(self) -> str:
        return self.word
