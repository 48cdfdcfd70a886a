import re

import pytest
from django.utils import timezone

from core.crypto import tokens
from petitions import mails
from petitions.models import LinkRequest
from tests import factories

pytestmark = pytest.mark.django_db


def pending(**fields):
    live = factories.campaign()
    return factories.signature(live.petition, confirmed=False, **fields)


def parts(mail):
    return mail.body, mail.alternatives[0][0]


def test_text_and_html_hold_the_same_link():
    row = pending()
    text, html = parts(mails.confirmation(row))
    link = f"http://testserver/confirm/{tokens.make('confirm', row.pk)}/"
    assert link in text
    assert f'href="{link}"' in html


def test_the_subject_names_the_petition_on_one_line():
    row = pending()
    row.petition.title = "Open the\nriver report"
    assert mails.confirmation(row).subject == "Confirm your signature: Open the river report"


def test_no_pictures_and_no_foreign_links():
    for text in parts(mails.confirmation(pending())):
        assert "<img" not in text
        assert set(re.findall(r"https?://([\w.:-]+)", text)) == {"testserver"}


def test_the_language_is_the_signers():
    mail = mails.confirmation(pending(language="ar"))
    assert 'lang="ar" dir="rtl"' in mail.alternatives[0][0]
    assert "http://testserver/ar/confirm/" in mail.body


def test_none_for_what_is_confirmed_withdrawn_or_erased():
    assert mails.confirmation(factories.signature(factories.petition())) is None
    assert mails.confirmation(pending(withdrawn_at=timezone.now())) is None


def test_the_own_page_link_goes_out_for_a_signature_under_review_too():
    factories.signature(factories.petition(), address="ana@example.org", review="quarantined")
    request = LinkRequest.objects.create(email="ana@example.org")
    assert tokens.make("my", request.pk) in mails.own_page(request).body
