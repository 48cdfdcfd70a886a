"""*Linked* and *verified*: participants paste the link of their post; whether it stands there and speaks to the target is looked
up within the budget, or seen by staff. We do not keep whose it is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, F, Min
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actions import budget, compliance, matching, tracking
from actions.asking import Payer, ask, block
from actions.models import LinkedPost, Purpose, SampleTweet, Tweet, TweetAction
from actions.x.answers import Page, Post
from actions.x.errors import BadQuery, CursorTooOld
from actions.x.ids import time_of

# Found wherever it begins, in a text of any script; but not within another address, and not with more of an id behind it.
POST = re.compile(
    r"(?<![a-z0-9_@./#%&=?-])(?:https?://)?(?:(?:www|mobile|m)\.)?(?:x|twitter)\.com(?::443|:80)?/(?:#!/)?"
    r"(?:(?:i/web|\w{1,15})/status(?:es)?|statuses)/(\d{1,19})(?![\w@%-])",
    re.ASCII | re.IGNORECASE,
)
AT_ONCE = 100


def post_id(link: str) -> int:
    """The id in a link to a post at X, words beside it or not; the address itself is never followed. Raises ValidationError."""
    text = "".join(sign for sign in link if unicodedata.category(sign) != "Cf")
    found = {int(post[1]) for post in POST.finditer(text)}
    number = found.pop() if len(found) == 1 else 0
    if not 0 < number < 2**63 or time_of(number) > timezone.now() + timedelta(hours=1):
        message = _(
            "This is not the link of a post on X. An example: https://x.com/yourname/status/1234567890123456789"
        )
        raise ValidationError(message, code="link")
    return number


def link(action: TweetAction, number: int, sample: SampleTweet | None = None) -> None:
    """Saying it twice, or after somebody else, changes nothing. Another campaign's claim takes nothing away."""
    if not compliance.buried([number]):
        LinkedPost.objects.bulk_create(
            [LinkedPost(action=action, post_id=number, sample=sample)], ignore_conflicts=True
        )


def verify(action: TweetAction) -> None:
    """Look up what was not verified yet, a hundred at once. A look-up that fails says nothing about a post."""
    rows = {row.post_id: row for row in action.linked_posts.unverified().order_by("tries", "pk")[:AT_ONCE]}
    if not rows:
        return
    payer = Payer(action, Purpose.LINKS, budget.worst(posts=len(rows)))
    try:
        page = ask("lookup", payer, lambda x: x.posts(list(rows)))
    except (BadQuery, CursorTooOld) as error:
        # One of these is no id for X: they are tried on, and in the end staff decide.
        LinkedPost.objects.filter(pk__in=[row.pk for row in rows.values()]).update(tries=F("tries") + 1)
        block("lookup", error)
        return
    if page is not None:
        with transaction.atomic():
            _judge(action, rows, page)


def by_staff(link: LinkedPost, verified: bool) -> None:
    now = timezone.now()
    link.verified_at, link.refused_at = (now, None) if verified else (None, now)
    link.save(update_fields=["verified_at", "refused_at"])


def _judge(action: TweetAction, rows: dict[int, LinkedPost], page: Page) -> None:
    LinkedPost.objects.filter(pk__in=[row.pk for row in rows.values()]).update(tries=F("tries") + 1)
    begun = action.queries.aggregate(first=Min("since"))["first"]
    for post in page.posts:
        row = rows.get(post.id)
        if row is None:
            continue
        if begun and post.created_at < begun:
            row.note = "older than this action"
        elif _matches(action, post):
            row.verified_at, row.note = timezone.now(), ""
            _offer_to_the_wall(action, post)
        else:
            row.note = "does not match the query"
        row.save(update_fields=["verified_at", "note"])
    gone = [row.pk for number, row in rows.items() if number in page.gone]
    LinkedPost.objects.filter(pk__in=gone).update(note="not found at X")


def _matches(action: TweetAction, post: Post) -> bool:
    """Any version of what this action asks X for."""
    queries = action.queries.values_list("query", flat=True) or [tracking.default_query(action)]
    return any(matching.matches(query, post) for query in queries)


def _offer_to_the_wall(action: TweetAction, post: Post) -> None:
    """A candidate like any other; what is known of it already stays as it is."""
    if compliance.buried([post.root]):
        return
    row = Tweet(
        action=action,
        post_id=post.id,
        root_id=post.root,
        text=post.text,
        posted_at=post.created_at,
        kind=Tweet.Kind.LINKED,
    )
    Tweet.objects.bulk_create([row], ignore_conflicts=True)


def counts_by_action(actions: Iterable[TweetAction]) -> dict[int, tuple[int, int]]:
    """{action id: (linked, verified)}; the second is part of the first, the rest was not looked up yet."""
    rows = LinkedPost.objects.counting().filter(action__in=actions).values_list("action")
    return {
        pk: (linked, verified) for pk, linked, verified in rows.annotate(Count("pk"), Count("verified_at")).order_by()
    }


def counts(action: TweetAction) -> tuple[int, int]:
    return counts_by_action([action]).get(action.pk, (0, 0))
