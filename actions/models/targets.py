"""Who is addressed."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from actions.models.cursor import Cursor
from core.text.translations import Translatable, Translation, language_field

handle = RegexValidator(r"^[A-Za-z0-9_]{1,15}$", _("A handle has 1 to 15 letters, digits or underscores, without @."))
bluesky_handle = RegexValidator(
    r"^([a-z0-9-]+\.)+[a-z0-9-]+$", _("A handle on Bluesky is a domain: name.bsky.social, without @.")
)
threads_handle = RegexValidator(
    r"^[A-Za-z0-9_.]{1,30}$", _("A handle on Threads has 1 to 30 letters, digits, dots or underscores, without @.")
)
mastodon_handle = RegexValidator(
    r"^\w+@[a-z0-9.-]+\.[a-z0-9-]+$", _("A handle on Mastodon has its server: name@social.example, without @ in front.")
)
ELSEWHERE = _("Without @. If empty, posts there use the name.")


class Target(Translatable, Cursor):
    class Kind(models.TextChoices):
        INSTITUTION = "institution", _("institution")
        OFFICE_HOLDER = "office", _("office-holder")
        SENIOR_OFFICIAL = "senior", _("senior official")

    name = models.CharField(
        _("name"), max_length=120, help_text=_("An institution or an office-holder; never a private person.")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.INSTITUTION)
    x_handle = models.CharField(_("handle on X"), max_length=15, validators=[handle], help_text=_("Without @."))
    bluesky_handle = models.CharField(
        _("handle on Bluesky"),
        max_length=253,
        blank=True,
        default="",
        db_default="",
        validators=[bluesky_handle],
        help_text=ELSEWHERE,
    )
    threads_handle = models.CharField(
        _("handle on Threads"),
        max_length=30,
        blank=True,
        default="",
        db_default="",
        validators=[threads_handle],
        help_text=ELSEWHERE,
    )
    mastodon_handle = models.CharField(
        _("handle on Mastodon"),
        max_length=255,
        blank=True,
        default="",
        db_default="",
        validators=[mastodon_handle],
        help_text=ELSEWHERE,
    )
    email = models.EmailField(
        _("public mail address"),
        blank=True,
        default="",
        db_default="",
        help_text=_(
            "The office's own, never a person's. Supporters write to it from their own mailbox, only at the "
            "level “standard”."
        ),
    )
    x_user_id = models.BigIntegerField(null=True, editable=False)
    # The handle that x_user_id belongs to: a corrected handle is another account, read from its beginning.
    resolved_handle = models.CharField(max_length=15, default="", editable=False)
    reason = models.TextField(_("why it can decide"), help_text=_("Shown to everyone: what power this office has."))
    language = language_field(default=settings.LANGUAGE_CODE)
    is_fictional = models.BooleanField(
        _("fictional"), default=False, help_text=_("For made-up examples: the pages say so.")
    )

    history = HistoricalRecords(excluded_fields=["committed_id", "read_at", "refused", "x_user_id", "resolved_handle"])

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="target_has_a_reason"),
            models.CheckConstraint(
                condition=Q(kind__in=["institution", "office", "senior"]), name="target_kind_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} (@{self.x_handle})"

    @property
    def written_in(self) -> str:
        return self.language


class TargetTranslation(Translation):
    original = models.ForeignKey(Target, models.CASCADE, related_name="translations")
    name = models.CharField(_("name"), max_length=120, blank=True)
    reason = models.TextField(_("why it can decide"), blank=True)
