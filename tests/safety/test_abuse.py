"""What must hold against those who would spoil it. Tests are marked with their requirement (docs/safety.md)."""

import re
from datetime import timedelta
from email import message_from_bytes

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver
from django.utils import timezone

from actions.models import LinkedPost, Opening
from campaigns.models import Pledge, PressKit
from core.crypto import tokens
from petitions import limits, mails, moderation, signing, tally, tasks
from petitions.models import LinkRequest, Signature, Tally
from public import typed as just_typed
from tests import factories
from tests.factories import typed
from tests.html import Html
from tests.login import PASSWORD, make_staff
from tests.safety.test_privacy import public_pages, walk

pytestmark = pytest.mark.django_db


def state():
    """All rows that a visitor could have changed."""
    return [
        list(model.objects.order_by("pk").values())
        for model in (Signature, LinkRequest, Opening, Tally, Pledge, LinkedPost)
    ]


@pytest.mark.requirement("A1")
def test_no_get_changes_anything(client, live):
    row = factories.signature(live.petition, confirmed=False)
    mine = factories.signature(live.petition, address="ana@example.org")
    waiting = factories.signature(live.petition, confirmed=False, address="ana@example.org", mailed_at=None)
    asked = LinkRequest.objects.create(email="ana@example.org", mailed_at=timezone.now())
    confirm, own = f"/confirm/{tokens.make('confirm', row.pk)}/", f"/my/{tokens.make('my', asked.pk)}/"
    not_me = f"/not-me/{tokens.make('not-me', row.pk)}/"
    pledge = factories.pledge(live)
    pledges = [f"/pledge/{tokens.make('pledge', pledge.pk)}/", f"/unpledge/{tokens.make('unpledge', pledge.pk)}/"]
    pledges += [
        f"/c/{live.slug}/pledge/",
        f"/c/{live.slug}/act/link/",
        f"/unsubscribe/{tokens.make('unsubscribe', mine.pk)}/",
    ]
    verbs = [*pledges, not_me, "/left-alone/", "/data/", f"{own}export.json"]
    verbs += [f"{own}{mine.pk}/{verb}/" for verb in ("withdraw", "erase", "hide", "unsubscribe", "keep", "confirm")]
    verbs += [f"{own}{waiting.pk}/confirm/", "/goodbye/", "/goodbye/kept/"]
    before = state()
    sent = f"/c/{live.slug}/check-mail/{just_typed.seal(live.slug, typed())}/"
    verbs += [sent, f"{sent}change/", f"/c/{live.slug}/sign/", f"/c/{live.slug}/act/go/x/"]
    for page in [*public_pages(live.slug), confirm, own, *verbs]:
        client.get(
            page,
            {
                "text": "x",
                "link": "https://x.com/a/status/1",
                "network": "x",
                "remind": "day",
                "consent": "on",
                "email": "a@example.org",
                "name": "x",
                "country": "ES",
            },
        )
        client.head(page)
    assert state() == before


@pytest.mark.requirement("A1")
def test_every_public_url_is_known_to_this_file():
    """A new address must be looked at here: does its GET change anything?"""
    public = {
        entry.name
        for entry in walk(get_resolver())
        if entry.callback.__module__.startswith(("public.views", "progress.views", "petitions.views"))
    }
    assert public == {
        "home", "campaign", "campaign_from", "campaign_picture", "sign", "check_mail", "check_mail_to", "sign_again", "act", "act_go",
        "act_another", "pass_on", "qr_code", "write", "progress", "progress_json", "recap", "updates",
        "confirm", "my", "my_page", "my_change", "my_confirm", "goodbye", "goodbye_kept", "my_export", "not_me", "left_alone", "data", "unsubscribe",
        "pledge", "pledged", "pledge_confirm", "unpledge", "act_link", "wall", "voices", "calendar", "press", "press_early", "press_image",
        "press_image_early", "feed", "embed", "oembed", "petition_json", "petition_count_json", "my_forget", "my_second_look", "signatures_csv", "countries_csv", "tweets_csv",
        "figures_csv", "countries_svg", "share_image", "report", "snapshot", "snapshot_json", "snapshot_keys",
        "delivered", "delivered_json", "delivered_stamp", "moment_picture",
    }  # fmt: skip


