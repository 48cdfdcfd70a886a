"""Calls whoever may decide as the second person, by a mail that says where it waits and nothing of what was asked for."""

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
    """Unless they were called already, for another one that the same person asked for."""
    others = Decision.objects.waiting().filter(petition=decision.petition_id, asked_by=decision.asked_by_id)
    if not others.exclude(pk=decision.pk).exists():
        second_people(decision)


def second_people(row: Decision | Export) -> None:
    """One mail to each of them, in the transaction with which it begins to wait."""
    name, this = row._meta.model_name, type(row)._default_manager.filter(pk=row.pk)
    with translation.override(settings.LANGUAGE_CODE):
        subject = f"{settings.ORGANISATION}: {WAITS[type(row)]}"[:250]
        asked = _("Somebody has asked for it. Please look at it, and approve or decline it.")
    text = f"{asked}\n\n{settings.SITE_URL}{reverse(f'admin:petitions_{name}_change', args=[row.pk])}"
    people = User.objects.with_perm(f"petitions.change_{name}").filter(is_staff=True).exclude(pk=row.asked_by_id)
    StaffMail.objects.bulk_create(
        StaffMail(to=person.email, subject=subject, text=text, mail_due_at=timezone.now())
        for person in people.order_by("pk")
        if person.email and seen_by(person, this, "petition").exists()
    )
