"""Posts themselves: a sample of what matches, and all that the targets say. Newest first; what lies between what was read and
what was read before is a gap, noted in the same commit, and filled page by page as money and X allow."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from actions import budget, compliance
from actions.asking import Payer, ask
from actions.models import Cursor, Gap, Purpose, Target, TrackingQuery, Tweet, TweetAction
from actions.x.answers import Page, Post
from actions.x.client import PAGE, XClient
from actions.x.errors import BadQuery, CursorTooOld
from actions.x.ids import LOOKS_BACK, id_at, time_of

log = logging.getLogger(__name__)

INDEXED_LATE = timedelta(minutes=10)
PAGES = 5
# A post that X names and does not give may come by for so long.
UNREAD_KEPT = timedelta(days=1)


@dataclass(frozen=True)
class Stream:
    """Something that can be read from newest to oldest: `fetch(x, after, before)` gives one page of it."""

    cursor: TrackingQuery | Target
    action: TweetAction
    endpoint: str
    purpose: Purpose
    since: datetime
    looks_back: timedelta | None
    fetch: Callable[[XClient, int, int | None], Page]

    def gaps(self) -> list[Gap]:
        return list(self.cursor.gaps.open())

    def note(self, after: int, before: int, lost: bool = False) -> None:
        of = {"target" if isinstance(self.cursor, Target) else "query": self.cursor}
        Gap.objects.create(after_id=after, before_id=before, lost_at=timezone.now() if lost else None, **of)

    def floor(self) -> int:
        """The oldest id that X can be asked for."""
        return id_at(timezone.now() - self.looks_back) if self.looks_back else 0

    def page(self, after: int, before: int | None) -> Page | None:
        payer = Payer(self.action, self.purpose, budget.worst(posts=PAGE))
        return ask(self.endpoint, payer, lambda x: self.fetch(x, after, before))

    def row(self, post: Post) -> Tweet:
        facts = {"post_id": post.id, "root_id": post.root, "text": post.text, "posted_at": post.created_at}
        row = Tweet(action=self.action, kind=Tweet.Kind.MATCHING, **facts)
        if isinstance(self.cursor, Target):
            row.kind, row.target, row.author_handle = Tweet.Kind.TARGET, self.cursor, self.cursor.x_handle
        else:
            row.query = self.cursor
        return row


def note_what_is_lost() -> None:
    """Gaps that are older than X looks back can't be filled any more, whoever would pay for it."""
    too_old = Gap.objects.open().filter(query__isnull=False, before_id__lte=id_at(timezone.now() - LOOKS_BACK))
    too_old.update(lost_at=timezone.now())


def matching_posts(query: TrackingQuery) -> None:
    """A sample: X_POSTS_PER_DAY are paid for a day and action at most."""

    def fetch(x: XClient, after: int, before: int | None) -> Page:
        return x.search(query.query, after, before)

    _read(Stream(query, query.action, "search", Purpose.SAMPLE, query.since, LOOKS_BACK, fetch))


def replies_of(target: Target, action: TweetAction, since: datetime) -> None:
    """All that the target posts, for staff to see whether it is an answer; `action` pays."""
    if target.resolved_handle != target.x_handle and not _resolve(target, action):
        return
    user_id = target.x_user_id
    if user_id is None or target.refused:
        return

    def fetch(x: XClient, after: int, before: int | None) -> Page:
        return x.posts_of(user_id, after, before)

    _read(Stream(target, action, "timeline", Purpose.REPLIES, since, None, fetch))


def _resolve(target: Target, action: TweetAction) -> bool:
    """Find the account behind the handle, and begin its timeline anew; whether X has answered."""
    try:
        answer = ask("user", Payer(action, Purpose.REPLIES, budget.worst(users=1)), lambda x: x.user(target.x_handle))
    except (BadQuery, CursorTooOld) as error:
        log.warning("user %s: %s", target.pk, error)
        user = None
    else:
        if answer is None:
            return False
        user = answer.user
    with transaction.atomic():
        target.gaps.all().delete()
        target.x_user_id, target.resolved_handle = user.id if user else None, target.x_handle
        target.refused = "" if user else "X knows no such handle."
        target.committed_id = None
        target.keep("x_user_id", "resolved_handle", "refused", "committed_id")
    return True


def _read(stream: Stream) -> None:
    """The newest page, then the gaps, newest first; at most PAGES pages."""
    try:
        left = PAGES - 1 if _newest(stream) else 0
        for gap in stream.gaps() if left else []:
            pages = _fill(stream, gap, left)
            left -= pages
            if left < 1 or not pages:
                return
    except CursorTooOld as error:
        log.warning("%s %s: %s", stream.endpoint, stream.cursor.pk, error)
    except BadQuery as error:
        stream.cursor.refused = str(error)[:300]
        stream.cursor.keep("refused")


