"""Calls whoever may decide as the second person: a mail that says nothing of what was asked for, and where it waits."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from core.models import StaffMail
from core.owners import seen_by
from petitions.models import Decision, Export

WAITS = {
    Decision: gettext_lazy("A decision on signatures waits for a second person"),
    Export: gettext_lazy("An export waits for a second person"),
}


def about_decision(decision: Decision) -> None:
    """Unless they were called already: others wait there. In the transaction that asks."""
    if not Decision.objects.waiting().filter(petition=decision.petition_id).exclude(pk=decision.pk).exists():
        second_people(decision)


def second_people(row: Decision | Export) -> None:
    """One mail to each of them, in the transaction that asks."""
    name, this = row._meta.model_name, type(row)._default_manager.filter(pk=row.pk)
    with translation.override(settings.LANGUAGE_CODE):
        subject = f"{settings.ORGANISATION}: {WAITS[type(row)]}"[:250]
        asked = _("Somebody has asked for it. Please look at it, and approve or decline it.")
    text = f"{asked}\n\n{settings.SITE_URL}{reverse(f'admin:petitions_{name}_change', args=[row.pk])}"
    people = User.objects.filter(is_active=True, is_staff=True).exclude(pk=row.asked_by_id).order_by("pk")
    StaffMail.objects.bulk_create(
        StaffMail(to=person.email, subject=subject, text=text, mail_due_at=timezone.now())
        for person in people
        if person.email and person.has_perm(f"petitions.change_{name}") and seen_by(person, this, "petition").exists()
    )
