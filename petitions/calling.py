"""Calls whoever may decide as the second person: a mail that says nothing of what was asked for, and where it waits."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import User
from core.models import StaffMail
from core.owners import seen_by
from petitions.models import Export


def second_people(export: Export) -> None:
    """One mail to each of them, in the transaction that asks."""
    path = reverse("admin:petitions_export_change", args=[export.pk])
    with translation.override(settings.LANGUAGE_CODE):
        subject = f"{settings.ORGANISATION}: {_('An export waits for a second person')}"
        text = "\n\n".join(
            [_("Somebody has asked for it. Please look at it, and approve or decline it."), settings.SITE_URL + path]
        )
    this, people = Export.objects.filter(pk=export.pk), User.objects.filter(is_active=True, is_staff=True)
    StaffMail.objects.bulk_create(
        StaffMail(to=person.email, subject=subject[:250], text=text, mail_due_at=timezone.now())
        for person in people.exclude(pk=export.asked_by_id).order_by("pk")
        if person.email and person.has_perm("petitions.change_export") and seen_by(person, this, "petition").exists()
    )
