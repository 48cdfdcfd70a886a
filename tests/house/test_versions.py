"""Every form of staff that edits rows merges what two people save: core/staff/versions.py."""

from types import SimpleNamespace

import pytest
from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.test import RequestFactory

from accounts.models import User
from campaigns.models import Campaign
from core.staff.pages import NothingToSave
from core.staff.rows import VersionedRows
from core.staff.versions import VersionedForm
from desk.languages import TranslationForm
from desk.terms import TermsForm
from desk.timeline import MoveForm
from petitions.admin_paper import CorrectForm
from tests.house.sources import ROOMS

pytestmark = pytest.mark.django_db
OURS = sorted((page for page in admin.site._registry.values() if type(page).__module__.split(".")[0] in ROOMS), key=str)
# Those of a campaign are not registered; some only list.
OURS += [page for page in admin.site._registry[Campaign].made if isinstance(page, ModelAdmin)]


def staff_request():
    request = RequestFactory().get("/")
    request.user = User(is_superuser=True, is_staff=True, is_active=True)
    request.resolver_match = SimpleNamespace(args=(), kwargs={})
    return request


def edited(request):
    """The pages of the admin that somebody may save something on that exists."""
    return [page for page in OURS if page.has_change_permission(request) and not isinstance(page, NothingToSave)]


def test_every_page_that_is_saved_and_every_row_on_it_knows_what_it_was_made_from():
    request = staff_request()
    pages = edited(request)
    assert len(pages) >= 8
    rows = 0
    for page in pages:
        # The page of an account has another form for a new one.
        row = page.model() if hasattr(page, "add_form") else None
        assert issubclass(page.get_form(request, row, change=True), VersionedForm), page
        assert page.change_form_before_template == "staff/before_form.html", page
        for inline in page.get_inline_instances(request):
            formset = inline.get_formset(request)
            assert issubclass(formset, VersionedRows) and issubclass(formset.form, VersionedForm), (page, inline)
            assert not hasattr(inline, "inlines"), "rows within rows are made elsewhere"
            rows += 1
    assert rows >= 9


def test_nothing_is_edited_in_a_list():
    """Such a form would know no version."""
    assert [page for page in OURS if page.list_editable] == []


def test_the_forms_of_our_own_pages_are_versioned_too():
    assert all(issubclass(form, VersionedForm) for form in (TranslationForm, MoveForm, TermsForm, CorrectForm))
