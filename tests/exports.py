"""Exports as data officers have them: asked for, approved and fetched over HTTP, opened with their key."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pyrage
from django.contrib.auth.models import Group
from django.http import HttpResponse
from django.test import Client
from pyrage import x25519

from petitions import tasks
from petitions.models import Export, Petition
from tests.html import form_of
from tests.login import logged_in, make_staff

LIST = "/admin/petitions/export/"


def officer(name: str = "officer", role: str = "data officer") -> Client:
    return logged_in(make_staff(f"{name}@example.org", superuser=False, groups=(Group.objects.get(name=role),)))


def page(export: Export) -> str:
    return f"{LIST}{export.pk}/change/"


def asked(browser: Client, petition: Petition, purpose: str = "news", **fields: str) -> Export:
    """What the form makes of it."""
    form = {"petition": str(petition.pk), "purpose": purpose, "format": "csv", "reason": "For the newsletter"} | fields
    before = set(Export.objects.values_list("pk", flat=True))
    response = browser.post(f"{LIST}add/", form_of(browser.get(f"{LIST}add/")) | form)
    assert response.status_code == 302, response.content.decode()
    return Export.objects.exclude(pk__in=before).get()


def begun(petition: Petition, purpose: str = "news", **fields: str) -> tuple[Client, Export]:
    """Asked for, approved by somebody else, and written; with the browser of whoever may fetch it."""
    number = Export.objects.count()
    browser = officer(f"officer-{number}")
    export = asked(browser, petition, purpose, **fields)
    if export.state == Export.State.WAITING:
        assert officer(f"second-{number}").post(page(export), {"verb": "approve"}).status_code == 302
    written(export)
    return browser, export


def written(export: Export) -> None:
    tasks.write_exports()
    export.refresh_from_db()


def fetch(browser: Client, export: Export, number: int = 1) -> HttpResponse:
    return browser.post(f"{LIST}{export.pk}/fetch/", {"part": str(number)})


def opened(response: HttpResponse, identity: str) -> bytes:
    """The file inside the age file."""
    assert response.status_code == 200, response
    assert re.fullmatch(rb"age-encryption.org/v1\n.*", response.content, re.DOTALL)
    return bytes(pyrage.decrypt(response.content, [x25519.Identity.from_str(identity)]))


def table(content: bytes) -> list[list[str]]:
    """Header and rows of a CSV."""
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def cells(browser: Client, export: Export, identity: str, **more: Any) -> list[str]:
    """The first column of all parts, as they follow."""
    numbers = export.parts.values_list("number", flat=True)
    tables = [table(opened(fetch(browser, export, number), identity)) for number in numbers]
    return [row[0] for one in tables for row in one[1:]]