STATES = [
    "new",
    "pending",
    "capped",
    "confirmed",
    "quarantined",
    "removed",
    "awaited",
    "withdrawn",
    "erased",
    "barred",
]


def known(petition, state):
    address = f"{state}@example.org"
    if state == "new":
        return address
    row = factories.signature(petition, confirmed=state not in ("pending", "capped"), address=address)
    if state in ("quarantined", "removed"):
        Signature.objects.filter(pk=row.pk).update(review=state)
    elif state == "withdrawn":
        signing.withdraw(row)
    elif state == "erased":
        signing.erase(row)
    elif state == "capped":
        Signature.objects.filter(pk=row.pk).update(mailed_at=None)
    elif state in ("awaited", "barred"):
        _decided_on(petition, row, state)
    return address


def _decided_on(petition, row, state):
    """ "awaited": a second person is asked to remove it; "barred": a person did, and its owner erased it."""
    others = [factories.signature(petition).pk for _ in range(limits.FEW)]
    chosen = [row.pk, *others] if state == "awaited" else [row.pk]
    staff = make_staff(f"{state}@staff.example", second_factor=False)
    moderation.remove(petition, Signature.objects.filter(pk__in=chosen), "abuse", staff)
    if state == "barred":
        signing.erase(Signature.objects.get(pk=row.pk))


def answered(response):
    """Its headers, but for the id that each request has of its own, and with a token masked but for its length."""
    headers = {name: value for name, value in response.headers.items() if name != "X-Request-Id"}
    where, mail, token = headers.get("Location", "").partition("/check-mail/")
    return sorted((headers | {"Location": f"{where}{mail}{len(token)}"}).items())


@pytest.mark.requirement("A2")
def test_signing_does_the_same_work_and_gives_the_same_answer_for_every_address(client, live):
    client.post(f"/c/{live.slug}/sign/", typed(email="warm-up@example.org"))
    seen = []
    for name in STATES:
        address = known(live.petition, name)
        with CaptureQueriesContext(connection) as queries:
            response = client.post(f"/c/{live.slug}/sign/", typed(email=address))
        statements = [re.sub(r"'[^']*'|\d+|\\x\w+|x'\w+'", "?", query["sql"]) for query in queries]
        seen.append((response.status_code, answered(response), response.content, statements))
    assert len(seen[0][3]) == 3
    assert all(answer == seen[0] for answer in seen)


@pytest.mark.requirement("A2")
def test_the_page_after_signing_says_the_same_of_every_address(client, live):
    """It is made of what was typed alone; asking for one more mail is the same work and the same answer for all."""
    client.post(f"/c/{live.slug}/sign/", typed(email="warm-up@example.org"))
    seen = []
    for number, name in enumerate(STATES):
        address, who = known(live.petition, name), {"REMOTE_ADDR": f"203.0.113.{number}"}
        page = client.post(f"/c/{live.slug}/sign/", typed(email=address), **who).url
        with CaptureQueriesContext(connection) as queries:
            answers = [client.get(page), client.get(f"{page}change/"), client.post(page, **who)]
            answers.append(client.get(answers[-1].url))
        statements = [re.sub(r"'[^']*'|\d+|\\x\w+|x'\w+'", "?", query["sql"]) for query in queries]
        token, differs = page.split("/")[-2], ("Content-Length", "ETag")
        told = [re.sub(f"{token}|{address}|shown_at.*", "?", answer.content.decode()) for answer in answers]
        headers = [[header for header in answered(one) if header[0] not in differs] for one in answers]
        seen.append(([answer.status_code for answer in answers], headers, told, statements))
    assert seen[0][0] == [200, 200, 303, 200]
    assert all(answer == seen[0] for answer in seen)


