"""What waits for a decision takes it by one key too."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group

from core.staff.queues import ByKeyboard
from tests import world
from tests.html import Html
from tests.login import logged_in, make_staff

pytestmark = pytest.mark.django_db
TAKEN = set("JKXU")


def queues():
    return [(model, one) for model, one in admin.site._registry.items() if isinstance(one, ByKeyboard)]


def list_of(model):
    return f"/admin/{model._meta.app_label}/{model._meta.model_name}/"


def test_each_key_runs_an_action_of_its_list_and_no_key_does_two_things(staff, live):
    world.everything(live)
    assert len(queues()) == 4
    for model, one in queues():
        page = Html(staff.get(list_of(model), follow=True))
        keys, actions = page.texts("[data-keys] kbd[data-action]"), page.values("[data-action]", "data-action")
        assert keys == [*one.keys]
        assert not TAKEN & set(keys)
        assert set(actions) <= set(page.values("#changelist-form select[name=action] option", "value"))


def test_who_may_not_decide_is_offered_no_keys(live):
    world.everything(live)
    analyst = logged_in(make_staff("an@example.org", superuser=False, groups=(Group.objects.get(name="analyst"),)))
    for model, _ in queues():
        answer = analyst.get(list_of(model), follow=True)
        assert answer.status_code in (200, 403)
        assert not Html(answer).find("[data-keys], [data-begin]")
