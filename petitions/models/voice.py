"""Comments that their owners agreed to show: whether a moderator has read them, and what came of it."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.owners import at_level
from core.privacy.safety import POLICIES
from petitions.models.petition import Petition
from petitions.models.signature import Signature


class VoiceQuerySet(models.QuerySet["Voice"]):
    def agreed(self) -> Self:
        """Those of signatures that count, whose owners still agree, and whose petition's safety level lets people be shown."""
        levels = (at_level(Petition, level, "petition") for level, policy in POLICIES.items() if policy.shows_voices)
        showing = reduce(or_, levels, Q(pk__in=[]))
        return self.filter(showing, signature__show_name_at__isnull=False, signature__counts=True)

    def waiting(self) -> Self:
        return self.agreed().filter(state=Voice.State.WAITING)

    def shown(self) -> Self:
        return self.agreed().filter(state=Voice.State.APPROVED)


class Voice(models.Model):
    """A comment that may be shown with its name, once a moderator has approved it. Its words stand in the signature alone: what
    becomes of that, or of its owner's consent, becomes of this in the same moment."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting to be read")
        APPROVED = "approved", _("approved")
        DECLINED = "declined", _("declined")

    class Reason(models.TextChoices):
        ABUSIVE = "abusive", _("abusive or hateful")
        PRIVATE = "private", _("tells of somebody else's private life")
        DANGER = "danger", _("could endanger somebody")
        UNRELATED = "unrelated", _("is about something else")
        ADVERT = "advert", _("advertising")

    # A key of its own: whoever reads comments is not led to the signature.
    signature = models.OneToOneField(Signature, models.CASCADE, related_name="voice")
    # That of the signature, which never changes: the public page reads one petition's in order.
    petition = models.ForeignKey(Petition, models.PROTECT, db_index=False, verbose_name=_("petition"))
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.WAITING)
    reason = models.CharField(_("why it was declined"), max_length=12, choices=Reason, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided"), null=True)

    objects = VoiceQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("voice"), _("voices")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="waiting", decided_by__isnull=True, decided_at__isnull=True)
                | Q(state__in=["approved", "declined"], decided_by__isnull=False, decided_at__isnull=False),
                name="decided_voice_says_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(state="declined", reason__in=["abusive", "private", "danger", "unrelated", "advert"])
                | Q(state__in=["waiting", "approved"], reason=""),
                name="declined_voice_has_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["petition", "-decided_at"], name="voice_shown", condition=Q(state="approved")),
            models.Index(fields=["id"], name="voice_waiting", condition=Q(state="waiting")),
        ]

    def __str__(self) -> str:
        return f"Voice {self.pk}"

    @property
    def is_shown(self) -> bool:
        return self.state == self.State.APPROVED and self._may_be_shown

    @property
    def told(self) -> str:
        """What its owner is told of it."""
        if not self._may_be_shown:
            return gettext("no, not at present")
        if self.state == self.State.DECLINED:
            return gettext("no, a moderator declined it: %(reason)s") % {"reason": self.get_reason_display()}
        return gettext("yes") if self.is_shown else gettext("once a moderator has read it")

    @property
    def _may_be_shown(self) -> bool:
        """The same as `agreed` asks of rows."""
        agreed = self.signature.counts and self.signature.show_name_at is not None
        return agreed and self.petition.policy.shows_voices
