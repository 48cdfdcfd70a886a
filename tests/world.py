"""One object of every kind that the admin shows, and one browser for each role."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.contrib.sessions.backends.db import SessionStore
from django.db.models import Model
from django.test import Client
from django.utils import timezone

from accounts import inviting, roles
from accounts.models import StaffSession, User
from actions.models import Charge, Endpoint, Gap, LinkedPost
from campaigns.models import Campaign, PressKit, Recap, RecapEntry, Response, Update
from operations.models import Incident
from petitions.models import Alert, Decision, Export, Reveal
from tests import factories
from tests.login import logged_in, make_staff

ADMINISTRATOR, NONE = "administrator", "none"


def browsers(*wanted: str) -> dict[str, Client]:
    """By role: each logged in, with a second factor; the administrator, and somebody who was given no role yet. `wanted`: these only."""
    groups: dict[str, dict[str, Any]] = {role: {"groups": [Group.objects.get(name=role)]} for role in roles.ROLES}
    people = groups | {NONE: {}, ADMINISTRATOR: {"superuser": True}}
    return {
        role: logged_in(make_staff(f"{role.replace(' ', '-')}@example.org", **{"superuser": False} | options))
        for role, options in people.items()
        if role in wanted or not wanted
    }


def _session() -> str:
    store = SessionStore()
    store.create()
    return str(store.session_key)


def everything(live: Campaign) -> dict[type[Model], Model]:
    """By model: an object of each that the admin has pages for; those of a campaign belong to `live`."""
    now, staff = timezone.now(), make_staff("someone@example.org", superuser=False)
    action = live.tweet_action
    assert action is not None and live.petition is not None
    query = action.queries.get()
    response = Response.objects.create(campaign=live, speaker="Minister", where="x", words="We will publish it.")
    recap = Recap.objects.create(campaign=live, text="How it went", published_at=now)
    RecapEntry.objects.create(recap=recap, response=response)
    made: list[Model] = [
        live, live.petition, action.target, action.samples.get(), live.demands.get(), response, recap,
        factories.signature(live.petition),
        factories.voice(live.petition, "waiting"),
        factories.second_look(live.petition, staff),
        factories.tweet(action, kind="target", target=action.target, text="We will."),
        LinkedPost.objects.create(action=action, post_id=5),
        Endpoint.objects.create(name="counts"),
        Charge.objects.create(action=action, purpose="counts", reserved=1),
        Gap.objects.create(query=query, after_id=1, before_id=2, lost_at=now),
        Update.objects.create(campaign=live, title="News", text="Of it", published_at=now - timedelta(hours=1)),
        factories.day_of_action(live),
        PressKit.objects.create(campaign=live, text="Release", contact="x"),
        Decision.objects.create(petition=live.petition, kind="remove", reason="abuse", number=20, asked_by=staff),
        Export.objects.create(petition=live.petition, purpose="news", reason="x", asked_by=staff, expires_at=now + Export.WAITS),
        factories.delivery(live, staff),
        factories.paper(live.petition, staff),
        Reveal.objects.create(petition=live.petition, row=uuid4(), by=staff, reason="A complaint"),
        Incident.objects.create(name="tally", began_at=now, told_at=now),
        Alert.objects.create(petition=live.petition, kind="name"),
        inviting.invite("guest@example.org", [Group.objects.get(name="organiser")], by=staff),
        LogEntry.objects.create(user=staff, object_repr="x", action_flag=2),
        StaffSession.objects.create(session_id=_session(), user=staff, device="phone", began_at=now, seen_at=now),
        staff, Group.objects.get(name="organiser"), Authenticator.objects.get(user=staff, type="totp"),
    ]  # fmt: skip
    world = {type(row): row for row in made}
    assert world.keys() == set(admin.site._registry), set(admin.site._registry) ^ world.keys()
    assert isinstance(world[User], User)
    return world