@pytest.mark.requirement("A2")
def test_the_token_is_as_long_for_one_as_for_another(client, live):
    short = typed(name="A", email="a@example.org")
    long = typed(name="Ж" * 80, email=f"{'b' * 64}@{'c' * 60}.{'d' * 60}.example", comment="漢字かな交じり文 " * 50)
    lengths = {len(client.post(f"/c/{live.slug}/sign/", form).url) for form in (short, long)}
    assert len(lengths) == 1


@pytest.mark.requirement("A3")
def test_asking_for_one_more_mail_keeps_to_the_caps(client, live, mailoutbox):
    page = client.post(f"/c/{live.slug}/sign/", typed(comment="Because")).url
    for _ in range(5):
        assert client.post(page).url == f"{page}?sent=1"
        tasks.send_confirmations()
    assert len(mailoutbox) == 3
    assert {(row.name, row.comment) for row in Signature.objects.all()} == {("Ana Example", "Because")}


@pytest.mark.requirement("A2")
def test_asking_for_the_own_page_does_the_same_work_for_every_address(client, live):
    client.post("/my/", {"email": "warm-up@example.org"})
    seen = []
    for name in STATES:
        address = known(live.petition, name)
        with CaptureQueriesContext(connection) as queries:
            response = client.post("/my/", {"email": address})
        statements = [re.sub(r"'[^']*'", "?", query["sql"]) for query in queries]
        seen.append((response.status_code, answered(response), response.content, statements))
    assert all(answer == seen[0] for answer in seen)


@pytest.mark.requirement("A2")
def test_what_stands_already_is_not_touched(client, live):
    row = factories.signature(live.petition, address="ana@example.org", name="Ana")
    client.post(f"/c/{live.slug}/sign/", typed(email="ana@example.org", name="Eve", country="FR"))
    row.refresh_from_db()
    assert (row.name, row.country, row.counts) == ("Ana", "ES", True)


@pytest.mark.requirement("A4")
def test_nothing_is_subscribed_before_it_is_confirmed(client, live):
    client.post(f"/c/{live.slug}/sign/", typed(updates="on"))
    assert Signature.objects.get().updates_at is None


@pytest.mark.requirement("A5")
def test_no_word_of_the_visitor_is_in_the_confirmation_mail():
    row = factories.signature(
        factories.petition(), confirmed=False, name="Buy Cheap Watches", comment="at watches dot example"
    )
    raw = mails.confirmation(row).message().as_bytes()
    parsed = message_from_bytes(raw)
    text = "".join(part.get_payload(decode=True).decode() for part in parsed.walk() if not part.is_multipart())
    for word in ("Watches", "Cheap", "watches"):
        assert word not in text
        assert word.encode() not in raw


@pytest.mark.requirement("A8")
def test_a_forged_x_forwarded_for_changes_nothing(client, live):
    for number in range(3):
        client.post(f"/c/{live.slug}/sign/", typed(), headers={"x-forwarded-for": f"198.51.100.{number}"})
    assert len({bytes(row.client_hash) for row in Signature.objects.all()}) == 1


@pytest.mark.requirement("A9")
def test_one_signature_for_each_mailbox(client, live):
    for address in ("a.na@gmail.com", "ana+2@googlemail.com", "ANA@gmail.com"):
        client.post(f"/c/{live.slug}/sign/", typed(email=address))
    answers = []
    for row in Signature.objects.all():
        answers.append(client.post(f"/confirm/{tokens.make('confirm', row.pk)}/", typed()).status_code)
    tally.settle_all()
    assert sorted(answers) == [200, 200, 303]
    assert tally.confirmed(live.petition) == 1


