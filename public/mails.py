"""The mails of a campaign: to those who pledged, and its news to those who asked for it."""

from __future__ import annotations

from django.core.mail import EmailMultiAlternatives
from django.db.models import Model
from django.utils import timezone, translation
from django.utils.translation import gettext

from campaigns import reminding, sourcing
from campaigns.models import Pledge, Reminder, Status, Update, UpdateMail
from campaigns.models.sources import NEWS
from core.crypto import tokens
from core.mail import compose
from core.mail.writers import shows, writes
from core.privacy.mailboxes import went_astray
from petitions import caps
from petitions.mails import NOT_ME, UNSUBSCRIBE
from petitions.models import LINK_LIVES
from progress import meter_image

PLEDGE, UNPLEDGE = "pledge", "unpledge"


@writes(Pledge)
def confirm_pledge(pledge: Pledge) -> EmailMultiAlternatives | None:
    """Writes the mail whose link confirms a pledge; it holds no word that the visitor typed."""
    if pledge.confirmed_at or not pledge.campaign.is_pledging or not caps.may_write(pledge):
        return None
    neutral = pledge.campaign.policy.neutral_mail
    with translation.override(pledge.language):
        subject = gettext("Please confirm") if neutral else gettext("Confirm that you take part: %(title)s")
        context: dict[str, object] = {
            "campaign": pledge.campaign,
            "link": compose.link("pledge_confirm", tokens.make(PLEDGE, pledge.pk)),
            "days": LINK_LIVES.days,
            "not_me": compose.link("not_me", tokens.make(NOT_ME, pledge.pk)),
        }
        caps.note(pledge)
        subject %= {"title": pledge.campaign.translated.goal_statement}
        return compose.mail(pledge, "pledge", subject, pledge.email, context, neutral, accent=pledge.campaign.accent)


@writes(Reminder)
def reminder(row: Reminder) -> EmailMultiAlternatives | None:
    pledge, moment = row.pledge, row.moment
    campaign = moment.campaign
    unwanted = caps.is_suppressed(pledge.email) or went_astray(pledge)
    if not campaign.is_acting or unwanted or not reminding.still_right(row, timezone.now()):
        return None
    neutral = campaign.policy.neutral_mail
    with translation.override(pledge.language), timezone.override(campaign.zone):
        subject = gettext("A reminder") if neutral else gettext("Now: %(title)s")
        if moment.starts_at > timezone.now() and not neutral:
            subject = gettext("Soon: %(title)s")
        context: dict[str, object] = {
            "campaign": campaign,
            "moment": moment,
            "link": compose.link("act", campaign.slug),
        }
        leave = compose.link("unpledge", tokens.make(UNPLEDGE, pledge.pk))
        pictures = {} if neutral else meter_image.for_mail(campaign, context)
        subject %= {"title": moment.translated.title}
        return compose.mail(row, "reminder", subject, pledge.email, context, neutral, leave, campaign.accent, pictures)


@writes(UpdateMail)
def update(row: UpdateMail) -> EmailMultiAlternatives | None:
    """Writes the mail with one update; None for a reader who has unsubscribed meanwhile, and where the update was withdrawn or its
    mailing stopped."""
    signature, news = row.signature, row.update
    campaign = news.campaign
    taken_back = news not in Update.objects.published().standing() or campaign.status == Status.DRAFT
    if (
        taken_back
        or news.mailing_stopped_at
        or signature.updates_at is None
        or signature.email is None
        or not signature.counts
    ):
        return None
    if caps.is_suppressed(signature.email) or went_astray(signature):
        return None
    with translation.override(signature.language):
        return _news(row, news, signature.email, compose.link("unsubscribe", tokens.make(UNSUBSCRIBE, signature.pk)))


@shows(Update)
def specimen(news: Update, to: str) -> EmailMultiAlternatives:
    """Writes the mail with an update as its readers would get it, for one of those who wrote it: its links are nobody's own."""
    made = _news(news, news, to, compose.link("my"))
    made.subject = gettext("Test: %(subject)s") % {"subject": made.subject}
    made.extra_headers = {"Auto-Submitted": "auto-generated"}
    return made


def _news(row: Model, news: Update, to: str, leave: str) -> EmailMultiAlternatives:
    """In the active language. `leave`: where one click ends such mails."""
    campaign = news.campaign
    neutral = campaign.policy.neutral_mail
    context: dict[str, object] = {
        "campaign": campaign,
        "update": news,
        "petition": campaign.petition,
        "neutral": neutral,
        "link": compose.link("updates", campaign.slug),
        "pass_on": "" if neutral or not campaign.is_signing else sourcing.url(campaign, NEWS),
        "my": compose.link("my"),
    }
    subject = gettext("News") if neutral else news.translated.title
    pictures = {} if neutral else meter_image.for_mail(campaign, context)
    return compose.mail(row, "update", subject, to, context, neutral, leave, campaign.accent, pictures)
