"""What must hold for the people who sign. Tests are marked with their requirement (docs/safety.md)."""

import base64
import io
import json
import re

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.urls import get_resolver
from django.utils import timezone

from accounts.models import User
from core.crypto import tokens
from core.models import StaffMail
from petitions import consent, tally
from petitions.forms import ConfirmForm, SignForm
from petitions.models import ConsentText, LinkRequest, Signature
from tests import factories
from tests.factories import typed
from tests.house.sources import ROOMS
from tests.html import Html, form_of

pytestmark = pytest.mark.django_db
NAME, ADDRESS, COMMENT = "Quetzalcoatlina Example", "quetzal.person@hidden-domain.example", "My very own quetzal words"


def public_pages(slug):
    return [
        "/",
        *(
            f"/c/{slug}/{page}"
            for page in (
                "",
                "progress/",
                "progress.json",
                "updates/",
                "recap/",
                "check-mail/",
                "act/",
                "pledged/",
                "feed.atom",
                "action.ics",
            )
        ),
        *(f"/c/{slug}/{page}" for page in ("wall/", "press/")),
        "/my/",
    ]


@pytest.mark.requirement("S1")
def test_only_mail_name_and_country_are_ever_required():
    assert {name for name, field in SignForm().fields.items() if field.required} == {
        "email",
        "name",
        "country",
    }
    assert {name for name, field in ConfirmForm().fields.items() if field.required} == {"name", "country"}
    visible = [field.name for field in SignForm().visible_fields()]
    assert visible == ["name", "email", "country", "comment"]


@pytest.mark.requirement("S1")
def test_the_shortest_form_is_enough(client, live):
    fields = {"name": "A", "email": "a@example.org", "country": "ES"}
    assert client.post(f"/c/{live.slug}/sign/", fields).status_code == 303


@pytest.mark.requirement("S2")
def test_nothing_is_ticked_and_no_page_holds_a_name(client, live):
    assert "checked" not in client.get(live.get_absolute_url()).content.decode()
    for shown in (None, timezone.now()):
        factories.signature(live.petition, name=NAME, comment=COMMENT, show_name_at=shown)
    tally.settle_all()
    for lang in ("", "/ar"):
        for page in public_pages(live.slug):
            text = client.get(lang + page).content.decode()
            assert NAME not in text, page
            assert COMMENT not in text, page


@pytest.mark.requirement("S2")
def test_ticks_of_the_sign_form_publish_nothing(client, live):
    client.post(f"/c/{live.slug}/sign/", typed(show_name="on", updates="on"))
    row = Signature.objects.get()
    url = f"/confirm/{tokens.make('confirm', row.pk)}/"
    assert "checked" not in client.get(url).content.decode()
    client.post(url, typed())
    row.refresh_from_db()
    assert row.counts
    assert row.show_name_at is row.updates_at is row.others_at is None


@pytest.mark.requirement("S3")
@pytest.mark.parametrize("tick", ["show_name", "updates", "others"])
def test_consents_are_separate_and_count_from_the_confirming_button(client, live, tick):
    row = factories.signature(live.petition, confirmed=False)
    client.post(f"/confirm/{tokens.make('confirm', row.pk)}/", typed(**{tick: "on"}))
    row.refresh_from_db()
    given = {name for name in ("show_name", "updates", "others") if getattr(row, f"{name}_at")}
    assert given == {tick}
    assert getattr(row, f"{tick}_at") == row.confirmed_at


@pytest.mark.requirement("S3")
def test_the_button_confirms_nothing_but_what_its_words_say(client, live):
    """The consent to sign is the button, below its own words; whoever overlooked a box is not refused, and agreed to none."""
    row = factories.signature(live.petition, confirmed=False)
    link = f"/confirm/{tokens.make('confirm', row.pk)}/"
    page = Html(client.get(link))
    (button,) = page.find("main form button")
    words = page.one(f"#{button['aria-describedby']}")
    assert words.text == consent.texts()["sign"]
    row.refresh_from_db()
    assert not row.counts
    assert client.post(link, form_of(page, "main form")).status_code == 303
    row.refresh_from_db()
    assert row.counts
    assert row.consent_text.texts["sign"] == words.text
    assert row.show_name_at is row.updates_at is row.others_at is None


@pytest.mark.requirement("S3")
def test_what_the_form_says_is_stored_with_its_version_and_time(client, live):
    said = Html(client.get(live.get_absolute_url())).one("#keeps").text
    before = timezone.now()
    client.post(f"/c/{live.slug}/sign/", typed())
    row = Signature.objects.get()
    assert (row.form_text.texts, row.form_text.language) == ({"keep": said}, "en")
    assert before <= row.signed_at <= timezone.now()
    assert row.consent_text is None


