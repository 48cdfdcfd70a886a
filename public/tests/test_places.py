"""Places and calendars: Kosovo, crawlers, a calendar with something in it, a table that spreadsheets read."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.utils import timezone, translation
from django_countries import countries
from icalendar import Calendar

from petitions import tally
from petitions.forms import SignForm
from progress import archive, world_map
from progress.views.page import countries_of
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["en", "ar", "fr", "es"])
def test_kosovo_is_a_country_of_the_list(language):
    with translation.override(language):
        assert dict(SignForm().fields["country"].choices)["XK"]


def test_kosovo_is_on_the_map_and_in_the_data(client, live):
    assert "XK" in world_map._world()["shapes"]
    for _ in range(6):
        factories.signature(live.petition, country="XK")
    tally.settle_all()
    factories.told(live.petition)
    assert dict(countries_of(live))["XK"] == 6
    assert 'class="m1"' in world_map.draw([("XK", 6)], "red")
    rows = client.get(f"/petitions/{live.petition.pk}.json").json()["data"]["attributes"]["signatures_by_country"]
    assert {"name": "Kosovo", "code": "XK", "signature_count": 6} in rows


def test_every_country_of_the_map_is_in_the_list():
    drawn = world_map._world()
    assert {*drawn["shapes"], *drawn["points"]} <= set(dict(countries))


def test_crawlers_find_the_sitemap(client):
    answer = client.get("/robots.txt")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert "Sitemap: http://testserver/sitemap.xml\n" in answer.content.decode()
    assert "no-store" not in answer["Cache-Control"]


def events(client, live):
    return Calendar.from_ical(client.get(f"/c/{live.slug}/action.ics").content).walk("VEVENT")


def test_a_calendar_is_never_empty(client, live):
    assert client.get(f"/c/{live.slug}/action.ics").status_code == 404
    past = factories.day_of_action(live, title="Past", starts_at=timezone.now() - timedelta(days=9))
    past.ends_at = past.starts_at + timedelta(hours=2)
    past.save()
    assert [str(event["summary"]) for event in events(client, live)] == ["Past"]
    factories.day_of_action(live, title="Coming", starts_at=timezone.now() + timedelta(days=9))
    assert [str(event["summary"]) for event in events(client, live)] == ["Coming"]


@pytest.mark.parametrize("name", ["figures", "signatures", "countries", "tweets"])
@pytest.mark.parametrize("language", ["", "/ar"])
def test_a_spreadsheet_knows_how_the_letters_are_written(client, live, name, language):
    table = client.get(f"{language}/c/{live.slug}/{name}.csv").content
    assert table.startswith(b"\xef\xbb\xbf")
    assert table.count(b"\xef\xbb\xbf") == 1


def test_so_does_one_in_the_archive(live):
    pack = zipfile.ZipFile(io.BytesIO(archive.build(live)))
    tables = [name for name in pack.namelist() if name.endswith(".csv")]
    assert tables
    assert all(pack.read(name).startswith(b"\xef\xbb\xbf") for name in tables)
