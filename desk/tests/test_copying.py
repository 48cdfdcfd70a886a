"""A new campaign after another one: what comes along, and what never does."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db.models import ForeignKey
from django.utils import timezone

from actions import combining, samples
from actions.models import SamplePart, SampleTweet
from campaigns import copying
from campaigns.models import Campaign, PressKit, Source, Status
from core.text.translations import Translatable
from desk.copying import CopyForm
from petitions import tally
from petitions.models import Signature
from progress.figures import public_figures
from tests import factories, world
from tests.html import Html, form_of

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


def test_every_text_that_can_be_translated_is_copied_or_left_on_purpose():
    """Whoever adds a part to campaigns says here whether it comes along."""
    parts = {
        model.__name__
        for model in Translatable.__subclasses__()
        if any(isinstance(field, ForeignKey) and field.related_model is Campaign for field in model._meta.fields)
        or any(field.name == "campaign" for field in model._meta.fields)
    }
    assert parts == {"Demand", "CampaignPicture", "KeyMoment", "PressKit"} | {"Update", "Response", "Recap"}


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
    ("slug", "message"), [("", "required"), ("a b", "slug"), (None, "There is a campaign with this slug")]
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
    assert "There is a campaign with this slug" in Html(response).text
    assert Campaign.objects.count() == 2


def test_a_copy_is_whole_or_not_at_all(full, monkeypatch):
    def fail(*arguments):
        raise RuntimeError

    monkeypatch.setattr(copying.combining, "store", fail)
    with pytest.raises(RuntimeError):
        copying.copy(full, "again")
    assert Campaign.objects.count() == 1
    assert PressKit.objects.count() == 1
