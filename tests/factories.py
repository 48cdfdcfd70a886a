"""Makes what tests need, whole and valid; every test says only what matters to it."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

from django.utils import timezone

from actions import tracking
from actions.models import SampleTweet, Target, TweetAction
from campaigns.models import Campaign, Demand, Status
from core.hashes import address_hash, current_version
from petitions import consent
from petitions.models import Petition, Signature

numbers = itertools.count(1)


def petition(**fields: Any) -> Petition:
    defaults = {"title": "Open the river report", "text": "Publish it.", "opens_at": timezone.now() - timedelta(days=1)}
    return Petition.objects.create(**defaults | fields)


def target(**fields: Any) -> Target:
    defaults = {"name": "Ministry of Examples", "x_handle": "xmpl_ministry", "reason": "It can publish the report."}
    return Target.objects.create(**defaults | fields)


def tweet_action(samples: int = 1, query: str = "", **fields: Any) -> TweetAction:
    defaults = {"target": fields.pop("target", None) or target(), "hashtag": "OpenTheRiverReport"}
    action = TweetAction.objects.create(**defaults | fields)
    for number in range(samples):
        SampleTweet.objects.create(action=action, text=f"Sample {number} .@xmpl_ministry #OpenTheRiverReport")
    tracking.set_query(action, query or tracking.default_query(action))
    return action


def campaign(**fields: Any) -> Campaign:
    """A live campaign with a petition and a tweet action, one demand, and goals of 100 and 50."""
    number = next(numbers)
    defaults: dict[str, Any] = {
        "slug": f"river-{number}", "headline": "Publish it, .@xmpl_ministry! #OpenTheRiverReport", "goal_statement": "The report is public.",
        "signature_goal": 100, "tweet_goal": 50, "status": Status.LIVE, "organiser": "Example Rights Network",
        "launched_at": timezone.now() - timedelta(days=2),
    }  # fmt: skip
    if "petition" not in fields:
        defaults["petition"] = petition()
    if "tweet_action" not in fields:
        defaults["tweet_action"] = tweet_action()
    made = Campaign.objects.create(**defaults | fields)
    Demand.objects.create(campaign=made, title="Publish the report")
    return made


def signature(petition: Petition, confirmed: bool = True, address: str = "", **fields: Any) -> Signature:
    address = address or f"signer-{next(numbers)}@example.org"
    now = timezone.now()
    defaults: dict[str, Any] = {
        "email": address, "name": "Ana Example", "comment": "", "country": "ES", "address_hash": address_hash(address),
        "hash_version": current_version(), "client_hash": b"0" * 16, "seconds": 30, "signed_at": now, "mailed_at": now,
    }  # fmt: skip
    if confirmed:
        defaults |= {"confirmed_at": now, "consent_text": consent.current()}
    return Signature.objects.create(petition=petition, **defaults | fields)


def typed(**fields: str) -> dict[str, str]:
    """What a visitor types into the sign form."""
    return {"name": "Ana Example", "email": "ana@example.org", "country": "ES", "comment": "", "consent": "on"} | fields
