"""The picture of a handover: drawn anew, described, and shown where faces may be; staff replace it and take it away."""

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from PIL import Image

from campaigns.delivering import recording
from campaigns.models import KeyMoment, MomentPicture, Recap
from core.drawing import pictures
from core.privacy.safety import SafetyLevel
from desk.tests.test_campaign_page import added
from tests import factories
from tests.deliveries import page, recorded
from tests.exports import officer
from tests.html import Html, form_of
from tests.login import make_staff

pytestmark = pytest.mark.django_db
WHERE = "Example Place 7, before the door"


def upload(colour="red", size=(1600, 1200), kind="PNG"):
    """A file that says where it was taken."""
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x010E] = WHERE
    Image.new("RGB", size, colour).save(out, kind, exif=exif)
    assert WHERE.encode() in out.getvalue()
    return SimpleUploadedFile(f"handover.{kind.lower()}", out.getvalue(), f"image/{kind.lower()}")


@pytest.fixture
def organiser(db):
    return officer("organiser", "organiser")


def handed_over(organiser, campaign, alt="Four people carry boxes", **file):
    delivery = factories.delivery(campaign, make_staff("carrier@example.org"), signatures=12)
    response = recorded(organiser, delivery, alt=alt, **{"picture": upload(), **file})
    delivery.refresh_from_db()
    return delivery, response


def shown(client, address):
    """[(address, description)] of the handover's pictures on a page."""
    images = Html(client.get(address)).find("img.picture")
    return [(image["src"], image["alt"]) for image in images if "/moments/" in image["src"]]


@pytest.mark.requirement("A22")
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_the_picture_of_a_handover_is_drawn_anew_and_needs_a_description(client, live, organiser, kind):
    delivery, refused = handed_over(organiser, live, alt="", picture=upload(kind=kind))
    assert refused.status_code == 422 and "what can be seen on the picture" in refused.content.decode()
    assert not KeyMoment.objects.exists()
    no_picture = SimpleUploadedFile("a.svg", b"<svg onload=alert(1)>", "image/svg+xml")
    assert recorded(organiser, delivery, alt="x", picture=no_picture).status_code == 422
    assert recorded(organiser, delivery, alt="Four people", picture=upload(kind=kind)).status_code == 302
    made = MomentPicture.objects.get()
    content = bytes(made.content)
    assert content.startswith(b"\xff\xd8") and WHERE.encode() not in content and b"Exif" not in content
    assert (made.width, made.height, made.alt) == (960, 720, "Four people")
    assert len(content) <= pictures.SMALL
    answer = client.get(made.get_absolute_url())
    assert (answer.content, answer["Content-Type"]) == (content, "image/jpeg")
    with pytest.raises(IntegrityError), transaction.atomic():
        MomentPicture.objects.update(alt="")


def test_it_stands_with_its_moment_on_page_progress_and_recap(client, live, organiser):
    delivery, _ = handed_over(organiser, live)
    Recap.objects.create(campaign=live, text="It went well.", published_at=timezone.now())
    expected = [(delivery.moment.picture.get_absolute_url(), "Four people carry boxes")]
    for address in (live.get_absolute_url(), f"/c/{live.slug}/progress/", f"/c/{live.slug}/recap/"):
        assert shown(client, address) == expected, address
        (image,) = [image for image in Html(client.get(address)).find("img.picture") if "/moments/" in image["src"]]
        assert (image["loading"], image["width"], image["height"]) == ("lazy", "960", "720"), address
    assert "R-77" in Html(client.get(f"/c/{live.slug}/recap/")).text


def test_without_one_there_is_none(client, live, organiser):
    delivery = factories.delivery(live, make_staff("carrier@example.org"))
    assert recorded(organiser, delivery).status_code == 302
    for address in (live.get_absolute_url(), f"/c/{live.slug}/progress/"):
        assert shown(client, address) == []


@pytest.mark.requirement("S2")
@pytest.mark.parametrize("level", [SafetyLevel.ELEVATED, SafetyLevel.HIGH])
def test_where_no_names_are_shown_no_face_is(client, organiser, level):
    campaign = factories.campaign(safety=level)
    delivery = factories.delivery(campaign, make_staff("carrier@example.org"))
    assert not Html(organiser.get(page(delivery, "hand_over"))).find("[type=file]")
    drawn = pictures.Picture(b"jpeg", 4, 3)
    with pytest.raises(recording.NotToBeRecorded):
        recording.record(delivery, timezone.now() - timedelta(hours=1), "", drawn, "Faces")
    assert recorded(organiser, delivery, picture=upload(), alt="Faces").status_code == 302
    assert KeyMoment.objects.exists() and not MomentPicture.objects.exists()
    moment = f"/admin/campaigns/keymoment/{KeyMoment.objects.get().pk}/change/"
    assert not Html(organiser.get(moment)).find("[type=file]")


@pytest.mark.requirement("S2")
def test_a_level_that_is_raised_takes_faces_away_within_a_minute(client, live, organiser):
    delivery, _ = handed_over(organiser, live)
    where = delivery.moment.picture.get_absolute_url()
    assert "max-age=60" in client.get(where)["Cache-Control"]
    type(live).objects.filter(pk=live.pk).update(safety="elevated")
    assert client.get(where).status_code == 404
    for address in (live.get_absolute_url(), f"/c/{live.slug}/progress/"):
        assert shown(client, address) == []
    moment = f"/admin/campaigns/keymoment/{delivery.moment_id}/change/"
    form = form_of(organiser.get(moment)) | {"picture-0-DELETE": "on"}
    assert organiser.post(moment, form).status_code == 302
    assert not MomentPicture.objects.exists()


def test_staff_replace_it_and_take_it_away(client, live, organiser):
    delivery, _ = handed_over(organiser, live)
    first = delivery.moment.picture.get_absolute_url()
    moment = f"/admin/campaigns/keymoment/{delivery.moment_id}/change/"
    form = form_of(organiser.get(moment)) | {"picture-0-picture": upload("blue"), "picture-0-alt": "Two people"}
    assert organiser.post(moment, form).status_code == 302
    made = MomentPicture.objects.get()
    assert shown(client, live.get_absolute_url()) == [(made.get_absolute_url(), "Two people")]
    assert client.get(first).status_code == 404, "another picture has another address"
    assert organiser.post(moment, form_of(organiser.get(moment)) | {"picture-0-DELETE": "on"}).status_code == 302
    assert client.get(made.get_absolute_url()).status_code == 404
    assert shown(client, live.get_absolute_url()) == []
    form = form_of(organiser.get(moment))
    added(form, "picture", alt="Again", picture=upload())
    assert organiser.post(moment, form).status_code == 302
    assert [alt for _, alt in shown(client, live.get_absolute_url())] == ["Again"]


def test_other_moments_have_none(live, organiser):
    moment = KeyMoment.objects.create(campaign=live, title="A day", starts_at=timezone.now())
    assert not Html(organiser.get(f"/admin/campaigns/keymoment/{moment.pk}/change/")).find("[type=file]")


def test_a_moment_that_was_withdrawn_shows_none(client, live, organiser):
    delivery, _ = handed_over(organiser, live)
    where = delivery.moment.picture.get_absolute_url()
    KeyMoment.objects.update(withdrawn_at=timezone.now(), withdrawn_because="It was somebody else")
    assert client.get(where).status_code == 404
    for address in (live.get_absolute_url(), f"/c/{live.slug}/progress/"):
        assert shown(client, address) == []
