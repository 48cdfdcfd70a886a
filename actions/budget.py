"""The money that X costs: reserved at its worst before a request, settled after it. What can't be paid is not asked.

What comes last in `Purpose` is given up last: a purpose may spend only what leaves enough for all that come after it, until the
month is over. Prices: settings.X_PRICES; a month is a calendar month in UTC, as is the day in which X bills a post once.
"""

from __future__ import annotations

import math
from calendar import monthrange
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.db.models import Q, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.functional import cached_property

from actions.models import Charge, PaidRead, Purpose, TweetAction
from actions.x.answers import Reads

ORDER = list(Purpose)
# The most that a purpose may take of a month's budget. Of the default plan of 21 dollars: 6, 1, 2 and 2 dollars. Linked posts have a
# share of their own: anybody can paste links.
SHARES = {
    Purpose.SAMPLE: Decimal(6) / 21,
    Purpose.LINKS: Decimal(1) / 21,
    Purpose.CARDS: Decimal(2) / 21,
    Purpose.REPLIES: Decimal(2) / 21,
}
BUSY_EVERY = timedelta(minutes=15)
# What a charge has cost; at its worst while nobody knows the end.
COST = Coalesce("actual", "reserved")


def worst(requests: int = 0, posts: int = 0, users: int = 0) -> Decimal:
    """What that many cost if X bills every one of them."""
    price = settings.X_PRICES
    return requests * price["counts"] + posts * price["post"] + users * price["user"]


def reserve(action: TweetAction, purpose: Purpose, amount: Decimal) -> Charge | None:
    """None: there is not enough money for this purpose."""
    with transaction.atomic():
        locked = TweetAction.objects.select_for_update().get(pk=action.pk)
        if not affords(locked, purpose, amount):
            return None
        return Charge.objects.create(action=locked, purpose=purpose, reserved=amount, at=timezone.now())


def settle(charge: Charge, reads: Reads) -> None:
    """What it really cost: each post and user once a day."""
    with transaction.atomic():
        posts, users = _unpaid("post", reads.posts, charge.at), _unpaid("user", reads.users, charge.at)
        charge.actual = worst(reads.requests, posts, users)
        charge.save(update_fields=["actual"])


def forgive(charge: Charge) -> None:
    """X refused: it bills no refusals."""
    charge.actual = Decimal(0)
    charge.save(update_fields=["actual"])


@dataclass(frozen=True)
class Month:
    """What an action has spent this month, US dollars; charges of which nobody knows the end included."""

    action: TweetAction
    now: datetime
    by_purpose: dict[Purpose, Decimal]
    sample_today: Decimal

    @property
    def total(self) -> Decimal:
        return sum(self.by_purpose.values(), Decimal(0))

    @cached_property
    def approved(self) -> int:
        """How many posts are asked about every day."""
        return self.action.tweets.approved().count()

    @property
    def left(self) -> timedelta:
        return _month_ends(self.now) - self.now


def month(action: TweetAction, now: datetime | None = None) -> Month:
    now = now or timezone.now()
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    rows = action.charges.filter(at__gte=_month(now)).order_by().values_list("purpose")
    spent, sample_today = dict.fromkeys(Purpose, Decimal(0)), Decimal(0)
    for purpose, total, of_today in rows.annotate(total=Sum(COST), of_today=Sum(COST, filter=Q(at__gte=today))):
        spent[Purpose(purpose)] = total
        if purpose == Purpose.SAMPLE:
            sample_today = of_today or Decimal(0)
    return Month(action, now, spent, sample_today)


def spent(action: TweetAction) -> Decimal:
    """US dollars of this month."""
    return month(action).total


def spent_by_action(actions: Iterable[TweetAction]) -> dict[int, Decimal]:
    """US dollars of this month by the action's id; without those that nothing was spent for."""
    charges = Charge.objects.filter(action__in=list(actions), at__gte=_month(timezone.now())).order_by()
    return dict(charges.values_list("action").annotate(total=Sum(COST)))


