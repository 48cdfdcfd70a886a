"""Posts themselves: a sample of what matches, and all that the targets say. Read page by page, resumed where it broke off."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from actions.asking import ask
from actions.models import Cursor, Target, TrackingQuery, Tweet, TweetAction
from actions.x.answers import Page, Post
from actions.x.client import PAGE, XClient
from actions.x.errors import BadQuery, CursorTooOld
from actions.x.ids import LOOKS_BACK, id_at, time_of

log = logging.getLogger(__name__)

INDEXED_LATE = timedelta(minutes=10)
PAGES = 5
Fetch = Callable[[XClient, int, str | None], Page]


def matching_posts(query: TrackingQuery) -> None:
    """A sample: X_POSTS_PER_DAY are read a day and action at most, those read again included, since each one costs money."""
    action = query.action

    def fetch(x: XClient, since_id: int, token: str | None) -> Page:
        page = x.search(query.query, since_id, token)
        _spend(action, len(page.posts))
        return page

    def new(post: Post) -> Tweet:
        return Tweet(query=query, kind=Tweet.Kind.MATCHING)

    _read("search", query, query.since, fetch, new, lambda: _left(action) >= PAGE)


def replies_of(target: Target, since: datetime) -> None:
    """All that the target posts, for staff to see whether it is an answer."""
    if target.resolved_handle != target.x_handle and not _resolve(target):
        return
    user_id, handle = target.x_user_id, target.x_handle
    if user_id is None:
        return

    def fetch(x: XClient, since_id: int, token: str | None) -> Page:
        return x.posts_of(user_id, since_id, token)

    def new(post: Post) -> Tweet:
        return Tweet(target=target, kind=Tweet.Kind.TARGET, author_handle=handle)

    _read("timeline", target, since, fetch, new, lambda: True)


def _resolve(target: Target) -> bool:
    """Find the account behind the handle, and begin its timeline anew; whether X has answered."""
    try:
        answer = ask("user", lambda x: [x.user(target.x_handle)])
    except (BadQuery, CursorTooOld) as error:
        answer = [None]
        log.warning("user %s: %s", target.pk, error)
    if answer is None:
        return False
    (user,) = answer
    target.x_user_id, target.resolved_handle = user.id if user else None, target.x_handle
    target.refused = "" if user else "X knows no such handle."
    target.committed_id = None
    target.save(update_fields=["x_user_id", "resolved_handle", "refused"])
    _end_round(target)
    return True


def _left(action: TweetAction) -> int:
    today = timezone.now().date()
    action.refresh_from_db(fields=["read_on", "posts_read"])
    return settings.X_POSTS_PER_DAY - (action.posts_read if action.read_on == today else 0)


def _spend(action: TweetAction, posts: int) -> None:
    spent = settings.X_POSTS_PER_DAY - _left(action)
    TweetAction.objects.filter(pk=action.pk).update(read_on=timezone.now().date(), posts_read=spent + posts)


def _read(
    endpoint: str, cursor: Cursor, since: datetime, fetch: Fetch, new: Callable[[Post], Tweet], may: Callable[[], bool]
) -> None:
    for _ in range(PAGES):
        if not may():
            return
        since_id = cursor.round_since_id or _lower_bound(cursor, since)
        token = cursor.next_token or None
        try:
            page = ask(endpoint, lambda x: fetch(x, since_id, token))  # noqa: B023  (called at once)
        except CursorTooOld:
            log.warning(
                "%s %s: X looks back 7 days only; posts from %s on are lost", endpoint, cursor.pk, time_of(since_id)
            )
            cursor.committed_id = id_at(timezone.now() - LOOKS_BACK + INDEXED_LATE)
            _end_round(cursor)
            continue
        except BadQuery as error:
            if not token:
                _refuse(cursor, error)
                return
            # The place in the round is not known any more: read it again from its beginning.
            _end_round(cursor)
            continue
        if page is None:
            return
        _save(cursor, page, since_id, new)
        if not cursor.next_token:
            return


def _refuse(cursor: Cursor, error: BadQuery) -> None:
    cursor.refused = str(error)[:300]
    cursor.save(update_fields=["refused"])


def _lower_bound(cursor: Cursor, since: datetime) -> int:
    """A little before what was read last: posts may be found minutes after they were made."""
    if cursor.committed_id is None:
        return id_at(max(since, timezone.now() - LOOKS_BACK))
    return id_at(time_of(cursor.committed_id) - INDEXED_LATE)


def _save(cursor: Cursor, page: Page, since_id: int, new: Callable[[Post], Tweet]) -> None:
    """The page's posts and the place of the cursor, in one commit."""
    with transaction.atomic():
        Tweet.objects.bulk_create(
            _newest_versions(page.posts, new),
            update_conflicts=True,
            unique_fields=["network", "root_id"],
            update_fields=_overwritten(cursor),
        )
        newest = [cursor.round_newest_id or 0, *(post.id for post in page.posts)]
        cursor.round_newest_id = max(newest) or None
        cursor.round_since_id, cursor.next_token = since_id, page.next_token or ""
        if page.next_token:
            cursor.save(update_fields=["round_newest_id", "round_since_id", "next_token"])
        else:
            cursor.committed_id = max(cursor.round_newest_id or 0, cursor.committed_id or 0) or None
            _end_round(cursor)


def _overwritten(cursor: Cursor) -> list[str]:
    # What the target said stays the target's, also where it matches the query and was found there first.
    return ["post_id", "text", "kind", "target"] if isinstance(cursor, Target) else ["post_id", "text"]


def _newest_versions(posts: list[Post], new: Callable[[Post], Tweet]) -> list[Tweet]:
    """One row per post: of several versions of an edited one, the newest, also where that one was read before."""
    roots = [post.root for post in posts]
    known = dict(Tweet.objects.filter(network="x", root_id__in=roots).values_list("root_id", "post_id"))
    rows: dict[int, Tweet] = {}
    for post in sorted(posts, key=lambda post: post.id):
        if post.id < known.get(post.root, 0):
            continue
        row = new(post)
        row.post_id, row.root_id, row.text, row.posted_at = post.id, post.root, post.text, post.created_at
        row.author_id, row.author_handle = post.author_id, post.author_handle or row.author_handle
        rows[post.root] = row
    return list(rows.values())


def _end_round(cursor: Cursor) -> None:
    cursor.round_since_id = cursor.round_newest_id = None
    cursor.next_token = ""
    cursor.save(update_fields=["committed_id", "round_newest_id", "round_since_id", "next_token"])
