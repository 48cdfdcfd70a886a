"""The one public page that holds names: only of those who agreed, whom a moderator has read, and who still want it."""

import pytest
from django.utils import timezone

from core.crypto import tokens
from operations.recovery import steps
from petitions import moderation, signing, voices
from petitions.models import LinkRequest, Signature, Voice
from tests import factories, world
from tests.factories import typed
from tests.html import Html
from tests.login import make_staff

pytestmark = pytest.mark.django_db
NAME, COMMENT = "Quetzalcoatlina Example", "My very own quetzal words"
QUEUE = "/admin/petitions/voice/"


def voice(live, state="approved", **fields):
    return factories.voice(live.petition, state, name=NAME, comment=COMMENT, **fields)


def page_of(live, lang=""):
    return f"{lang}/c/{live.slug}/voices/"


def shows(client, live):
    text = client.get(page_of(live)).content.decode()
    assert (NAME in text) is (COMMENT in text)
    return NAME in text


@pytest.mark.requirement("A20")
@pytest.mark.requirement("S2")
def test_a_comment_is_shown_once_its_owner_agreed_and_a_moderator_has_read_it(client, live):
    row = factories.signature(live.petition, confirmed=False, comment=COMMENT)
    client.post(f"/confirm/{tokens.make('confirm', row.pk)}/", typed(name=NAME, comment=COMMENT, show_name="on"))
    (waiting,) = Voice.objects.waiting()
    assert waiting.signature == Signature.objects.get()
    assert not shows(client, live)
    voices.approve(Voice.objects.waiting(), make_staff("mo@example.org"))
    assert shows(client, live)


@pytest.mark.requirement("S2")
@pytest.mark.parametrize("ticks", [{}, {"updates": "on"}, {"show_name": "on", "comment": " "}])
def test_nothing_is_even_offered_without_consent_or_words(client, live, ticks):
    row = factories.signature(live.petition, confirmed=False, comment=COMMENT)
    client.post(f"/confirm/{tokens.make('confirm', row.pk)}/", typed(name=NAME, comment=COMMENT) | ticks)
    assert Signature.objects.get().counts
    assert not Voice.objects.exists()


@pytest.mark.requirement("A20")
@pytest.mark.parametrize("verb", ["hide", "withdraw", "erase"])
def test_what_its_owner_takes_back_is_gone_with_the_next_look(client, live, verb):
    shown = voice(live)
    assert shows(client, live)
    link = LinkRequest.objects.create(
        email=shown.signature.email, address_hash=shown.signature.address_hash, mailed_at=timezone.now()
    )
    client.post(f"/my/{tokens.make('my', link.pk)}/{shown.signature_id}/{verb}/")
    assert not shows(client, live)
    assert not Voice.objects.agreed().exists()


@pytest.mark.requirement("A20")
def test_whose_signature_is_taken_out_is_not_shown(client, live):
    shown = voice(live)
    factories.signatures(live.petition, 30)
    moderation.set_aside(live.petition, Signature.objects.filter(pk=shown.signature_id), make_staff("mo@example.org"))
    assert not Signature.objects.get(pk=shown.signature_id).counts
    assert not shows(client, live)


@pytest.mark.requirement("A20")
@pytest.mark.parametrize("state", ["waiting", "declined"])
def test_what_no_moderator_approved_is_not_shown(client, live, state):
    voice(live, state)
    assert not shows(client, live)


@pytest.mark.requirement("A20")
@pytest.mark.parametrize("level", ["elevated", "high"])
def test_where_nobody_is_asked_nobody_is_shown(client, live, level):
    """Neither what was approved before the level was raised, nor a way there."""
    voice(live)
    voice(live, "waiting")
    link = f"/c/{live.slug}/voices/"
    assert link in client.get(live.get_absolute_url()).content.decode()
    live.safety = level
    live.save()
    assert client.get(link).status_code == 404
    assert link not in client.get(live.get_absolute_url()).content.decode()
    assert not Voice.objects.agreed().exists()
    moderator = world.browsers("moderator")["moderator"]
    assert NAME not in moderator.get(QUEUE, follow=True).content.decode()


@pytest.mark.requirement("A20")
def test_the_page_is_kept_nowhere_and_tells_comment_and_name_alone(client, live):
    shown = voice(live, country="SE", address="quetzal@hidden-domain.example")
    answer = client.get(page_of(live))
    assert (answer["Cache-Control"], answer["X-Robots-Tag"]) == ("no-store", "noindex")
    assert not answer.cookies
    (figure,) = Html(answer).find("main figure")
    assert figure.text == f"{COMMENT} {NAME}"
    text = answer.content.decode()
    for known in (
        str(shown.signature_id),
        "hidden-domain",
        "Sweden",
        shown.signature.confirmed_at.strftime("%Y-%m-%d"),
    ):
        assert known not in text


@pytest.mark.requirement("A20")
def test_fifty_a_page(client, live):
    for number in range(101):
        factories.voice(live.petition, comment=f"Words {number}")
    seen = []
    for page in ("", "?page=2", "?page=3"):
        html = Html(client.get(page_of(live) + page))
        seen.append([figure.text for figure in html.find("main figure blockquote")])
    assert [len(part) for part in seen] == [50, 50, 1]
    assert len({text for part in seen for text in part}) == 101
    assert seen[0][0] == "Words 100"
    assert client.get(f"{page_of(live)}?page=4").status_code == 404


@pytest.mark.requirement("A20")
def test_whoever_moderates_reads_them_and_nobody_else_on_the_staff(live):
    voice(live, "waiting")
    for role, browser in world.browsers().items():
        may = role in ("moderator", world.ADMINISTRATOR)
        answer = browser.get(QUEUE, follow=True)
        assert (NAME in answer.content.decode()) is may, role
        tried = browser.post(QUEUE, {"action": "approve", "_selected_action": str(Voice.objects.get().pk)})
        assert (Voice.objects.get().state == "approved") is (tried.status_code == 302) is may, role
        undone = browser.post(QUEUE, {"undo": ""})
        assert undone.status_code == (302 if may else 403)
        assert Voice.objects.get().state == "waiting"


@pytest.mark.requirement("S4")
def test_forgetting_who_signed_forgets_what_came_of_the_comment(live):
    shown = voice(live)
    signing.blank(Signature.objects.filter(pk=shown.signature_id))
    assert not Voice.objects.exists()
    assert Signature.objects.get().counts


@pytest.mark.requirement("A20")
def test_nobody_approves_what_is_not_on_the_page(live, staff):
    row = voice(live, "waiting")
    others = [factories.voice(live.petition, "waiting") for _ in range(3)]
    chosen = {"action": "approve", "_selected_action": str(row.pk), "select_across": "1"}
    assert "somebody must read each comment first" in staff.post(QUEUE, chosen, follow=True).content.decode()
    assert Voice.objects.waiting().count() == 1 + len(others)


@pytest.mark.requirement("A20")
def test_a_restored_site_shows_nobody_before_a_moderator_has_looked_again(client, live):
    """What was declined after the backup is approved in it."""
    voice(live)
    assert shows(client, live)
    steps.catch_up()
    assert not shows(client, live)
    assert Voice.objects.waiting().count() == 1


@pytest.mark.requirement("S2")
def test_the_queue_leads_to_no_signature(live):
    row = voice(live, "waiting", address="quetzal@hidden-domain.example")
    page = world.browsers("moderator")["moderator"].get(QUEUE).content.decode()
    assert NAME in page
    assert str(row.signature_id) not in page
