"""The tweet action: whom it addresses, under which hashtag."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from actions.models.targets import Target
from core.owners import owner_of
from core.text import hashtags
from core.text.translations import Translatable, Translation


class TweetAction(Translatable, models.Model):
    target = models.ForeignKey(Target, models.PROTECT, related_name="actions", null=True, blank=True)
    more_targets = models.ManyToManyField(
        Target,
        verbose_name=_("more targets"),
        related_name="also_in",
        blank=True,
        help_text=_("We address them in turn: {target} in a sample becomes the handle of whoever is next."),
    )
    hashtag = models.CharField(_("hashtag"), max_length=80, validators=[hashtags.validate], help_text=_("Without #."))
    hashtag_from = models.DateTimeField(
        _("hashtag from"),
        null=True,
        blank=True,
        help_text=_(
            "We keep it back until then: no page and no sample shows it before. Leave empty to show it at once."
        ),
    )
    advice = models.TextField(
        _("advice"),
        blank=True,
        help_text=_("Shown before the share links: who should think twice, and how to stay civil."),
    )
    budget = models.DecimalField(
        _("budget for X"),
        max_digits=7,
        decimal_places=2,
        default=Decimal(21),
        validators=[MinValueValidator(0)],
        help_text=_(
            "US dollars per calendar month. The default plan stays within 21. With less, we first stop "
            "reading a sample of the posts."
        ),
    )
    is_tracking = models.BooleanField(_("collect from X"), default=False, editable=False)
    # Whether X is asked only after staff have said that they read what it wants (actions/permitting.py): what went live before that
    # was asked for goes on without.
    terms_wanted = models.BooleanField(default=False, db_default=False, editable=False)
    terms_read_at = models.DateTimeField(_("X's terms read on"), null=True, editable=False)
    terms_read_by = models.CharField(
        _("X's terms read by"), max_length=150, blank=True, default="", db_default="", editable=False
    )
    x_approval = models.CharField(
        _("approval by X"), max_length=200, blank=True, default="", db_default="", editable=False
    )
    # While a day of action lasts X is asked more often: campaigns/moments.py keeps this.
    busy_until = models.DateTimeField(null=True, editable=False)

    history = HistoricalRecords(excluded_fields=["busy_until"], m2m_fields=[more_targets])

    def __str__(self) -> str:
        return f"#{self.hashtag}"

    @property
    def written_in(self) -> str:
        return owner_of(self).language

    @property
    def targets(self) -> list[Target]:
        """All who are addressed, the first one first."""
        return [
            *([self.target] if self.target else []),
            *self.more_targets.order_by("pk").prefetch_related("translations"),
        ]

    @property
    def handles(self) -> list[str]:
        """Their handles on X, without @."""
        more = self.more_targets.order_by("pk").values_list("x_handle", flat=True) if self.pk else ()
        return [handle for handle in [self.target.x_handle if self.target else "", *more] if handle]

    @property
    def hides_hashtag(self) -> bool:
        return self.hashtag_from is not None and timezone.now() < self.hashtag_from

    @property
    def query(self) -> str:
        """What X is asked for now; "" before anything was set."""
        newest = self.queries.order_by("-version").first()
        return newest.query if newest else ""


class TweetActionTranslation(Translation):
    original = models.ForeignKey(TweetAction, models.CASCADE, related_name="translations")
    advice = models.TextField(_("advice"), blank=True)
