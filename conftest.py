from __future__ import annotations

import functools
import gc
import os
import subprocess
import sys

import pytest
from django.core.cache import cache
from django.template.base import Template
from django.template.context import RequestContext


def pytest_collection_finish():
    """What is loaded by now stays: the collector need not walk through it, a fifth of the time of a page, again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


@pytest.fixture(autouse=True, scope="session")
def _keep_only_the_context_of_pages(django_test_environment):
    """`response.context` is that of the page. Django's test client also copies and keeps that of every field and every part of it,
    some thousand for a page of the admin: a sixth of its time."""
    keep = Template._render

    def render(template, context):
        is_page = isinstance(context, RequestContext) and context.template is template
        return keep(template, context) if is_page else template.nodelist.render(context)

    Template._render = render
    yield
    Template._render = keep


def pytest_addoption(parser):
    parser.addoption(
        "--requirement", metavar="NUMBER", help="Only the tests of this requirement of docs/safety.md: S17"
    )


def pytest_collection_modifyitems(config, items):
    wanted = config.getoption("requirement")
    if wanted:
        left = [item for item in items if not any(wanted in mark.args for mark in item.iter_markers("requirement"))]
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if item not in left]


@pytest.fixture(autouse=True, scope="session")
def _keep_nothing():
    """What one line of a test changes the next one sees: core/tests/test_kept.py keeps things for as long as the site does."""
    from core import kept

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kept, "SECONDS", 0.0)
        yield


@pytest.fixture(autouse=True, scope="session")
def _flush_quickly():
    from django.test import TransactionTestCase

    from tests.flush import flush_quickly

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", flush_quickly(TransactionTestCase._fixture_teardown))
        yield


@pytest.fixture(autouse=True, scope="session")
def _make_managers_of_history_once():
    """simple-history makes a class anew whenever a row that has a history is saved: a twentieth of the time of all tests."""
    from simple_history.manager import HistoryManager

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(HistoryManager, "from_queryset", staticmethod(functools.cache(HistoryManager.from_queryset)))
        yield


@pytest.fixture(autouse=True)
def _forget_caches():
    """No test sees what another one left in Valkey or in this process."""
    from core import changes, kept, switches
    from core.privacy import day_key
    from core.web import ratelimit
    from core.web.cache import wake
    from progress import meter_image

    wake()
    ratelimit.own.clear()
    meter_image._figures.cache_clear()
    cache.clear()
    day_key.forget()
    kept.forget()
    switches.forget()
    changes.Heard.version, changes.Heard.look_at = "", 0.0


@pytest.fixture
def content_types(db):
    """Django has read them, as a process has after its first pages: where queries are counted, this is none of them."""
    from django.apps import apps
    from django.contrib.contenttypes.models import ContentType

    ContentType.objects.get_for_models(*apps.get_models())


@pytest.fixture(scope="session")
def collected(tmp_path_factory):
    """A STATIC_ROOT for processes under config.settings, which start with none but a collected one."""
    from tests.settings import KEYS

    folder = tmp_path_factory.mktemp("static")
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", **KEYS, "STATIC_ROOT": str(folder)}
    subprocess.run([sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"], env=environment, check=True)
    return folder


@pytest.fixture
def one_minute():
    """The test begins with the minute, so that what is counted by the minute is counted in one."""
    from datetime import UTC, datetime

    import time_machine

    with time_machine.travel(datetime.now(UTC).replace(second=1)):
        yield


@pytest.fixture
def live(db):
    """A live campaign with everything."""
    from tests import factories

    return factories.campaign()


@pytest.fixture
def smtp(settings):
    """A real SMTP server that Django's mail goes to."""
    from tests.smtp import serving

    with serving() as mailbox:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", mailbox.port
        yield mailbox


@pytest.fixture
def simulator(settings):
    """X, simulated, over HTTP, and connected."""
    from xsim import Simulator

    sim = Simulator(bearer="test-bearer", client_id="client-id", client_secret="client-secret")
    with sim.serve() as url:
        settings.X_API_BASE, settings.X_BEARER_TOKEN = url, "test-bearer"
        yield sim


@pytest.fixture
def staff(db, client):
    """A client that is logged in as staff, with a password and a second factor."""
    from tests.login import logged_in, make_staff

    return logged_in(make_staff())


@pytest.fixture
def admin(staff):
    return staff
