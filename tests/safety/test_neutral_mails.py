"""What a mail gives away to whoever looks over the shoulder."""

from email.header import decode_header, make_header

import pytest
from django.utils import translation
from django.utils.translation import gettext

from core.privacy.safety import SafetyLevel
from petitions import mails
from petitions.models import LinkRequest
from tests import factories

pytestmark = pytest.mark.django_db


def told(mail):
    """Sender, subject, and every word that the mail program may show before it is opened."""
    raw = mail.message()
    return [str(make_header(decode_header(raw["Subject"]))), raw["From"], mail.body, mail.alternatives[0][0]]


@pytest.mark.requirement("S12")
@pytest.mark.parametrize("language", ["en", "ar", "fr", "es"])
@pytest.mark.parametrize("level", SafetyLevel.values)
def test_the_mail_for_ones_own_page_names_no_campaign_and_no_organisation(level, language, settings):
    """It goes to whoever asks, whatever they have signed: so it is neutral at every level."""
    campaign = factories.campaign(safety=level)
    row = factories.signature(campaign.petition)
    asked = LinkRequest.objects.create(email=row.email, address_hash=row.address_hash, language=language)
    mail = mails.own_page(asked)
    with translation.override(language):
        assert told(mail)[:2] == [gettext("Your link"), "no-reply@testserver"]
    for text in told(mail):
        for name in (settings.ORGANISATION, campaign.petition.title, campaign.headline, campaign.slug):
            assert name not in text


@pytest.mark.requirement("S12")
@pytest.mark.parametrize("level", [SafetyLevel.ELEVATED, SafetyLevel.HIGH])
def test_a_neutral_mail_names_no_organisation_inside_either(level, settings):
    mail = mails.confirmation(factories.signature(factories.campaign(safety=level).petition, confirmed=False))
    assert not [text for text in told(mail) if settings.ORGANISATION in text]
