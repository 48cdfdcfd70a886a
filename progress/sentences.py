"""How a campaign stands, in sentences that anybody grasps: how far, since when, what the target said, what comes next. A campaign
that is over is told of in the past."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from campaigns.models import Campaign, KeyMoment
from core.templatetags.numbers import figure
from progress.figures import PublicFigures, Strand
from progress.pace import Growth

# So many days ahead the name of a weekday is enough.
THIS_WEEK = 6


def standing(
    campaign: Campaign, figures: PublicFigures, growth: Growth, next_moment: KeyMoment | None = None
) -> list[SafeString]:
    if campaign.is_over:
        return list(filter(None, [*_finals(figures), _answers(campaign, figures)]))
    if not campaign.is_live:
        return [escape(gettext("This campaign has not begun yet."))]
    said = [_signed(campaign, figures.signatures, growth), _tweeted(figures.tweets), _silence(campaign, figures)]
    return list(filter(None, [*said, _next(campaign, next_moment)]))


def _signed(campaign: Campaign, strand: Strand | None, growth: Growth) -> SafeString | None:
    if strand is None or strand.count is None:
        return None
    parts = {"shown": figure(strand.count, "signatures.confirmed"), "goal": intcomma(strand.goal)}
    if strand.count == 0 and campaign.policy.is_exact:
        return format_html(gettext("Nobody has signed yet; the goal is {goal}."), **parts)
    if strand.count == 0:
        steps = campaign.policy.rounding
        return format_html(gettext("Fewer than {steps} people have signed; the goal is {goal}."), steps=steps, **parts)
    since, passed = growth.since_yesterday, strand.count >= strand.goal
    if since:
        parts["new"] = intcomma(since.number)
    if passed and since:
        said = ngettext(
            "{shown} person has signed, {new} since yesterday. We reached the goal of {goal}.",
            "{shown} people have signed, {new} since yesterday. We reached the goal of {goal}.",
            strand.count,
        )
    elif passed:
        said = ngettext(
            "{shown} person has signed. We reached the goal of {goal}.",
            "{shown} people have signed. We reached the goal of {goal}.",
            strand.count,
        )
    elif since:
        said = ngettext(
            "{shown} of {goal} people has signed, {new} since yesterday.",
            "{shown} of {goal} people have signed, {new} since yesterday.",
            strand.count,
        )
    else:
        said = ngettext("{shown} of {goal} people has signed.", "{shown} of {goal} people have signed.", strand.count)
    return format_html(said, **parts)


def _tweeted(strand: Strand | None) -> SafeString | None:
    if strand is None:
        return None
    if strand.count is None:
        return escape(gettext("We do not know yet how many posts there are."))
    parts = {"shown": figure(strand.count, "tweets.matching"), "goal": intcomma(strand.goal)}
    if strand.count >= strand.goal:
        said = ngettext(
            "{shown} post. We reached the goal of {goal}.",
            "{shown} posts. We reached the goal of {goal}.",
            strand.count,
        )
    else:
        said = ngettext("{shown} of {goal} posts.", "{shown} of {goal} posts.", strand.count)
    return format_html(said, **parts)


def _target(campaign: Campaign) -> SafeString:
    target = campaign.target
    if target is None:
        return escape(gettext("The target"))
    name = target.translated.name
    return format_html("<span{}>{}</span>", name.marks, name)


def _silence(campaign: Campaign, figures: PublicFigures) -> SafeString | None:
    """How long the target has said nothing; None on the day of the launch."""
    days, begun = figures.days_without_response, campaign.launched_at
    if days is None or begun is None or (days == 0 and not figures.responses):
        return None
    parts = {"target": _target(campaign), "shown": intcomma(days)}
    if days == 0:
        return escape(gettext("An answer came today."))
    if figures.responses:
        said = ngettext("The last answer came {shown} day ago.", "The last answer came {shown} days ago.", days)
    else:
        parts["when"] = _day(begun, campaign)
        said = ngettext(
            "{target} has been silent for {shown} day, since {when}.",
            "{target} has been silent for {shown} days, since {when}.",
            days,
        )
    return format_html(said, **parts)


def _day(moment: datetime, campaign: Campaign) -> SafeString:
    """Its day in the campaign's zone, with the year where that is another one."""
    day, today = moment.astimezone(campaign.zone).date(), timezone.now().astimezone(campaign.zone).date()
    shown = date_format(day, "MONTH_DAY_FORMAT" if day.year == today.year else "DATE_FORMAT")
    return format_html('<time datetime="{}">{}</time>', day.isoformat(), shown)


def _next(campaign: Campaign, moment: KeyMoment | None) -> SafeString | None:
    if moment is None:
        return None
    now = timezone.now()
    if moment.is_day_of_action and moment.starts_at <= now:
        return escape(gettext("Today is the day of action."))
    starts_at = moment.starts_at.astimezone(campaign.zone)
    is_near = starts_at.date() - now.astimezone(campaign.zone).date() <= timedelta(days=THIS_WEEK)
    shown = date_format(starts_at, "l" if is_near else "DATE_FORMAT")
    when = format_html('<time datetime="{}">{}</time>', starts_at.isoformat(timespec="seconds"), shown)
    if moment.is_day_of_action:
        return format_html(gettext("Day of action: {when}."), when=when)
    title = moment.translated.title
    what = format_html("<span{}>{}</span>", title.marks, title)
    return format_html(gettext("Next: {what}, {when}."), what=what, when=when)


def _finals(figures: PublicFigures) -> list[SafeString | None]:
    """What there was of both strands in the end, and whether the goal was met."""
    return [_signed_in_the_end(figures.signatures), _tweeted_in_the_end(figures.tweets)]


def _signed_in_the_end(strand: Strand | None) -> SafeString | None:
    if strand is None or strand.count is None:
        return None
    parts = {"shown": figure(strand.count, "signatures.confirmed"), "goal": intcomma(strand.goal)}
    if strand.count >= strand.goal:
        said = ngettext(
            "{shown} person signed: the goal of {goal} was met.",
            "{shown} people signed: the goal of {goal} was met.",
            strand.count,
        )
    else:
        said = ngettext(
            "{shown} of {goal} people signed: the goal was not met.",
            "{shown} of {goal} people signed: the goal was not met.",
            strand.count,
        )
    return format_html(said, **parts)


def _tweeted_in_the_end(strand: Strand | None) -> SafeString | None:
    if strand is None:
        return None
    if strand.count is None:
        return escape(gettext("We never knew how many posts there were."))
    parts = {"shown": figure(strand.count, "tweets.matching"), "goal": intcomma(strand.goal)}
    if strand.count >= strand.goal:
        said = ngettext(
            "{shown} post: the goal of {goal} was met.", "{shown} posts: the goal of {goal} was met.", strand.count
        )
    else:
        said = ngettext(
            "{shown} of {goal} posts: the goal was not met.",
            "{shown} of {goal} posts: the goal was not met.",
            strand.count,
        )
    return format_html(said, **parts)


def _answers(campaign: Campaign, figures: PublicFigures) -> SafeString:
    if not figures.responses:
        return format_html(gettext("{target} never answered."), target=_target(campaign))
    said = ngettext("{shown} answer came from the target.", "{shown} answers came from the target.", figures.responses)
    return format_html(said, shown=intcomma(figures.responses))
