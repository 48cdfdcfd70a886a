import re
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from django.utils import timezone

from core.crypto import tokens
from petitions import mails, tasks
from petitions.models import LinkRequest, Signature
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


def test_no_mail_waits_longer_than_anybody_asked_for():
    """The clock was a day ahead: when these were signed, and when one of them was claimed by a worker that died."""
    now, day = timezone.now(), timedelta(days=1)
    signed = pending(signed_at=now + day, mailed_at=None, mail_due_at=now + day)
    claimed = pending(mailed_at=None, mail_due_at=now + day + Signature.LEASE, mail_attempts=1)
    lost = pending(mailed_at=None, mail_due_at=now + 2 * Signature.LEASE, mail_attempts=1)
    # Held back on purpose, and looked at by a person since then.
    flood = {
        pending(mailed_at=None, mail_due_at=now + day, review=review) for review in ("quarantined", "removed", "none")
    }
    assert mails.bring_forward() == 2
    assert set(Signature.objects.due()) == {signed, claimed}
    assert not {lost, *flood} & set(Signature.objects.due())


def test_the_own_page_link_goes_out_for_a_signature_under_review_too():
    factories.signature(factories.petition(), address="ana@example.org", review="quarantined")
    request = LinkRequest.objects.create(email="ana@example.org")
    assert tokens.make("my", request.pk) in mails.own_page(request).body


@pytest.mark.parametrize(
    ("contact", "level", "answers"),
    [
        ("hello@example.org", "standard", ["hello@example.org"]),
        ("hello@example.org", "high", []),
        ("https://social.example/@us", "standard", []),
        ("hola@example.org · +34 600 000 000", "standard", []),
        ("", "standard", []),
    ],
)
def test_answers_reach_the_contact_where_that_is_a_mail_address(smtp, settings, live, contact, level, answers):
    settings.CONTACT = contact
    live.safety = level
    live.save()
    factories.signature(live.petition, confirmed=False, mailed_at=None, mail_due_at=timezone.now())
    tasks.send_confirmations()
    (envelope,) = smtp.received
    assert message_from_bytes(envelope.content, policy=policy.default).get_all("Reply-To", []) == answers


@pytest.mark.parametrize("level", ["standard", "high"])
def test_the_mail_to_confirm_names_target_and_organiser_where_that_is_no_danger(live, level):
    live.safety = level
    live.save()
    mail = mails.confirmation(factories.signature(live.petition, confirmed=False, mailed_at=None))
    for text in (mail.body, mail.alternatives[0][0]):
        assert ("To Ministry of Examples" in text) is (level == "standard")
        assert ("A campaign of Example Rights Network" in text) is (level == "standard")
