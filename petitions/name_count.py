"""How many signatures bear a name of a pattern: a number in steps, noted with its reason, and nothing that could be acted on.

It knows no other condition: names beside a country or an hour would tell who has signed. Only confirmed ones are counted, since
anybody can add four forms with somebody's name and look whether there is a fifth. Where no names are shown, none are counted.
"""

from __future__ import annotations

import json
import re
import unicodedata
from datetime import timedelta

from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from petitions.models import Petition, Signature

# Told in steps of so many: two patterns that differ by one person mostly read alike.
STEP = 5
# So many names are read at most, the newest first; so many of them at a time.
MOST, BATCH = 200_000, 2_000
AN_HOUR, AN_HOUR_MOST = timedelta(hours=1), 10
NOTED = "name pattern"


class TooMany(Exception):
    """This person has counted as often as one may within an hour."""


def count(petition: Petition, pattern: str, by: User, reason: str) -> int:
    """In whole steps; 0 for fewer than one step. Raises TooMany."""
    note(petition, by, reason)
    matches = re.compile(".*".join(map(re.escape, _folded(pattern).split("*")))).fullmatch
    rows = Signature.objects.standing().filter(petition=petition).order_by("-signed_at").values_list("name", flat=True)
    number = sum(1 for name in rows[:MOST].iterator(BATCH) if name and matches(_folded(name)))
    return number // STEP * STEP


def note(petition: Petition, by: User, reason: str) -> None:
    """One at a time for each person. The pattern is not kept: it may be somebody's name. Raises TooMany."""
    of_petitions = ContentType.objects.get_for_model(Petition)
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=by.pk)
        lately = LogEntry.objects.filter(user=by, content_type=of_petitions, action_time__gt=timezone.now() - AN_HOUR)
        if lately.filter(change_message__contains=NOTED).count() >= AN_HOUR_MOST:
            raise TooMany
        LogEntry.objects.create(
            user=by,
            content_type=of_petitions,
            object_id=str(petition.pk),
            object_repr=str(petition)[:200],
            action_flag=ADDITION,
            change_message=json.dumps([{"added": {"name": NOTED, "object": reason}}]),
        )


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
