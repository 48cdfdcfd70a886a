"""Staff roles are Django groups; this is what each may do. Written anew after every migration."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db.models import Q

ORGANISER = {
    "campaigns": {"view", "add", "change", "delete"},
    "actions": {"view", "add", "change", "delete"},
    "petitions.petition": {"view", "add", "change"},
    "petitions.signature": {"view"},
    "petitions.decision": {"view"},
    "petitions.alert": {"view"},
}
MODERATOR = {
    "campaigns": {"view"},
    "actions": {"view"},
    "petitions.petition": {"view"},
    "petitions.signature": {"view", "change"},
    "petitions.decision": {"view", "change"},
    "petitions.alert": {"view", "change"},
}
ROLES = {"organiser": ORGANISER, "moderator": MODERATOR}


def write_groups(**kwargs: Any) -> None:
    for config in apps.get_app_configs():
        create_permissions(config, verbosity=0)
    for role, grants in ROLES.items():
        group, _ = Group.objects.get_or_create(name=role)
        group.permissions.set(Permission.objects.filter(_granted(grants)))


def _granted(grants: dict[str, set[str]]) -> Q:
    wanted = Q(pk__in=[])
    for where, verbs in grants.items():
        app, _, model = where.partition(".")
        for verb in verbs:
            match = Q(content_type__app_label=app, codename__startswith=f"{verb}_")
            wanted |= match & Q(content_type__model=model) if model else match
    return wanted