def affords(action: TweetAction, purpose: Purpose, amount: Decimal, so_far: Month | None = None) -> bool:
    so_far = so_far or month(action)
    if purpose in SHARES and so_far.by_purpose[purpose] + amount > cap(action, purpose):
        return False
    if purpose == Purpose.SAMPLE and not _within_the_day(so_far, amount):
        return False
    kept_back = sum((need(action, later, so_far) for later in ORDER[ORDER.index(purpose) + 1 :]), Decimal(0))
    return so_far.total + amount + kept_back <= action.budget


def need(action: TweetAction, purpose: Purpose, so_far: Month) -> Decimal:
    """What this purpose will still cost until the month is over."""
    if purpose == Purpose.COUNTS:
        end, none = so_far.now + so_far.left, timedelta(0)
        busy = max(min(action.busy_until, end) - so_far.now, none) if action.busy_until else none
        polls = math.ceil(so_far.left / timedelta(seconds=settings.X_POLL_SECONDS)) + math.ceil(busy / BUSY_EVERY)
        return worst(requests=polls)
    if purpose == Purpose.COMPLIANCE:
        return worst(posts=so_far.approved * math.ceil(so_far.left / timedelta(days=1)))
    return max(cap(action, purpose) - so_far.by_purpose[purpose], Decimal(0))


def cap(action: TweetAction, purpose: Purpose) -> Decimal:
    """The most that it may cost in a month."""
    return (action.budget * SHARES[purpose]).quantize(Decimal("0.01"))


def given_up(action: TweetAction, so_far: Month | None = None) -> list[Purpose]:
    """What there is too little money for now, in the order in which it was given up."""
    so_far = so_far or month(action)
    least = {
        Purpose.SAMPLE: worst(posts=1),
        Purpose.LINKS: worst(posts=1),
        Purpose.CARDS: worst(posts=1, users=1),
        Purpose.REPLIES: worst(posts=10),
        Purpose.COUNTS: worst(requests=1),
        Purpose.COMPLIANCE: worst(posts=1),
    }
    # That today's sample is complete is no want of money.
    complete = {Purpose.SAMPLE} if not _within_the_day(so_far, least[Purpose.SAMPLE]) else set()
    return [
        purpose for purpose in ORDER if purpose not in complete and not affords(action, purpose, least[purpose], so_far)
    ]


def reconcile(day: datetime, posts: int) -> None:
    """X says how many posts we read on a day: so much of what nobody knew the end of was billed, and no more."""
    start = day.replace(hour=0, minute=0, second=0, microsecond=0)
    charges = Charge.objects.filter(at__gte=start, at__lt=start + timedelta(days=1))
    known = PaidRead.objects.filter(day=start.date(), kind="post").count()
    left = worst(posts=max(posts - known, 0))
    for charge in charges.filter(actual=None).exclude(purpose=Purpose.COUNTS).order_by("at"):
        charge.actual = min(charge.reserved, left)
        left -= charge.actual
        charge.save(update_fields=["actual"])


def _within_the_day(so_far: Month, amount: Decimal) -> bool:
    """Whether today's sample still has room: X_POSTS_PER_DAY posts are its measure."""
    return so_far.sample_today + amount <= worst(posts=settings.X_POSTS_PER_DAY)


def _unpaid(kind: str, ids: Collection[int], at: datetime) -> int:
    """How many of these were not billed on this day before; they are from now on."""
    if not ids:
        return 0
    day, before = at.date(), PaidRead.objects.filter(day=at.date(), kind=kind, item_id__in=list(ids))
    known = set(before.values_list("item_id", flat=True))
    fresh = [PaidRead(day=day, kind=kind, item_id=item) for item in ids if item not in known]
    return len(PaidRead.objects.bulk_create(fresh, ignore_conflicts=True))


def _month(now: datetime) -> datetime:
    return now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def _month_ends(now: datetime) -> datetime:
    return _month(now) + timedelta(days=monthrange(now.year, now.month)[1])
