"""A new campaign after another one: what comes along, and what never does."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.utils import timezone

from actions import combining, samples
from actions.models import SamplePart, SampleTweet, TweetAction
from campaigns import copying
from campaigns.models import Campaign, CampaignPicture, PressImage, PressKit, Source, Status
from core.text.translations import Translation
from desk.copying import CopyForm
from petitions import tally
from petitions.models import Petition, Signature
from progress.figures import public_figures
from tests import factories, world
from tests.html import Html, form_of
from tests.login import make_staff

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Europe/Madrid")


@pytest.fixture
def full(live):
    """Everything that a campaign may have, in two languages."""
    world.everything(live)
    live.time_zone = "Europe/Madrid"
    live.save()
    Source.objects.create(campaign=live, word="leaflet", note="at the market")
    for kind, text in (("opening", "People drink this water."), ("ask", "Publish the report, {target}! #River")):
        SamplePart.objects.create(action=live.tweet_action, kind=kind, text=text)
    combining.store(live.tweet_action)
    live.tweet_action.samples.filter(is_combined=True).update(is_vetoed=True)
    live.translations.create(language="es", headline="Publiquen el informe, .@xmpl_ministry", source=live.source)
    demand = live.demands.get()
    demand.evidence = "The ministry's page."
    demand.save()
    demand.translations.create(
        language="es", title="Publicar el informe", evidence="La página del ministerio.", source=demand.source
    )
    drawn = {"content": b"x", "width": 4, "height": 2, "alt": "A river"}
    CampaignPicture.objects.create(campaign=live, whole=b"xx", **drawn)
    PressImage.objects.create(kit=PressKit.objects.get(), credit="Ana", **drawn)
    factories.signatures(live.petition, 7)
    tally.settle_all()
    return Campaign.objects.whole().get(pk=live.pk)


def test_texts_come_along_in_every_language(full):
    made = Campaign.objects.whole().get(pk=copying.copy(full, "again").pk)
    for field in (
        "headline",
        "goal_statement",
        "signature_goal",
        "story",
        "notice",
        "organiser",
        "language",
        "safety",
        "accent",
    ):
        assert getattr(made, field) == getattr(full, field), field
    assert (made.slug, made.status, made.launched_at) == ("again", Status.DRAFT, None)
    assert (made.petition.title, made.petition.text) == (full.petition.title, full.petition.text)
    assert made.petition != full.petition
    assert [demand.title for demand in made.demands.all()] == [demand.title for demand in full.demands.all()]
    assert made.translations.get().headline == "Publiquen el informe, .@xmpl_ministry"
    assert made.demands.get().translations.get().title == "Publicar el informe"
    for copied in (made, made.demands.get()):
        assert copied.translations.get().source == copied.source
    # What came of a demand is no text of the new campaign, in no language.
    assert made.demands.get().evidence == made.demands.get().translations.get().evidence == ""
    assert made.sources.get().word == "leaflet"
    assert made.press_kit.text == full.press_kit.text
    assert made.press_kit.key != full.press_kit.key


def test_samples_come_along_and_are_put_together_anew(full):
    made = copying.copy(full, "again")

    def texts(campaign):
        return sorted(sample.text for sample in campaign.tweet_action.samples.all())

    assert texts(made) == texts(full)
    assert SampleTweet.objects.get(action=made.tweet_action, is_combined=True).is_vetoed
    assert made.tweet_action.targets == full.tweet_action.targets
    assert made.tweet_action.query == full.tweet_action.query
    assert not made.tweet_action.is_tracking
    assert samples.alive(made.tweet_action, []).exists()


def test_people_and_figures_never_do(full):
    """Nothing that points at the new campaign, or at what belongs to it, was there before, and nothing tells of anybody."""
    before = Signature.objects.count()
    made = copying.copy(full, "again")
    figures = public_figures(Campaign.objects.whole().get(pk=made.pk))
    assert (figures.signatures.count, figures.opened, figures.linked) == (0, 0, 0)
    assert figures.tweets.count is None
    assert Signature.objects.count() == before
    for relation in ("signatures", "alerts", "decisions"):
        assert not getattr(made.petition, relation).exists(), relation
    for relation in ("responses", "updates", "pledges"):
        assert not getattr(made, relation).exists(), relation
    assert not hasattr(made, "recap")
    assert [demand.outcome for demand in made.demands.all()] == ["open"]
    assert not made.was_public


def belongings():
    """Every kind of row that hangs on a campaign, however far down, but texts in other languages, which go with theirs."""
    found, waiting = set(), [Campaign, Petition, TweetAction]
    while waiting:
        model = waiting.pop()
        if model not in found:
            found.add(model)
            near = {relation.related_model for relation in model._meta.related_objects}
            waiting += [other for other in near if not issubclass(other, Translation)]
    return {model._meta.label for model in found}


def test_whatever_belongs_to_a_campaign_comes_along_or_stays_behind_on_purpose():
    """Whoever adds a part to campaigns says in campaigns/copying.py which."""
    behind = [label for labels in copying.BEHIND.values() for label in labels]
    assert sorted([*copying.ALONG, *behind]) == sorted(belongings())


def rows_of(label, campaign):
    return apps.get_model(label)._base_manager.filter(**{copying.ALONG[label].path: campaign.pk})


def values(rows, fields):
    plain = [[bytes(one) if isinstance(one, memoryview) else one for one in row] for row in rows.values_list(*fields)]
    return sorted(map(repr, plain))


@pytest.mark.requirement("A33")
def test_the_definition_is_what_is_copied(full):
    """Each part has as many rows as before, with the same values but for those that it says, and nothing else has a row."""
    everything = {label: apps.get_model(label)._base_manager for label in belongings()}
    before = {label: rows.count() for label, rows in everything.items()}
    made = Campaign.objects.whole().get(pk=copying.copy(full, "again").pk)
    new = {label for label, rows in everything.items() if rows.count() > before[label]}
    assert new == {*copying.ALONG, "actions.TrackingQuery"}, "a query is prepared, nothing was asked"
    assert {part.path for part, *_ in copying.along(full)} == {part.path for part in copying.ALONG.values()}
    for label, part in copying.ALONG.items():
        old, copied = rows_of(label, full).order_by("pk"), rows_of(label, made).order_by("pk")
        number = next(number for found, number, _ in copying.along(full) if found is part)
        assert copied.count() == number, label
        links = {"id", "campaign", "petition", "tweet_action", "action", "kit", *part.anew, *part.moves}
        fields = [field.name for field in apps.get_model(label)._meta.concrete_fields if field.name not in links]
        assert values(copied, fields) == values(old, fields), label
    demand = made.demands.get()
    assert (demand.outcome, demand.evidence) == ("open", "")


def test_the_page_says_what_comes_along_and_what_stays(staff, full, django_assert_max_num_queries):
    with django_assert_max_num_queries(24):
        page = Html(staff.get(f"/admin/campaigns/campaign/{full.pk}/copy/"))
    told = dict(zip(page.texts("#along dt"), page.texts("#along dd"), strict=True))
    number = full.tweet_action.samples.count()
    assert told[f"Texts to post, vetoed ones too ({number})"] == ""
    assert told["Demands"] == "Starts afresh: outcome, since and evidence"
    assert "slug, status, launched" in told["Goal and page"]
    assert len(told) == len(copying.ALONG)
    assert page.texts("#behind li") == [str(words) for words in copying.BEHIND]


def test_what_a_campaign_does_not_have_is_not_said_to_come_along(staff):
    bare = factories.campaign(tweet_action=None)
    page = Html(staff.get(f"/admin/campaigns/campaign/{bare.pk}/copy/"))
    assert page.texts("#along dt") == ["Goal and page", "Petition", "Demands"]
    assert "office" not in page.text


@pytest.mark.parametrize(
    ("first_day", "expected"),
    [
        (None, datetime(2026, 10, 20, 9, tzinfo=ZONE)),
        # Across the end of summer time: at nine by the clock on the wall.
        (date(2026, 11, 3), datetime(2026, 11, 3, 9, tzinfo=ZONE)),
        (date(2026, 3, 1), datetime(2026, 3, 1, 9, tzinfo=ZONE)),
    ],
)
def test_moments_keep_their_distances_and_local_times(live, first_day, expected):
    live.time_zone = "Europe/Madrid"
    first = factories.day_of_action(live, starts_at=datetime(2026, 10, 20, 7, tzinfo=UTC), ends_at=None)
    first.samples.set(live.tweet_action.samples.all())
    factories.day_of_action(live, title="Vote", starts_at=first.starts_at + timedelta(days=2, hours=3), ends_at=None)
    made = copying.copy(live, "again", first_day)
    one, other = made.moments.order_by("starts_at")
    assert one.starts_at == expected
    assert other.starts_at.astimezone(ZONE).replace(tzinfo=None) == (expected + timedelta(days=2)).replace(
        hour=12, tzinfo=None
    )
    assert [sample.action for sample in one.samples.all()] == [made.tweet_action]


def test_the_handover_of_a_petition_happened_once(live):
    handed = factories.day_of_action(live, starts_at=datetime(2026, 3, 1, 7, tzinfo=UTC), ends_at=None)
    factories.delivery(live, make_staff(), handed_over_at=handed.starts_at, moment=handed)
    vote = factories.day_of_action(live, title="Vote", starts_at=datetime(2026, 10, 20, 7, tzinfo=UTC), ends_at=None)
    made = copying.copy(live, "again", date(2027, 1, 5))
    assert [moment.title for moment in made.moments.all()] == [vote.title]
    assert made.moments.get().starts_at.astimezone(live.zone).date() == date(2027, 1, 5)


def test_staff_copy_a_campaign_and_see_the_draft(staff, client, full):
    address = f"/admin/campaigns/campaign/{full.pk}/copy/"
    change = Html(staff.get(f"/admin/campaigns/campaign/{full.pk}/change/"))
    assert address in change.values("a", "href")
    day = timezone.localdate() + timedelta(days=90)
    response = staff.post(address, form_of(staff.get(address)) | {"slug": "again", "first_day": day.isoformat()})
    made = Campaign.objects.get(slug="again")
    assert response["Location"] == f"/admin/campaigns/campaign/{made.pk}/change/"
    assert made.moments.order_by("starts_at").first().starts_at.astimezone(made.zone).date() == day
    assert client.get("/c/again/").status_code == 404


@pytest.mark.parametrize(
    ("slug", "message"), [("", "required"), ("a b", "slug"), (None, "Another campaign already has this slug")]
)
def test_a_slug_that_can_not_be_is_refused_at_its_field(staff, live, slug, message):
    response = staff.post(f"/admin/campaigns/campaign/{live.pk}/copy/", {"slug": live.slug if slug is None else slug})
    assert response.status_code == 422
    assert message in Html(response).text
    assert Campaign.objects.count() == 1


def test_two_who_take_the_same_slug_at_once_get_one_campaign_and_a_word(staff, live, monkeypatch):
    """The second one's form was right when it was looked at."""
    factories.campaign(slug="again")
    monkeypatch.setattr(CopyForm, "clean_slug", lambda form: form.cleaned_data["slug"])
    response = staff.post(f"/admin/campaigns/campaign/{live.pk}/copy/", {"slug": "again"})
    assert response.status_code == 422
    assert "Another campaign already has this slug" in Html(response).text
    assert Campaign.objects.count() == 2


def test_a_copy_is_whole_or_not_at_all(full, monkeypatch):
    def fail(*arguments):
        raise RuntimeError

    monkeypatch.setattr(copying.combining, "store", fail)
    with pytest.raises(RuntimeError):
        copying.copy(full, "again")
    assert Campaign.objects.count() == 1
    assert PressKit.objects.count() == 1