@pytest.mark.requirement("A9")
@pytest.mark.parametrize("address", ["=?utf-8?q?joe?=@example.org", '"joe"@example.org', '"j\\oe"@example.org'])
def test_other_spellings_of_a_mailbox_do_not_get_in(client, live, address):
    assert client.post(f"/c/{live.slug}/sign/", typed(email=address)).status_code == 422
    assert client.post("/my/", {"email": address}).status_code == 422
    assert Signature.objects.count() == LinkRequest.objects.count() == 0


@pytest.mark.requirement("A9")
def test_two_keys_in_force_do_not_make_two_signatures_of_one_mailbox(client, live, settings):
    first = factories.signature(live.petition, confirmed=False, address="ana@example.org")
    client.post(f"/confirm/{tokens.make('confirm', first.pk)}/", typed())
    settings.HASH_KEYS = {**settings.HASH_KEYS, 2: b"a-new-key-a-new-key-a-new-key-a-new-key"}
    client.post(f"/c/{live.slug}/sign/", typed(email="ana@example.org"))
    second = Signature.objects.pending().get()
    assert b"You have signed already" in client.post(f"/confirm/{tokens.make('confirm', second.pk)}/", typed()).content


EVIL = ['<script>alert("x")</script>', 'O\'Neill "quoted" & <b>', '"><img src=x>', "{{ 7*7 }} {% now 'Y' %}"]


@pytest.mark.requirement("A13")
@pytest.mark.parametrize("name", EVIL)
def test_names_are_escaped_wherever_they_are_shown(client, live, name, admin):
    row = factories.signature(live.petition, confirmed=False, name=name, comment=name, address="ana@example.org")
    pages = [client.get(f"/confirm/{tokens.make('confirm', row.pk)}/")]
    client.post(f"/confirm/{tokens.make('confirm', row.pk)}/", typed(name=name, comment=name))
    asked = LinkRequest.objects.create(email="ana@example.org", mailed_at=timezone.now())
    pages += [
        client.get(f"/my/{tokens.make('my', asked.pk)}/"),
        admin.get(f"/admin/petitions/signature/{row.pk}/change/"),
    ]
    for response in pages:
        html = response.content.decode()
        assert response.status_code == 200
        assert name not in html
        assert "<script>alert" not in html
        assert "<img src=x>" not in html
        assert "49" not in Html(html).texts("dd > bdi")


@pytest.mark.requirement("A15")
def test_links_in_mails_come_from_the_site_and_a_forged_host_is_refused(client, live):
    response = client.get("/", headers={"host": "evil.example"})
    assert response.status_code == 400
    response = client.post(f"/c/{live.slug}/sign/", typed(), headers={"host": "evil.example"})
    assert response.status_code == 400
    assert Signature.objects.count() == 0
    client.post(f"/c/{live.slug}/sign/", typed(), headers={"x-forwarded-host": "evil.example"})
    body = mails.confirmation(Signature.objects.get()).body
    assert "evil.example" not in body
    assert "http://testserver/confirm/" in body


@pytest.mark.requirement("A16")
@pytest.mark.parametrize(
    "text", ["https://evil.example/", "javascript:alert(1)", "\r\nLocation: https://evil.example", "//evil.example"]
)
@pytest.mark.parametrize("network", ["x", "bluesky", "threads", "whatsapp", "mail"])
def test_redirects_lead_to_composers_on_the_list_only(client, live, network, text):
    from actions.networks import COMPOSER_HOSTS, NETWORKS

    response = client.post(
        f"/c/{live.slug}/act/go/{network}/?next=https://evil.example", {"text": text, "next": "https://evil.example"}
    )
    assert response.status_code == 303
    assert response.url.startswith(NETWORKS[network].composer)
    assert any(response.url.startswith(host) for host in COMPOSER_HOSTS)
    assert "\n" not in response.url


@pytest.mark.requirement("A16")
@pytest.mark.parametrize("page", ["/accounts/login/?next=https://evil.example", "/c/{slug}/sign/?next=//evil.example"])
def test_no_url_of_a_visitor_is_followed(client, live, page):
    response = client.get(page.format(slug=live.slug))
    assert "evil.example" not in response.get("Location", "")