def _newest(stream: Stream) -> bool:
    """Whether there was a page to be had."""
    cursor, floor = stream.cursor, stream.floor()
    begun = id_at(stream.since) if cursor.committed_id is None else id_at(time_of(cursor.committed_id) - INDEXED_LATE)
    after = max(begun, floor)
    try:
        page = stream.page(after, None)
    except CursorTooOld:
        after = id_at(time_of(after) + INDEXED_LATE)
        page = stream.page(after, None)
    if page is None:
        return False
    with transaction.atomic():
        _save(stream, page)
        if after > begun:
            # X was not asked in time: nobody can say any more what was posted then.
            log.warning("%s %s: posts until %s are lost", stream.endpoint, cursor.pk, time_of(after))
            stream.note(begun, after, lost=True)
        if page.more:
            stream.note(after, page.oldest)
        cursor.committed_id = max([cursor.committed_id or after, *page.reads.posts])
        cursor.read_at = timezone.now()
        cursor.keep("committed_id", "read_at")
    return True


def _fill(stream: Stream, gap: Gap, most: int) -> int:
    """Read a gap from its newer end, at most so many pages; how many. 0: X is not to be asked now."""
    for number in range(1, most + 1):
        if not _clip(gap, stream.floor()):
            return number
        try:
            page = stream.page(gap.after_id, gap.before_id)
        except CursorTooOld:
            _clip(gap, id_at(time_of(gap.after_id) + INDEXED_LATE))
            continue
        if page is None:
            return 0
        with transaction.atomic():
            _save(stream, page, gap)
            if not page.more:
                _close(gap, page)
                return number
            gap.before_id = page.oldest
            gap.save(update_fields=["before_id"])
    return most


def _close(gap: Gap, page: Page) -> None:
    """It is filled; or it is one post that X names and does not give, and stays open for a while."""
    if not _is_just(gap, page.unread | page.gone):
        gap.delete()
    elif gap.noted_at < timezone.now() - UNREAD_KEPT:
        gap.lost_at = timezone.now()
        gap.save(update_fields=["lost_at"])


def _clip(gap: Gap, floor: int) -> bool:
    """Whether anything of it can still be had; what can't is noted as lost."""
    if gap.after_id >= floor:
        return True
    now = timezone.now()
    if gap.before_id <= floor + 1:
        gap.lost_at = now
        gap.save(update_fields=["lost_at"])
        return False
    with transaction.atomic():
        Gap.objects.create(
            query=gap.query,
            target=gap.target,
            after_id=gap.after_id,
            before_id=floor + 1,
            noted_at=gap.noted_at,
            lost_at=now,
        )
        gap.after_id = floor
        gap.save(update_fields=["after_id"])
    return True


def _save(stream: Stream, page: Page, gap: Gap | None = None) -> None:
    """Keep the page's posts. What X names and does not give is a gap of its own."""
    Tweet.objects.bulk_create(
        _newest_versions(stream, page.posts) if page.posts else [],
        update_conflicts=True,
        unique_fields=["network", "root_id"],
        update_fields=_overwritten(stream.cursor),
    )
    for missing in page.unread | page.gone:
        known = stream.cursor.gaps.filter(after_id=missing - 1, before_id=missing + 1)
        if not (gap and _is_just(gap, {missing})) and not known.exists():
            stream.note(missing - 1, missing + 1)


def _is_just(gap: Gap, ids: Collection[int]) -> bool:
    """Whether all that is in it is one of these posts."""
    return gap.before_id - gap.after_id == 2 and gap.after_id + 1 in ids


def _overwritten(cursor: Cursor) -> list[str]:
    # What the target said stays the target's, also where it matches the query and was found there first.
    return ["post_id", "text", "kind", "target", "author_handle"] if isinstance(cursor, Target) else ["post_id", "text"]


def _newest_versions(stream: Stream, posts: list[Post]) -> list[Tweet]:
    """One row per post: of several versions of an edited one, the newest, also where that one was read before. Not those that are
    gone from X, and not those that are shown: whether these still stand as they were is for actions/compliance.py to say."""
    roots = [post.root for post in posts]
    known = {row.root_id: row for row in Tweet.objects.filter(network="x", root_id__in=roots)}
    buried = compliance.buried(roots)
    rows: dict[int, Tweet] = {}
    for post in sorted(posts, key=lambda post: post.id):
        before = known.get(post.root)
        if post.root in buried or (
            before and (before.review == Tweet.Review.APPROVED or post.id < (before.post_id or 0))
        ):
            continue
        rows[post.root] = stream.row(post)
    return list(rows.values())
