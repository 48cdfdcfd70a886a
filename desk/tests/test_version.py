"""Staff see which release they work with, and nobody else does."""

import tomllib
from pathlib import Path

import pytest
from django.conf import settings

from tests.html import Html

pytestmark = pytest.mark.django_db


def test_staff_see_the_version(staff):
    released = tomllib.loads((Path(settings.BASE_DIR) / "pyproject.toml").read_text())["project"]["version"]
    assert f"Outcry {released}" in Html(staff.get("/admin/").content).text


@pytest.mark.parametrize("page", ["/", "/accounts/login/", "/healthz", "/readyz", "/nowhere/"])
def test_nobody_else_does(client, page):
    from operations.version import version

    assert version() not in client.get(page).content.decode()
