"""Staff roles are Django groups; this is what each may do. Written anew after every migration, and told in docs/roles.md."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db.models import Q

ORGANISER = {
    "campaigns": {"view", "add", "change", "delete"},
    "campaigns.campaign": {"report"},
    "actions": {"view", "add", "change", "delete"},
    "petitions.petition": {"view", "add", "change", "aggregate"},
    "petitions.signature": {"view"},
    "petitions.decision": {"view"},
    "petitions.alert": {"view"},
    "petitions.reveal": {"view"},
    "petitions.export": {"view"},
    "petitions.paperbatch": {"view", "add", "change", "check"},
    "petitions.paperscan": {"add", "delete"},
}
MODERATOR = {
    "campaigns": {"view"},
    "actions": {"view"},
    "petitions.petition": {"view"},
    "petitions.signature": {"view", "change"},
    "petitions.decision": {"view", "change"},
    "petitions.voice": {"view", "change"},
    "petitions.secondlook": {"view", "change"},
    "petitions.alert": {"view", "change"},
    "petitions.paperbatch": {"view", "check"},
}
# Whoever answers signers and courts. Seeing who signed, and taking it out, is this one's right, and nobody else's.
DATA_OFFICER = {
    "campaigns.delivery": {"view"},
    "petitions.petition": {"view", "aggregate"},
    "petitions.signature": {"view", "reveal"},
    "petitions.reveal": {"view"},
    "petitions.export": {"view", "add", "change"},
    "petitions.paperbatch": {"view"},
    "petitions.paperscan": {"open", "delete"},
}
# Whoever reads what came of it, and works with numbers, in which there is nobody; changes nothing.
ANALYST = {
    "campaigns": {"view"},
    "campaigns.campaign": {"report"},
    "actions": {"view"},
    "petitions.petition": {"view", "aggregate"},
}
# Whoever speaks with journalists: writes the press kit and the updates, and sees nobody who signed.
PRESS = {
    "campaigns": {"view"},
    "campaigns.campaign": {"report"},
    "campaigns.presskit": {"add", "change"},
    "campaigns.pressimage": {"add", "change", "delete"},
    "campaigns.update": {"add", "change"},
    "actions": {"view"},
    "petitions.petition": {"view"},
}
ROLES = {
    "organiser": ORGANISER,
    "moderator": MODERATOR,
    "data officer": DATA_OFFICER,
    "analyst": ANALYST,
    "press": PRESS,
}


def write_groups(**kwargs: Any) -> None:
    for config in apps.get_app_configs():
        create_permissions(config, verbosity=0)
    for role, grants in ROLES.items():
        group, _ = Group.objects.get_or_create(name=role)
        group.permissions.set(Permission.objects.filter(_granted(grants)))


def may(role: str, permission: str) -> bool:
    """Whether somebody with this role alone has the permission, as Django writes it: `app.verb_model`."""
    app, _, codename = permission.partition(".")
    verb, _, model = codename.partition("_")
    grants = ROLES[role]
    return verb in grants.get(app, set()) | grants.get(f"{app}.{model}", set())


def _granted(grants: dict[str, set[str]]) -> Q:
    wanted = Q(pk__in=[])
    for where, verbs in grants.items():
        app, _, model = where.partition(".")
        for verb in verbs:
            match = Q(content_type__app_label=app, codename__startswith=f"{verb}_")
            wanted |= match & Q(content_type__model=model) if model else match
    return wanted