@pytest.mark.requirement("A16")
@pytest.mark.parametrize(
    "next_page", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_a_login_leads_to_our_own_pages_only(client, next_page):
    make_staff("ana@example.org", second_factor=False)
    fields = {"login": "ana@example.org", "password": PASSWORD, "next": next_page}
    response = client.post("/accounts/login/", fields)
    assert (response.status_code, response.url) == (302, "/accounts/me/")


@pytest.mark.requirement("A17")
def test_a_token_works_for_its_purpose_only(client, live):
    row = factories.signature(live.petition, confirmed=False, address="ana@example.org")
    asked = LinkRequest.objects.create(email="ana@example.org", mailed_at=timezone.now())
    assert client.get(f"/my/{tokens.make('confirm', asked.pk)}/").status_code == 410
    assert client.get(f"/confirm/{tokens.make('my', row.pk)}/").status_code == 404
    with pytest.raises(tokens.BadToken):
        tokens.read("my", tokens.make("confirm", row.pk))


@pytest.mark.requirement("A17")
def test_every_changed_sign_of_a_token_is_noticed():
    row = factories.signature(factories.petition(), confirmed=False)
    token = tokens.make("confirm", row.pk)
    body, mac = token.split(".")
    assert len(mac) >= 43  # 256 bits
    for place in range(len(token) - 1):
        changed = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        with pytest.raises(tokens.BadToken):
            tokens.read("confirm", changed)
    for forged in ("", ".", body, f"{body}.", f".{mac}", token + "A", "ü.ü"):
        with pytest.raises(tokens.BadToken):
            tokens.read("confirm", forged)


@pytest.mark.requirement("A17")
def test_tokens_expire_with_their_row(client, live):
    row = factories.signature(live.petition, confirmed=False, mailed_at=timezone.now() - timedelta(days=7, minutes=1))
    assert client.post(f"/confirm/{tokens.make('confirm', row.pk)}/", typed()).status_code == 410


def links(live):
    """(purpose, where it leads to, what a genuine one answers) of every page behind a token."""
    row = factories.signature(live.petition, confirmed=False)
    mine = factories.signature(live.petition, address="ana@example.org")
    asked = LinkRequest.objects.create(email="ana@example.org", mailed_at=timezone.now())
    pledge = factories.pledge(live)
    kit = PressKit.objects.create(campaign=live, contact="press@example.org")
    return [
        ("get", "/confirm/{}/", tokens.make("confirm", row.pk), 200),
        ("post", "/confirm/{}/", tokens.make("confirm", row.pk), 422),
        ("get", "/not-me/{}/", tokens.make("not-me", row.pk), 200),
        ("get", "/unsubscribe/{}/", tokens.make("unsubscribe", mine.pk), 200),
        ("post", "/unsubscribe/{}/", tokens.make("unsubscribe", mine.pk), 200),
        ("get", "/my/{}/", tokens.make("my", asked.pk), 200),
        ("get", "/my/{}/export.json", tokens.make("my", asked.pk), 200),
        ("post", f"/my/{{}}/{mine.pk}/hide/", tokens.make("my", asked.pk), 303),
        ("post", "/my/{}/forget/", tokens.make("my", asked.pk), 303),
        ("get", "/pledge/{}/", tokens.make("pledge", pledge.pk), 200),
        ("get", "/unpledge/{}/", tokens.make("unpledge", pledge.pk), 200),
        ("get", f"/c/{live.slug}/press/{{}}/", tokens.make("press", kit.key), 200),
        ("get", f"/c/{live.slug}/press/{{}}/1.jpg", tokens.make("press", kit.key), 404),
    ]


@pytest.mark.requirement("A17")
def test_guessing_is_throttled_and_a_valid_token_always_passes(client, live, one_minute):
    pages = links(live)
    guesses = [
        getattr(client, method)(path.format(f"guess-{n}")).status_code for n in range(3) for method, path, *_ in pages
    ]
    assert set(guesses[:30]) == {404, 410}
    assert set(guesses[30:]) == {429}
    for method, path, token, status in pages:
        assert getattr(client, method)(path.format("guess")).status_code == 429, path
        assert getattr(client, method)(path.format(token)).status_code == status, path
    assert client.get("/confirm/guess/", REMOTE_ADDR="203.0.113.5").status_code == 404


@pytest.mark.requirement("A17")
def test_a_genuine_link_that_has_expired_is_no_guess(client, live, one_minute):
    old = factories.signature(live.petition, confirmed=False, mailed_at=timezone.now() - timedelta(days=8))
    lapsed = LinkRequest.objects.create(email="ana@example.org", mailed_at=timezone.now() - timedelta(days=3))
    for _ in range(40):
        assert client.get(f"/confirm/{tokens.make('confirm', old.pk)}/").status_code == 410
        assert client.get(f"/my/{tokens.make('my', lapsed.pk)}/").status_code == 410
    assert client.get("/confirm/guess/").status_code == 404


@pytest.mark.requirement("A17")
def test_a_valid_token_asks_valkey_for_nothing_and_a_wrong_one_asks_no_row(client, live):
    row = factories.signature(live.petition, confirmed=False)
    client.get(f"/confirm/{tokens.make('confirm', row.pk)}/")
    assert cache._cache.get_client().keys("*wrong-link*") == []
    with CaptureQueriesContext(connection) as queries:
        client.get("/confirm/guess/")
    assert not [query for query in queries if "petitions_" in query["sql"]]
    assert len(cache._cache.get_client().keys("*wrong-link*")) == 1


FOREIGN = [
    {"origin": "http://["},
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"origin": "https://evil.example"},
]


