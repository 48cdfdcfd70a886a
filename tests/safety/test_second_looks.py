"""Whoever was taken out by mistake asks for a second look, and a crowd that asks gets nothing by it."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from core.crypto import tokens
from petitions import forgetting, limits, looking_again, moderation, signing, tally
from petitions.models import Decision, LinkRequest, SecondLook, Signature
from tests import factories
from tests.at_once import at_once
from tests.html import Html
from tests.login import logged_in, make_staff

pytestmark = pytest.mark.django_db
QUEUE = "/admin/petitions/secondlook/"
MISTAKE = "I signed in the library, with my neighbour."


@pytest.fixture
def moderator():
    return make_staff("mo@example.org", superuser=False, groups=[Group.objects.get(name="moderator")])


@pytest.fixture
def mine(live, moderator):
    """Removed, while others count."""
    factories.signature(live.petition)
    row = factories.signature(live.petition, address="ana@example.org")
    factories.removed(live.petition, moderator, row)
    return Signature.objects.get(pk=row.pk)


def page_of(address):
    return f"/my/{tokens.make('my', LinkRequest.objects.create(email=address, mailed_at=timezone.now()).pk)}/"


def asks(client, row, words=""):
    return client.post(f"{page_of(row.email)}{row.pk}/second-look/", {"words": words}, follow=True)


def act(browser, action, *looks, where=QUEUE, across="0"):
    chosen = {"action": action, "_selected_action": [look.pk for look in looks], "select_across": across}
    return Html(browser.post(where, chosen, follow=True)).text


@pytest.mark.requirement("A7")
def test_who_was_taken_out_reads_why_asks_once_and_changes_nothing_by_that(client, live, mine):
    page = page_of("ana@example.org")
    shown = Html(client.get(page))
    assert "for this reason: made by a machine" in shown.text
    assert shown.find("form[action$='/second-look/'] textarea")
    tally.settle_all()
    before = tally.confirmed(live.petition)
    answer = client.post(f"{page}{mine.pk}/second-look/", {"words": f"  {MISTAKE}\u200b "}, follow=True)
    assert "A moderator will look at your signature once more." in answer.content.decode()
    shown = Html(client.get(page))
    assert MISTAKE in shown.text
    assert "a moderator has yet to look" in shown.text
    assert not shown.find("form[action$='/second-look/']")
    client.post(f"{page}{mine.pk}/second-look/", {"words": "Again!"})
    look = SecondLook.objects.get()
    assert (look.words, look.petition, look.decision) == (MISTAKE, live.petition, mine.decision)
    mine.refresh_from_db()
    tally.settle_all()
    assert (mine.review, mine.counts, tally.confirmed(live.petition)) == ("removed", False, before)


@pytest.mark.requirement("A7")
def test_a_moderator_counts_it_again_and_its_owner_reads_so(client, live, mine, moderator):
    asks(client, mine, MISTAKE)
    browser = logged_in(moderator)
    shown = Html(browser.get(QUEUE, follow=True))
    assert [cell.text for cell in shown.find(".outcry-words")] == [MISTAKE]
    act(browser, "count_again", SecondLook.objects.get())
    mine.refresh_from_db()
    assert mine.counts
    assert Decision.objects.get(kind="restore").asked_by == moderator
    assert LogEntry.objects.filter(object_id=str(mine.pk), user=moderator).count() == 2
    assert not SecondLook.objects.waiting().exists()
    assert "your signature counts again" in Html(client.get(page_of("ana@example.org"))).text


@pytest.mark.requirement("A7")
def test_it_stays_for_a_reason_that_its_owner_reads_and_can_not_ask_past(client, live, mine, moderator):
    asks(client, mine, MISTAKE)
    browser = logged_in(moderator)
    assert "1: stays as it is" in act(browser, "keep_duplicate", SecondLook.objects.get())
    look = SecondLook.objects.get()
    assert (look.answer, look.answered_by) == ("duplicate", moderator)
    assert LogEntry.objects.filter(object_id=str(look.pk), content_type__model="secondlook").count() == 1
    answer = asks(client, mine, "Once more!")
    assert "it stays as it is, for this reason: the same person more than once" in Html(answer).text
    assert SecondLook.objects.get().words == MISTAKE
    told = client.get(f"{page_of('ana@example.org')}export.json").json()["signatures"][0]
    assert told["removed_because"] == "automated"
    assert [(one["words"], one["stays_because"]) for one in told["second_looks"]] == [(MISTAKE, "duplicate")]
    assert "1: waits again" in act(browser, "wait_again", look, where=f"{QUEUE}?state=kept")
    assert SecondLook.objects.waiting().exists()


@pytest.mark.requirement("A7")
def test_bringing_back_many_who_ask_needs_a_second_person(client, live, moderator):
    other = make_staff("other@example.org")
    factories.signatures(live.petition, 100)
    rows = factories.signatures(live.petition, limits.FEW + 1)
    for part in (rows[:6], rows[6:]):
        factories.removed(live.petition, make_staff(f"{part[0].pk}@example.org"), *part)
    for row in rows:
        asks(client, row, f"Nobody says what {row.email} says")
        SecondLook.objects.filter(signature=row).update(words_hash=row.pk.bytes)
    said = act(logged_in(moderator), "count_again", *SecondLook.objects.all())
    assert "somebody else must help" in said
    assert Signature.objects.filter(review="removed").count() == len(rows)
    assert not SecondLook.objects.waiting().exists()
    assert "a second person must agree" in Html(client.get(page_of(rows[0].email))).text
    asked = Decision.objects.get(kind="restore")
    moderation.decline(asked, other, "Look again")
    assert SecondLook.objects.waiting().count() == len(rows)
    act(logged_in(moderator), "count_again", *SecondLook.objects.all())
    moderation.approve(Decision.objects.waiting().get(), other)
    assert not Signature.objects.filter(review="removed").exists()


@pytest.mark.requirement("A7")
def test_a_crowd_that_asks_is_one_number_for_each_batch(client, live, moderator):
    """In one queue with somebody who says something of their own."""
    factories.signatures(live.petition, 400)
    tally.settle_all()
    lies = factories.signatures(live.petition, 9, seconds=1)
    asked = [(lies[:4], ""), (lies[4:8], "I am real!"), (lies[8:], MISTAKE)]
    batch = factories.removed(live.petition, make_staff("a@example.org"), *lies)
    factories.removed(live.petition, make_staff("b@example.org"), reason="abuse")
    for number, (rows, words) in enumerate(asked):
        for row in rows:
            # Figures and signs are no words of one's own.
            asks(
                client,
                row,
                f"{words} {number}{row.pk.hex.translate(str.maketrans('abcdef', '!?.,;:'))}" if words else "",
            )
    browser = logged_in(moderator)
    shown = Html(browser.get(QUEUE, follow=True))
    (line,) = shown.find("table[data-batches] tbody tr")
    assert [cell.text for cell in line.find("td")][1:] == ["9", "1", "8", "0%"]
    assert len(shown.find("#result_list tbody tr")) == 1
    crowd = QUEUE + line.one("a[data-alike]")["href"]
    assert len(Html(browser.get(crowd)).find(".action-select")) == 8
    said = act(browser, "keep_automated", SecondLook.objects.filter(decision=batch).first(), where=crowd, across="1")
    assert "8: stays as it is" in said
    assert [look.signature_id for look in SecondLook.objects.waiting()] == [lies[8].pk]
    # What is answered does not make the last of the crowd one of its own.
    looking_again.wait_again(SecondLook.objects.filter(signature=lies[7].pk))
    assert not SecondLook.objects.one_by_one().filter(signature=lies[7].pk).exists()


@pytest.mark.requirement("A7")
def test_whoever_moderates_this_campaign_answers_and_nobody_else_on_the_staff(live, mine):
    assert looking_again.ask(mine, MISTAKE)
    for role in ("moderator", "organiser", "data officer", "analyst"):
        person = make_staff(
            f"{role.replace(' ', '-')}@example.org", superuser=False, groups=[Group.objects.get(name=role)]
        )
        browser = logged_in(person)
        answer = browser.get(QUEUE, follow=True)
        assert (answer.status_code == 200) is (role == "moderator"), role
        assert (f"{QUEUE}?" in browser.get("/admin/").content.decode()) is (role == "moderator"), role
        act(browser, "keep_abuse", SecondLook.objects.get())
        assert SecondLook.objects.waiting().exists() is (role != "moderator")
        looking_again.wait_again(SecondLook.objects.all())
    live.team.remove(
        person := make_staff("away@example.org", superuser=False, groups=[Group.objects.get(name="moderator")])
    )
    browser = logged_in(person)
    assert MISTAKE not in browser.get(QUEUE, follow=True).content.decode()
    act(browser, "keep_abuse", SecondLook.objects.get())
    assert SecondLook.objects.waiting().exists()


@pytest.mark.requirement("A7")
def test_a_machines_doubt_what_stands_and_what_was_withdrawn_is_nothing_to_ask_about(client, live, moderator):
    stands = factories.signature(live.petition)
    doubted = factories.signature(live.petition, review="quarantined")
    gone, unconfirmed = factories.signature(live.petition), factories.signature(live.petition, confirmed=False)
    factories.removed(live.petition, moderator, gone, unconfirmed)
    signing.withdraw(gone)
    for row in (stands, doubted, gone, unconfirmed):
        row.refresh_from_db()
        assert not Html(client.get(page_of(row.email))).find("form[action$='/second-look/']")
        asks(client, row, MISTAKE)
    assert not SecondLook.objects.exists()


@pytest.mark.requirement("A7")
def test_nobody_asks_for_another_mailbox_or_from_another_site(client, live, mine):
    other = factories.signature(live.petition, address="eve@example.org")
    page = page_of(other.email)
    assert client.post(f"{page}{mine.pk}/second-look/").status_code == 404
    assert (
        client.post(
            f"{page_of(mine.email)}{mine.pk}/second-look/", headers={"sec-fetch-site": "cross-site"}
        ).status_code
        == 403
    )
    assert client.get(f"{page_of(mine.email)}{mine.pk}/second-look/").status_code == 405
    assert not SecondLook.objects.exists()


@pytest.mark.requirement("S7")
def test_what_was_said_is_sealed_and_goes_with_the_signature(client, live, mine):
    asks(client, mine, MISTAKE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT words FROM petitions_secondlook")
        assert "library" not in cursor.fetchone()[0]
    signing.erase(Signature.objects.get(pk=mine.pk))
    assert not SecondLook.objects.exists()


def test_what_a_release_without_second_looks_has_erased_goes_too(live, mine):
    looking_again.ask(mine, MISTAKE)
    gone = dict.fromkeys(("email", "name", "comment", "address_hash", "hash_version", "client_hash", "name_hash"))
    Signature.objects.filter(pk=mine.pk).update(**gone, erased_at=timezone.now())
    forgetting.forget()
    assert not SecondLook.objects.exists()


def test_another_decision_may_be_asked_about_and_the_same_one_not_through_another_link(client, live, mine, moderator):
    asks(client, mine, MISTAKE)
    looking_again.keep(SecondLook.objects.all(), moderator, "automated")
    signing.withdraw(mine)
    again = factories.signature(live.petition, confirmed=False, address="ana@example.org")
    signing.confirm(again, {"name": "Ana", "country": "ES", "updates": False, "others": False})
    again.refresh_from_db()
    assert again.decision == mine.decision
    assert not looking_again.ask(again, "And again")
    moderation.restore(live.petition, Signature.objects.filter(pk=again.pk), moderator)
    factories.removed(live.petition, moderator, again, reason="abuse")
    assert looking_again.ask(Signature.objects.get(pk=again.pk), "And again")


def test_what_was_withdrawn_unanswered_may_be_asked_about_again(client, live, mine):
    asks(client, mine, MISTAKE)
    signing.withdraw(mine)
    again = factories.signature(live.petition, confirmed=False, address="ana@example.org")
    signing.confirm(again, {"name": "Ana", "country": "ES", "updates": False, "others": False})
    page = Html(client.get(page_of("ana@example.org")))
    assert len(page.find("form[action$='/second-look/']")) == 1
    assert "a second person must agree" not in page.text
    assert looking_again.ask(Signature.objects.get(pk=again.pk), MISTAKE)


def test_too_many_words_for_what_counts_are_no_form(client, live, mine, moderator):
    moderation.restore(live.petition, Signature.objects.filter(pk=mine.pk), moderator)
    answer = client.post(f"{page_of(mine.email)}{mine.pk}/second-look/", {"words": "river " * 60})
    assert answer.status_code == 303


def test_too_many_words_come_back(client, live, mine):
    answer = client.post(f"{page_of(mine.email)}{mine.pk}/second-look/", {"words": "river " * 60})
    assert answer.status_code == 422
    assert Html(answer).find("#errors a")
    assert "river river" in answer.content.decode()
    assert not SecondLook.objects.exists()


def test_where_no_words_are_asked_none_are_kept(client, live, mine):
    live.safety = "high"
    live.save()
    assert not Html(client.get(page_of(mine.email))).find("form[action$='/second-look/'] textarea")
    asks(client, mine, MISTAKE)
    assert SecondLook.objects.get().words is None


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_are_one(live, mine):
    done = at_once(lambda words: looking_again.ask(mine, words), ["One", "Two", "Three"], writes=SecondLook)
    assert sorted(done) == [False, False, True]


@pytest.mark.parametrize("wrong", [{"answer": "abuse"}, {"answered_at": timezone.now()}, {"answer": "taste"}])
def test_the_database_refuses_half_an_answer(live, mine, wrong):
    looking_again.ask(mine)
    with pytest.raises(IntegrityError), transaction.atomic():
        SecondLook.objects.update(**wrong)


@pytest.mark.requirement("A7")
@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("J’ai signé à Orléans", "J’AI SIGNE\u0301 A\u0300 ORLE\u0301ANS!", True),
        ("मैंने दिल्ली में लिखा", "मैंने  दिल्ली में लिखा ।", True),
        ("की", "कि", False),
        ("signé", "signe", False),
    ],
)
def test_words_are_the_same_however_their_marks_are_written(live, moderator, one, other, alike):
    """A vowel sign makes another word; an accent typed apart does not."""
    factories.signatures(live.petition, 100)
    rows = factories.signatures(live.petition, 2)
    factories.removed(live.petition, moderator, *rows)
    for row, words in zip(rows, (one, other), strict=True):
        row.refresh_from_db()
        assert looking_again.ask(row, words)
    assert len({bytes(look.words_hash) for look in SecondLook.objects.all()}) == (1 if alike else 2)
