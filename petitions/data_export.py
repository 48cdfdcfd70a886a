"""What we keep about people: told to themselves as data, and to everybody as rules."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings

from core.privacy.personal_data import KeepsAddress
from core.privacy.receivers import receivers
from core.privacy.safety import POLICIES
from operations.recovery import dumping
from petitions import caps, handing
from petitions.models import LINK_LIVES, OWN_PAGE_LIVES, Export, SecondLook, Signature, Voice


def as_json(
    signatures: Iterable[Signature], others: Iterable[KeepsAddress] = (), decided: Iterable[dict[str, Any]] = ()
) -> dict[str, Any]:
    """{"signatures": [...], "others": [...], "decided": [...]}: one object each, all that is kept and readable; times in UTC,
    ISO 8601."""
    signatures = list(signatures)
    given = handing.keeper().told([signature.pk for signature in signatures])
    return {
        "signatures": [_one(signature, given.get(signature.pk)) for signature in signatures],
        "others": [row.told() for row in others],
        "decided": [
            {
                "petition": one["petition"].title,
                "review": one["review"],
                "since": _moment(one["since"]),
                "until": _moment(one["until"]),
            }
            for one in decided
        ],
    }


def _one(signature: Signature, given: handing.Given | None) -> dict[str, Any]:
    return {
        "petition": signature.petition.title,
        "name": signature.name,
        "email": signature.email,
        "country": signature.country,
        "comment": signature.comment,
        "language": signature.language,
        "mail_domain_or_its_fingerprint": signature.domain,
        "seconds_to_fill_in_the_form": signature.seconds,
        "came_through": signature.source,
        "signed": _moment(signature.signed_at),
        "mailed": _moment(signature.mailed_at),
        "confirmed": _moment(signature.confirmed_at),
        "withdrawn": _moment(signature.withdrawn_at),
        "counts": signature.counts,
        "review": signature.review,
        "removed_because": signature.decision.reason or None if signature.decision else None,
        "second_looks": [_look(look) for look in signature.second_looks.all()],
        "name_shown_since": _moment(signature.show_name_at),
        "comment_shown": _voice(signature),
        "updates_since": _moment(signature.updates_at),
        "other_campaigns_since": _moment(signature.others_at),
        "name_for": {
            "who": given.to,
            "agreed": _moment(given.agreed_at),
            "left_us": _moment(given.left_us_at),
            "taken_back": _moment(given.taken_back_at),
            "delivered": _moment(given.delivered_at),
        }
        if given
        else None,
        "said_at_the_form": signature.form_text.texts if signature.form_text else None,
        "agreed_to": signature.consent_text.texts if signature.consent_text else None,
    }


def _look(look: SecondLook) -> dict[str, Any]:
    return {
        "asked": _moment(look.asked_at),
        "words": look.words,
        "answered": _moment(look.answered_at),
        "stays_because": look.answer or None,
    }


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None


def in_force() -> dict[str, Any]:
    """The rules as the data page tells them: read from where they are followed."""
    return {
        "organisation": settings.ORGANISATION,
        "link_days": LINK_LIVES.days,
        "own_page_hours": int(OWN_PAGE_LIVES.total_seconds() // 3600),
        "levels": [{"name": level.label, "days": policy.kept_after_closing.days} for level, policy in POLICIES.items()],
        "mails_a_day": caps.EACH_PETITION[0][0],
        "mails_a_month": caps.EACH_PETITION[1][0],
        "mails_a_day_in_all": caps.ALL_PETITIONS[0][0],
        "own_page_mails_a_day": caps.OWN_PAGE[0][0],
        "backup_days": dumping.kept().days if settings.BACKUP_RECIPIENTS else None,
        "export_days": Export.LIVES.days if settings.EXPORT_RECIPIENTS else None,
        "keeps_sheets": bool(settings.EXPORT_RECIPIENTS),
        "places": settings.DATA_PLACES,
        "receivers": list(receivers()),
        "x_connected": bool(settings.X_BEARER_TOKEN),
        "x_login": bool(settings.X_CLIENT_ID),
    }


def _voice(signature: Signature) -> dict[str, Any] | None:
    """What a moderator decided about showing it; None when nobody was asked to show anything."""
    try:
        voice = signature.voice
    except Voice.DoesNotExist:
        return None
    return {
        "shown": voice.is_shown,
        "state": voice.state,
        "reason": voice.reason or None,
        "decided": _moment(voice.decided_at),
    }
