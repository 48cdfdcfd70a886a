"""Somebody leaves: what waits for them is somebody else's from then on, and their account opens nothing any more, in one transaction.

Apps register what they keep for people (`petitions/handing_over.py`). Who did what in the past stays as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Group
from django.db import transaction

from accounts import sessions
from accounts.administrators import require_another
from accounts.models import Device, StaffSession, User


@dataclass(frozen=True)
class Duty:
    """`label`: what waits, of several. `count(of)`: how much of it there is. `move(of, to)`: gives it to `to`, as far as their roles
    allow, and returns how much."""

    label: Any
    count: Callable[[User], int]
    move: Callable[[User, User], int]


class NotOnTheStaff(Exception):
    """Whoever should take over has no open account themselves, or is the one who leaves."""


_duties: list[Duty] = []


def register(duty: Duty) -> None:
    _duties.append(duty)


def waiting(leaver: User) -> list[tuple[Any, int]]:
    """What waits for this person: (what, how much of it)."""
    counted = [(duty.label, duty.count(leaver)) for duty in _duties]
    return [(label, number) for label, number in counted if number]


@transaction.atomic
def hand_over(leaver: User, to: User, roles: Iterable[Group] = ()) -> list[tuple[Any, int]]:
    """Returns what has moved: (what, how much of it). `roles`: those of the leaver that `to` gets as well.
    Raises NotOnTheStaff, OnlyAdministrator."""
    people = User.objects.select_for_update().filter(is_staff=True).order_by("pk").in_bulk([leaver.pk, to.pk])
    if len(people) < 2 or not people[to.pk].is_active:
        raise NotOnTheStaff
    leaver, to = people[leaver.pk], people[to.pk]
    require_another([leaver.pk])
    to.groups.add(*leaver.groups.filter(pk__in=[role.pk for role in roles]))
    moved = [(duty.label, duty.move(leaver, to)) for duty in _duties]
    _close(leaver)
    return [(label, number) for label, number in moved if number]


def _close(leaver: User) -> None:
    """Opened again one day, the account begins without rights."""
    leaver.is_active = leaver.is_superuser = False
    leaver.save(update_fields=["is_active", "is_superuser"])
    leaver.groups.clear()
    leaver.user_permissions.clear()
    sessions.end(StaffSession.objects.filter(user=leaver))
    Device.objects.filter(user=leaver).delete()
