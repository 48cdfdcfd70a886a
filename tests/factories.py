"""Makes what tests need, whole and valid; every test says only what matters to it."""

from __future__ import annotations

import itertools
from datetime import timedelta
from decimal import Decimal
from typing import Any

import time_machine
from django.utils import timezone

from accounts.models import User
from actions import tracking
from actions.models import SampleTweet, Target, TrackingQuery, Tweet, TweetAction
from campaigns.models import Campaign, Delivery, Demand, KeyMoment, NameForTarget, Pledge, Status
from core.crypto import ed25519
from core.privacy.mailboxes import hashed
from petitions import consent, hourly, looking_again, moderation
from petitions.models import Decision, PaperBatch, PaperScan, Petition, SecondLook, Signature, Voice

numbers = itertools.count(1)


def petition(**fields: Any) -> Petition:
    defaults = {"title": "Open the river report", "text": "Publish it.", "opens_at": timezone.now() - timedelta(days=1)}
    return Petition.objects.create(**defaults | fields)


def target(**fields: Any) -> Target:
    defaults = {"name": "Ministry of Examples", "x_handle": "xmpl_ministry", "reason": "It can publish the report."}
    return Target.objects.create(**defaults | fields)


def tweet_action(samples: int = 1, query: str = "", **fields: Any) -> TweetAction:
    # Play money, and enough of it to ask the simulator every second.
    defaults = {
        "target": fields.pop("target", None) or target(),
        "hashtag": "OpenTheRiverReport",
        "budget": Decimal(99_999),
    }
    action = TweetAction.objects.create(**defaults | fields)
    for number in range(samples):
        SampleTweet.objects.create(action=action, text=f"Sample {number} .@xmpl_ministry #OpenTheRiverReport")
    query = query or tracking.default_query(action)
    TrackingQuery.objects.create(action=action, version=1, query=query, since=timezone.now().replace(microsecond=0))
    return action


def campaign(**fields: Any) -> Campaign:
    """A live campaign with a petition and a tweet action, one demand, and goals of 100 and 50. Everybody on the staff is on its team,
    and so is who joins later (tests/login.py)."""
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
    made.team.set(User.objects.filter(is_staff=True))
    return made


def signature(petition: Petition, confirmed: bool = True, address: str = "", **fields: Any) -> Signature:
    if confirmed:
        fields = {"consent_text": consent.current()} | fields
    row = _signature(petition, confirmed, address, **fields)
    row.save(force_insert=True)
    return row


def signatures(
    petition: Petition, number: int, confirmed: bool = True, address: str = "", **fields: Any
) -> list[Signature]:
    """So many, in one INSERT."""
    if confirmed:
        fields = {"consent_text": consent.current()} | fields
    return Signature.objects.bulk_create(_signature(petition, confirmed, address, **fields) for _ in range(number))


def _signature(petition: Petition, confirmed: bool, address: str = "", **fields: Any) -> Signature:
    address = address or f"signer-{next(numbers)}@example.org"
    now = timezone.now()
    defaults: dict[str, Any] = {
        "email": address, "name": "Ana Example", "comment": "", "country": "ES", **hashed(address),
        "client_hash": b"0" * 16, "seconds": 30, "signed_at": now, "mailed_at": now,
        "confirmed_at": now if confirmed else None,
    }  # fmt: skip
    return Signature(petition=petition, **defaults | fields)


def voice(petition: Petition, state: str = "approved", **fields: Any) -> Voice:
    """Of a signature of its own, whose owner agreed to show name and comment; decided by somebody, unless it waits."""
    by = None if state == Voice.State.WAITING else User.objects.get_or_create(username="moderator-of-voices")[0]
    reason = Voice.Reason.ABUSIVE if state == Voice.State.DECLINED else ""
    row = signature(petition, **{"comment": "My river.", "show_name_at": timezone.now()} | fields)
    decided = {"decided_by": by, "decided_at": timezone.now() if by else None}
    return Voice.objects.create(signature=row, petition=petition, state=state, reason=reason, **decided)


def removed(petition: Petition, by: User, *rows: Signature, reason: str = "automated") -> Decision:
    """These signatures, or one of its own, removed by one person."""
    chosen = [row.pk for row in rows or [signature(petition)]]
    decision = moderation.remove(petition, Signature.objects.filter(pk__in=chosen), reason, by)
    assert decision is not None and decision.outcome == Decision.Outcome.DONE
    return decision


