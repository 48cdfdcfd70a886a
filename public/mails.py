"""The mails of a campaign: to those who pledged, and its news to those who asked for it."""

from __future__ import annotations

from django.core.mail import EmailMultiAlternatives
from django.db.models import Model
from django.utils import timezone, translation
from django.utils.translation import gettext

from campaigns import reminding, sourcing
from campaigns.models import Campaign, KeyMoment, Pledge, Reminder, Status, Update, UpdateMail
from campaigns.models.sources import NEWS
from core.crypto import tokens
from core.drawing import pdf
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
    with translation.override(pledge.language):
        link = compose.link("pledge_confirm", tokens.make(PLEDGE, pledge.pk))
        not_me = compose.link("not_me", tokens.make(NOT_ME, pledge.pk))
        caps.note(pledge)
        return _pledged(pledge, pledge.campaign, pledge.email, link, not_me)


@shows(Campaign)
def pledge_specimen(campaign: Campaign, to: str) -> EmailMultiAlternatives:
    """Writes the mail that asks to confirm a pledge; its links are nobody's own."""
    return compose.specimen(_pledged(campaign, campaign, to, compose.link("my"), compose.link("my")))


def _pledged(row: Model, campaign: Campaign, to: str, link: str, not_me: str) -> EmailMultiAlternatives:
    neutral = campaign.policy.neutral_mail
    subject = gettext("Please confirm") if neutral else gettext("Confirm that you take part: %(title)s")
    subject %= {"title": campaign.translated.goal_statement}
    context: dict[str, object] = {"campaign": campaign, "link": link, "days": LINK_LIVES.days, "not_me": not_me}
    return compose.mail(row, "pledge", subject, to, context, neutral, accent=campaign.accent)


@writes(Reminder)
def reminder(row: Reminder) -> EmailMultiAlternatives | None:
    pledge, moment = row.pledge, row.moment
    campaign = moment.campaign
    unwanted = caps.is_suppressed(pledge.email) or went_astray(pledge)
    if not campaign.is_in_action or unwanted or not reminding.still_right(row, timezone.now()):
        return None
    with translation.override(pledge.language):
        return _reminded(
            row, moment, pledge.email, compose.link("unpledge", tokens.make(UNPLEDGE, pledge.pk)), pdf.UNHURRIED
        )


@shows(KeyMoment)
def reminder_specimen(moment: KeyMoment, to: str) -> EmailMultiAlternatives:
    """Writes the reminder of a moment; its links are nobody's own."""
    return compose.specimen(_reminded(moment, moment, to, compose.link("my"), pdf.LONGEST))


def _reminded(row: Model, moment: KeyMoment, to: str, leave: str, longest: float) -> EmailMultiAlternatives:
    """In the active language. `leave`: where one click ends such mails; `longest`: seconds that the meter's picture may take."""
    campaign = moment.campaign
    neutral = campaign.policy.neutral_mail
    with timezone.override(campaign.zone):
        subject = gettext("A reminder") if neutral else gettext("Now: %(title)s")
        if moment.starts_at > timezone.now() and not neutral:
            subject = gettext("Soon: %(title)s")
        subject %= {"title": moment.translated.title}
        context: dict[str, object] = {
            "campaign": campaign,
            "moment": moment,
            "link": compose.link("act", campaign.slug),
        }
        pictures = {} if neutral else meter_image.for_mail(campaign, context, longest)
        return compose.mail(row, "reminder", subject, to, context, neutral, leave, campaign.accent, pictures)


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
        return _news(
            row,
            news,
            signature.email,
            compose.link("unsubscribe", tokens.make(UNSUBSCRIBE, signature.pk)),
            pdf.UNHURRIED,
        )


@shows(Update)
def specimen(news: Update, to: str) -> EmailMultiAlternatives:
    """Writes the mail with an update as its readers would get it, for one of those who wrote it: its links are nobody's own."""
    return compose.specimen(_news(news, news, to, compose.link("my"), pdf.LONGEST))


def _news(row: Model, news: Update, to: str, leave: str, longest: float) -> EmailMultiAlternatives:
    """In the active language. `leave`, `longest`: as of a reminder."""
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
    pictures = {} if neutral else meter_image.for_mail(campaign, context, longest)
    return compose.mail(row, "update", subject, to, context, neutral, leave, campaign.accent, pictures)
