"""What programs read: the feed of a campaign's news, and its days of action for a calendar."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from campaigns.finding import find
from campaigns.models import Campaign, KeyMoment, Update
from core.generic import AnyFeed
from core.text.markdown import to_html
from core.web.http import FRESH, cached

if TYPE_CHECKING:
    from icalendar import Event

MANY = 50


class News(AnyFeed):
    """Updates as Atom. The feed's title is the headline, so that whoever shares it takes part."""

    feed_type = Atom1Feed

    def get_object(self, request: HttpRequest, slug: str) -> Campaign:
        return find(slug)

    def title(self, campaign: Campaign) -> str:
        return _printable(campaign.translated.headline)

    def subtitle(self, campaign: Campaign) -> str:
        return _printable(campaign.translated.goal_statement)

    def author_name(self, campaign: Campaign) -> str:
        return campaign.organiser

    def link(self, campaign: Campaign) -> str:
        return settings.SITE_URL + campaign.get_absolute_url()

    def feed_url(self, campaign: Campaign) -> str:
        return settings.SITE_URL + reverse("feed", args=[campaign.slug])

    def items(self, campaign: Campaign) -> QuerySet[Update]:
        return campaign.updates.published().select_related("campaign").prefetch_related("translations")[:MANY]

    def item_title(self, update: Update) -> str:
        title = _printable(update.translated.title)
        return gettext("Withdrawn: %(title)s") % {"title": title} if update.withdrawn_at else title

    def item_description(self, update: Update) -> str:
        if update.withdrawn_at:
            return _printable(escape(update.withdrawn_because))
        return _printable(to_html(update.translated.text))

    def item_link(self, update: Update) -> str:
        return f"{settings.SITE_URL}{reverse('updates', args=[update.campaign.slug])}#update-{update.pk}"

    def item_guid(self, update: Update) -> str:
        # Whatever the title becomes, the entry stays the same one.
        return f"tag:{settings.ALLOWED_HOSTS[0]},{update.published_at:%Y-%m-%d}:update-{update.pk}"

    def item_pubdate(self, update: Update) -> datetime | None:
        return update.published_at

    def item_updateddate(self, update: Update) -> datetime | None:
        return update.withdrawn_at or update.published_at


def _printable(text: str) -> str:
    """Drops control characters, which XML forbids and texts from slides bring along."""
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", " ", text)


feed = require_safe(cached(FRESH)(News()))


@require_safe
@cached(FRESH)
def calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """All days of action that are not over, else the other moments that are not, else those that are; an entry keeps its identity
    when its moment is moved, and is cancelled when that is withdrawn."""
    campaign = find(slug)
    over = KeyMoment.objects.over(timezone.now())
    every = campaign.moments.select_related("campaign").prefetch_related("translations")
    coming = every.exclude(pk__in=over)
    # No program takes a calendar without anything in it.
    days = coming.filter(is_day_of_action=True) or coming or every
    if not days:
        raise Http404
    # Few pages need it.
    from icalendar import Calendar

    made = Calendar()
    made.add("prodid", "-//Outcry//EN")
    made.add("version", "2.0")
    made.add("x-wr-calname", campaign.translated.headline)
    for day in days:
        made.add_component(_event(campaign, day))
    response = HttpResponse(made.to_ical(), content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{campaign.slug}.ics"'
    return response


def _event(campaign: Campaign, day: KeyMoment) -> Event:
    from icalendar import Event

    event = Event()
    event.add("uid", f"moment-{day.pk}@{settings.ALLOWED_HOSTS[0]}")
    event.add("dtstamp", timezone.now())
    event.add("sequence", day.history.count())
    event.add("dtstart", day.starts_at.astimezone(UTC))
    event.add("dtend", day.lasts_until.astimezone(UTC))
    event.add("summary", day.translated.title)
    if day.withdrawn_at:
        event.add("status", "CANCELLED")
        event.add("description", day.withdrawn_because)
        return event
    event.add(
        "description", f"{campaign.translated.headline}\n{settings.SITE_URL}{reverse('act', args=[campaign.slug])}"
    )
    event.add("url", f"{settings.SITE_URL}{reverse('act', args=[campaign.slug])}")
    if day.place:
        event.add("location", day.translated.place)
    return event
