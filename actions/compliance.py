"""What is gone from X, or was changed there, is gone here. A request that failed is no evidence of it; 48 hours without any that
succeeded hide the posts and keep the numbers (Tweet.shown)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from actions import budget
from actions.asking import Payer, ask, block
from actions.models import Charge, Endpoint, Gap, LinkedPost, PaidRead, Purpose, Target, Tombstone, Tweet, TweetAction
from actions.x.answers import Page
from actions.x.errors import BadQuery, CursorTooOld
from core.crypto.hashes import keyed_hash

AT_ONCE = 100
RECHECKED = timedelta(hours=23)


def publish_approved(action: TweetAction) -> None:
    """Find what staff have just approved at X, with its author: from then on it is shown."""
    fresh = action.tweets.approved().filter(checked_at=None)
    for rows in _hundreds(fresh):
        payer = Payer(action, Purpose.CARDS, budget.worst(posts=len(rows), users=len(rows)))
        if not _check(rows, payer, with_authors=True):
            return


def recheck(action: TweetAction) -> None:
    """Once a day: do those that are shown, or that people are asked to answer, still stand as they were?"""
    begun = timezone.now() - RECHECKED
    due = action.tweets.approved().filter(checked_at__lt=begun) | action.tweets.to_answer().filter(
        Q(checked_at=None) | Q(checked_at__lt=begun)
    )
    for rows in _hundreds(due):
        payer = Payer(action, Purpose.COMPLIANCE, budget.worst(posts=len(rows)))
        if not _check(rows, payer, with_authors=False):
            return


def bury(rows: Iterable[Tweet]) -> None:
    """Blank these, and remember by a keyed hash that they are not to come back."""
    rows, now = list(rows), timezone.now()
    with transaction.atomic():
        stones = [Tombstone(post_hash=_hash(row.root_id)) for row in rows if row.root_id]
        Tombstone.objects.bulk_create(stones, ignore_conflicts=True)
        LinkedPost.objects.filter(post_id__in=[row.post_id for row in rows if row.post_id], verified_at=None).delete()
        Tweet.objects.filter(pk__in=[row.pk for row in rows]).update(
            post_id=None, root_id=None, text="", author_id=None, author_handle="", author_name="", gone_at=now
        )


def buried(roots: Iterable[int]) -> set[int]:
    """Which of these posts are not to come back."""
    hashes = {_hash(root): root for root in roots}
    stones = Tombstone.objects.filter(post_hash__in=list(hashes)).values_list("post_hash", flat=True)
    return {hashes[bytes(stone)] for stone in stones}


def forget_x() -> dict[str, int]:
    """Everything that came from X, at once; how many rows of each kind. Numbers stay: they are nobody's words."""
    with transaction.atomic():
        rows = {
            model._meta.verbose_name_plural: model.objects.all().delete()[0]
            for model in (Tweet, LinkedPost, Gap, PaidRead)
        }
        Target.objects.update(committed_id=None, x_user_id=None, resolved_handle="")
        Endpoint.objects.all().delete()
        rows["charges kept"] = Charge.objects.count()
    return {str(name): number for name, number in rows.items()}


def _check(rows: list[Tweet], payer: Payer, with_authors: bool) -> bool:
    ids = [row.post_id for row in rows if row.post_id]
    try:
        page = ask("lookup", payer, lambda x: x.posts(ids, with_authors))
    except (BadQuery, CursorTooOld) as error:
        block("lookup", error)
        return False
    if page is None:
        return False
    _settle(rows, page)
    return True


def _settle(rows: list[Tweet], page: Page) -> None:
    found, now = {post.id: post for post in page.posts}, timezone.now()
    with transaction.atomic():
        bury(row for row in rows if row.post_id in page.gone)
        for row in rows:
            post = found.get(row.post_id or 0)
            if post is None:
                continue
            if post.text != row.text or post.newest > post.id:
                bury([row])
                continue
            row.checked_at = now
            if post.author:
                row.author_id, row.author_handle, row.author_name = post.author.id, post.author.handle, post.author.name
            row.save(update_fields=["checked_at", "author_id", "author_handle", "author_name"])


def _hundreds(rows: QuerySet[Tweet]) -> Iterable[list[Tweet]]:
    todo = list(rows.order_by("pk"))
    return (todo[start : start + AT_ONCE] for start in range(0, len(todo), AT_ONCE))


def _hash(root: int | None) -> bytes:
    return keyed_hash("post", str(root))