@pytest.mark.requirement("A18")
@pytest.mark.parametrize("headers", FOREIGN)
def test_forms_of_other_sites_are_refused_everywhere(client, live, headers):
    row = factories.signature(live.petition, confirmed=False)
    mine = factories.signature(live.petition, address="ana@example.org")
    asked = LinkRequest.objects.create(email="ana@example.org", mailed_at=timezone.now())
    own = f"/my/{tokens.make('my', asked.pk)}/{mine.pk}/erase/"
    before = state()
    for page in (
        f"/c/{live.slug}/sign/",
        f"/confirm/{tokens.make('confirm', row.pk)}/",
        "/my/",
        own,
        f"/c/{live.slug}/act/go/x/",
    ):
        response = client.post(page, typed(text="x"), headers=headers)
        assert response.status_code == 403, page
        assert b"sent from another site" in response.content
    assert state() == before


@pytest.mark.requirement("A18")
def test_the_pages_own_form_is_taken_with_an_opaque_origin(client, live):
    row = factories.signature(live.petition, confirmed=False)
    headers = {"origin": "null", "sec-fetch-site": "same-origin"}
    assert client.post(f"/confirm/{tokens.make('confirm', row.pk)}/", typed(), headers=headers).status_code == 303


@pytest.mark.requirement("A18")
def test_what_is_behind_a_login_has_csrf_tokens(staff):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.cookies = staff.cookies
    for page in ("/admin/campaigns/campaign/add/", "/accounts/logout/", "/accounts/me/delete/"):
        assert strict.post(page).status_code == 403


@pytest.mark.requirement("A19")
def test_no_page_may_be_framed(client, live):
    for page in [*public_pages(live.slug), "/accounts/login/", "/admin/login/"]:
        response = client.get(page)
        assert response["X-Frame-Options"] == "DENY"


@pytest.mark.requirement("A20")
def test_no_url_lists_signers(client, live):
    for page in ("signatures/", "signers/", "names/", "signatures.json", "export/"):
        assert client.get(f"/c/{live.slug}/{page}").status_code == 404
    assert client.get("/admin/petitions/signature/").status_code == 302