def second_look(petition: Petition, by: User, words: str = "", **fields: Any) -> SecondLook:
    """Asked for by the owner of a signature that `by` has removed; another one counts, so that one person may."""
    signature(petition)
    row = signature(petition, **fields)
    removed(petition, by, row)
    assert looking_again.ask(row, words)
    return row.second_looks.get()


def paper(petition: Petition, by: User, checker: User | None = None, **fields: Any) -> PaperBatch:
    """A batch of 120 that `by` has entered; with a checker it counts."""
    now = timezone.now()
    defaults: dict[str, Any] = {"count": 120, "place": "Market square", "collected_on": now.date(), "entered_by": by}
    checked = {"checked_by": checker, "checked_at": now} if checker else {}
    return PaperBatch.objects.create(petition=petition, **defaults | checked | fields)


def scan(batch: PaperBatch, content: bytes = b"sealed") -> PaperScan:
    return PaperScan.objects.create(batch=batch, content=content, added_by=batch.entered_by)


def name_for_target(campaign: Campaign, name: str = "Ana Example", **fields: Any) -> NameForTarget:
    """Of a signature of its own, whose owner let the campaign's target have the name."""
    assert campaign.petition is not None and campaign.target is not None
    row = signature(campaign.petition, name=name, **fields)
    words = consent.current(consent.HANDING, campaign.target.name)
    return NameForTarget.objects.create(signature=row, target=campaign.target, consent_text=words)


def delivery(campaign: Campaign, by: User, **fields: Any) -> Delivery:
    """Written and fetched, and not recorded yet."""
    assert campaign.target is not None
    now = timezone.now()
    statement, key = '{"sha256": {}}', ed25519.current()
    defaults: dict[str, Any] = {
        "target": campaign.target, "safety": campaign.safety, "asked_by": by, "expires_at": now + Delivery.LIVES, "state": Delivery.State.FETCHED,
        "written_at": now, "statement": statement, "key": key, "signed": ed25519.sign(key, statement.encode()),
    }  # fmt: skip
    return Delivery.objects.create(campaign=campaign, **defaults | fields)


def told(petition: Petition) -> None:
    """All that counts by now is told in hours, days and countries, as it is when a petition is long over."""
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        over = Petition.objects.get(pk=petition.pk)
        over.closes_at = timezone.now() - timedelta(days=30)
        hourly.take(over)


def pledge(campaign: Campaign, confirmed: bool = True, address: str = "", **fields: Any) -> Pledge:
    address = address or f"pledger-{next(numbers)}@example.org"
    now = timezone.now()
    defaults: dict[str, Any] = {
        "email": address, **hashed(address), "mailed_at": now,
    }  # fmt: skip
    if confirmed:
        defaults |= {"confirmed_at": now, "consent_text": consent.current(consent.PLEDGING)}
    return Pledge.objects.create(campaign=campaign, **defaults | fields)


def day_of_action(campaign: Campaign, **fields: Any) -> KeyMoment:
    """Tomorrow, for a day."""
    starts_at = fields.pop("starts_at", timezone.now() + timedelta(days=1)).replace(microsecond=0)
    defaults = {"title": "Everybody tweets", "ends_at": starts_at + timedelta(days=1), "is_day_of_action": True}
    return KeyMoment.objects.create(campaign=campaign, starts_at=starts_at, **defaults | fields)


def tweet(action: TweetAction, **fields: Any) -> Tweet:
    """A post that is shown: approved, and found at X just now."""
    number, now = next(numbers), timezone.now()
    defaults: dict[str, Any] = {
        "post_id": number,
        "root_id": number,
        "kind": Tweet.Kind.MATCHING,
        "text": f"Publish it {number}",
        "posted_at": now,
        "author_id": 7,
        "author_handle": "ana",
        "author_name": "Ana",
        "review": Tweet.Review.APPROVED,
        "checked_at": now,
    }
    return Tweet.objects.create(action=action, **defaults | fields)


def typed(**fields: str) -> dict[str, str]:
    """What a visitor types into the sign form."""
    return {"name": "Ana Example", "email": "ana@example.org", "country": "ES", "comment": "", "consent": "on"} | fields
