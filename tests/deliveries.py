"""Packs for the target as staff have them: asked for, written by the workers, fetched and opened, recorded as handed over."""

import io
import zipfile

from django.utils import timezone
from openpyxl import load_workbook

from campaigns import tasks
from campaigns.models import Delivery
from tests.exports import opened
from tests.html import form_of

LIST = "/admin/campaigns/delivery/"


def page(delivery, step="change"):
    return f"{LIST}{delivery.pk}/{step}/"


def asked(browser, campaign):
    before = set(Delivery.objects.values_list("pk", flat=True))
    form = form_of(browser.get(f"{LIST}add/")) | {"campaign": str(campaign.pk)}
    response = browser.post(f"{LIST}add/", form)
    assert response.status_code == 302, response.content.decode()
    return Delivery.objects.exclude(pk__in=before).get()


def written(delivery):
    tasks.write_deliveries()
    delivery.refresh_from_db()


def fetched(browser, delivery, identity):
    """{name: content} of the pack's files."""
    return unpacked(browser.post(page(delivery, "fetch")), identity)


def unpacked(response, identity):
    """{name: content} of a pack's files, as they were fetched."""
    with zipfile.ZipFile(io.BytesIO(opened(response, identity))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def sheet(files):
    content = next(content for name, content in files.items() if name.endswith(".xlsx"))
    return [[cell or "" for cell in row] for row in load_workbook(io.BytesIO(content)).worksheets[0].values]


def names(files):
    return [row[1] for row in sheet(files) if row[0] == "name"]


def recorded(browser, delivery, **fields):
    now = timezone.now().astimezone(delivery.campaign.zone)
    form = {"handed_over_at_0": f"{now:%Y-%m-%d}", "handed_over_at_1": f"{now:%H:%M}", "receipt": "R-77"} | fields
    return browser.post(page(delivery, "hand_over"), form)