@pytest.mark.requirement("S3")
def test_text_version_and_time_are_stored(client, live):
    row = factories.signature(live.petition, confirmed=False)
    client.post(f"/confirm/{tokens.make('confirm', row.pk)}/", typed())
    row.refresh_from_db()
    text = ConsentText.objects.get()
    words = consent.texts("Ministry of Examples")
    said = {purpose: words[purpose] for purpose in consent.HANDING}
    assert (row.consent_text, text.language, text.texts) == (text, "en", said)
    assert set(text.texts) == {"sign", "show_name", "updates", "others", "hand_over"}


def traces(secret):
    """A text as it could leak: plain, in hex, in base64 at any of its three alignments."""
    raw = secret.encode()
    forms = [raw, raw.hex().encode()]
    for shift in range(3):
        coded = base64.b64encode(b"\0" * shift + raw)
        forms.append(coded[4 if shift else 0 : -4])
    return forms


def dump():
    """Everything that a dump of this database would hold."""
    copied = io.BytesIO()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            with cursor.copy(f'COPY "{table}" TO STDOUT') as rows:
                for chunk in rows:
                    copied.write(bytes(chunk))
    return copied.getvalue()


def valkey_file():
    """Valkey's memory, as it would be written to its file."""
    client = cache._cache.get_client()
    return b"\n".join(key + b" " + (client.dump(key) or b"") for key in client.keys("*"))


def act(staff, row, action):
    """What a moderator does to a signature, in the admin's list."""
    return staff.post("/admin/petitions/signature/", {"action": action, "_selected_action": str(row.pk)})


@pytest.mark.requirement("S4")
def test_no_dump_and_no_valkey_file_holds_a_person_in_clear(client, live, admin):
    client.post(f"/c/{live.slug}/sign/", typed(name=NAME, email=ADDRESS, comment=COMMENT))
    row = Signature.objects.get()
    client.post(f"/confirm/{tokens.make('confirm', row.pk)}/", typed(name=NAME, comment=COMMENT))
    client.post("/my/", {"email": ADDRESS})
    factories.signature(live.petition)
    response = act(admin, row, "quarantine")
    assert response.status_code == 302
    row.refresh_from_db()
    assert (row.review, row.name, row.email, row.comment) == ("quarantined", NAME, ADDRESS, COMMENT)
    everything = dump() + valkey_file()
    assert str(row.pk).encode() in everything
    for secret in (NAME, ADDRESS, "hidden-domain", COMMENT):
        for trace in traces(secret):
            assert trace not in everything, (secret, trace)


@pytest.mark.requirement("S4")
def test_a_signature_is_called_by_its_number():
    row = factories.signature(factories.petition(), name=NAME)
    assert str(row) == f"Signature {row.pk}"


@pytest.mark.requirement("S4")
def test_the_history_names_fields_and_no_values(live, admin):
    from django.contrib.admin.models import LogEntry

    row = factories.signature(live.petition, name=NAME)
    factories.signature(live.petition)
    act(admin, row, "quarantine")
    entry = LogEntry.objects.get()
    assert json.loads(entry.change_message) == [{"changed": {"fields": ["review"]}}]
    assert NAME not in entry.object_repr


@pytest.mark.requirement("S4")
def test_supporters_accounts_keep_no_address(client):
    user = User.objects.create(username="x-1")
    assert user.email is None
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    for door in ("email/", "password/set/", "signup/", "confirm-email/", "confirm-email/x:y/", "3rdparty/"):
        assert client.post(f"/accounts/{door}", {"email": "ana@example.org", "action_add": ""}).status_code == 404, door
    assert EmailAddress.objects.count() == StaffMail.objects.count() == 0


@pytest.mark.requirement("S8")
def test_the_policy_lets_nothing_foreign_in(client, live):
    for page in public_pages(live.slug):
        if page.endswith("recap/"):
            continue
        policy = dict(part.strip().split(" ", 1) for part in client.get(page)["Content-Security-Policy"].split(";"))
        assert policy["default-src"] == "'self'"
        assert policy["frame-ancestors"] == "'none'"
        assert "unsafe" not in str(policy)
        composers = "https://x.com" in policy["form-action"]
        assert composers is page.endswith("/act/")


@pytest.mark.requirement("S8")
def test_no_page_has_inline_script_or_style_or_a_foreign_file(client, live):
    for page in [*public_pages(live.slug), "/accounts/login/", "/nowhere/"]:
        if page.endswith(".atom"):  # its links are for readers, none is a file that it loads
            continue
        html = Html(client.get(page))
        assert not html.find("style, [style], script:not([src]):not([type='application/json'])"), page
        assert not [name for one in html.find("*") for name in one.attributes if name.startswith("on")], page
        loaded = "link:not([rel=alternate]):not([rel=canonical])"
        for file in [*html.values("script, img, iframe", "src"), *html.values(loaded, "href")]:
            assert file.startswith("/"), (page, file)
        assert len(html.find("link[rel=stylesheet]")) <= 1


@pytest.mark.requirement("S9")
def test_no_read_only_page_sets_a_cookie(client, live):
    row = factories.signature(live.petition, confirmed=False)
    token_pages = [f"/confirm/{tokens.make('confirm', row.pk)}/", "/confirm/forged/", "/my/forged/"]
    for page in [*public_pages(live.slug), *token_pages, "/nowhere/", "/healthz"]:
        response = client.get(page)
        assert not response.cookies, page
        assert "Cookie" not in response.get("Vary", ""), page


@pytest.mark.requirement("S9")
def test_signing_and_tweeting_set_no_cookie(client, live):
    assert not client.post(f"/c/{live.slug}/sign/", typed()).cookies
    assert not client.post(f"/c/{live.slug}/sign/", {}).cookies
    assert not client.post(f"/c/{live.slug}/act/go/x/", {"text": "x"}).cookies


@pytest.mark.requirement("S10")
def test_pages_behind_a_token_send_no_referrer(client, live):
    row = factories.signature(live.petition, confirmed=False)
    asked = LinkRequest.objects.create(email=row.email, mailed_at=timezone.now())
    for page in (
        f"/confirm/{tokens.make('confirm', row.pk)}/",
        f"/my/{tokens.make('my', asked.pk)}/",
        client.post(f"/c/{live.slug}/sign/", typed()).url,
        client.post(f"/c/{live.slug}/sign/", typed()).url + "change/",
        f"/c/{live.slug}/check-mail/forged/",
        "/confirm/forged/",
        "/my/forged/",
    ):
        response = client.get(page)
        assert response["Referrer-Policy"] == "no-referrer"
        assert response["Cache-Control"] == "no-store"


@pytest.mark.requirement("S10")
def test_every_url_with_a_token_is_masked_in_logs(client, live, capfd):
    from core.logs import mask

    tokened = [str(found.pattern) for found in walk(get_resolver()) if "<str:token>" in str(found.pattern)]
    assert len(tokened) == 16
    for path in tokened:
        url = "/" + re.sub(r"<\w+:\w+>", "x", path.replace("<str:token>", "SECRET"))
        assert "SECRET" not in mask(url)
    client.get("/confirm/SECRET-TOKEN/")
    client.get("/my/SECRET-TOKEN/")
    client.get(f"/c/{live.slug}/check-mail/SECRET-TOKEN/")
    client.get("/accounts/password/reset/key/SECRET-LINK/x/")
    assert "SECRET" not in "".join(capfd.readouterr())


def walk(resolver):
    for entry in resolver.url_patterns:
        if hasattr(entry, "url_patterns"):
            yield from walk(entry)
        else:
            yield entry


@pytest.mark.requirement("S15")
def test_no_code_path_posts():
    """Only reads: no method of tweepy that writes is named anywhere, and the simulator's own refusal is tested with it."""
    own = [
        path
        for app in (*ROOMS, "config")
        for path in (settings.BASE_DIR / app).rglob("*.py")
        if "tests" not in path.parts
    ]
    assert len(own) > 50
    for path in own:
        assert not re.search(
            r"create_tweet|update_status|\.(like|retweet|follow_user)\(|statuses/update", path.read_text()
        ), path


@pytest.mark.requirement("S15")
def test_no_composer_link_holds_the_signers_name(client, live):
    row = factories.signature(live.petition, confirmed=False, name=NAME)
    response = client.post(f"/confirm/{tokens.make('confirm', row.pk)}/", typed(name=NAME), follow=True)
    assert "Thank you" in response.content.decode()
    assert "Quetzal" not in response.content.decode()


@pytest.mark.requirement("S18")
def test_every_step_is_a_plain_form(client, live):
    """Without scripts: each page of the journey has its button in a form with a plain address."""
    page = Html(client.get(live.get_absolute_url()))
    assert page.one("form[novalidate]").attributes == {
        "method": "post",
        "action": f"/c/{live.slug}/sign/",
        "novalidate": "",
    }
    row = factories.signature(live.petition, confirmed=False)
    assert (
        '<form method="post" novalidate>' in client.get(f"/confirm/{tokens.make('confirm', row.pk)}/").content.decode()
    )
    assert f'action="/c/{live.slug}/act/go/x/"' in client.get(f"/c/{live.slug}/act/").content.decode()
