"""Every list of the admin asks as much of the database with 3,000 rows as with 30, and weighs no more than a page."""

import pytest
from django.contrib import admin
from django.db import connection, models, transaction
from django.db.models import UniqueConstraint
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import factories, scale, world
from tests.login import make_staff

pytestmark = pytest.mark.django_db
# Campaigns, of which desk/tests/ has many, and what there is one of for each campaign, person, login or signature.
FEW = {"Campaign", "PressKit", "Recap", "StaffSession", "Voice", "SecondLook", "Authenticator"}
# What makes a value another one, by the kind of its column; the first ones rather than the last ones.
DIFFERENT = {
    models.UUIDField: "gen_random_uuid()",
    models.IntegerField: "template.{0} + n",
    models.DateTimeField: "template.{0} - n * interval '1 hour'",
    models.BinaryField: "substr(sha256(n::text::bytea), 1, {1})",
    models.CharField: "n || template.{0}",
    models.TextField: "n || template.{0}",
}
WAYS = [*DIFFERENT.values(), "NULL"]


def columns(model):
    """Those that must differ from row to row, as SQL."""
    meta, found = model._meta, {}
    unique = [[field.name] for field in meta.local_concrete_fields if field.unique]
    unique += [[*each.fields] for each in meta.constraints if isinstance(each, UniqueConstraint)]
    # By an expression of it.
    unique += [["email"]] if model.__name__ in ("User", "Invitation") else []
    for names in [*unique, *meta.unique_together]:
        fields = [meta.get_field(name) for name in names]
        fields = [field for field in fields if not isinstance(field, models.AutoField)]
        if fields and not any(field.column in found for field in fields):
            field, way = min(((field, _way(field)) for field in fields), key=lambda one: one[1])
            found[field.column] = WAYS[way].format(field.column, field.max_length)
    return found


def _way(field):
    """Which of WAYS; the last of them empties what may be empty, and is all that a relation has."""
    if field.is_relation:
        return len(WAYS) - 1
    return next(number for number, kind in enumerate(DIFFERENT) if isinstance(field, kind))


def test_three_thousand_rows_cost_as_many_queries_as_thirty(live, staff):
    wrong, looked = [], 0
    for model, row in world.everything(live).items():
        if model.__name__ in FEW:
            continue
        asked = []
        for number in (30, 3_000):
            with transaction.atomic():
                scale.multiply(row, number, **columns(model))
                with CaptureQueriesContext(connection) as queries:
                    answer = staff.get(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"))
                transaction.set_rollback(True)
            asked.append(len(queries))
            if answer.status_code != 200 or len(answer.content) > 150_000 or len(queries) >= 25:
                wrong.append((model.__name__, number, answer.status_code, len(answer.content), len(queries)))
        if asked[1] > asked[0]:
            wrong.append((model.__name__, asked))
        looked += 1
    assert wrong == []
    assert looked == len(admin.site._registry) - len(FEW)


def test_many_second_looks_cost_as_many_queries_as_few(live, staff):
    # A removal of many is slept on.
    factories.signatures(live.petition, 300)
    asked = []
    for number in (3, 27):
        # One person alone may remove ten.
        for at in range(number):
            moderator = make_staff(f"moderator-{number}-{at}@example.org")
            factories.second_look(live.petition, moderator, f"I signed {'a' * at} myself")
        with CaptureQueriesContext(connection) as queries:
            assert staff.get(reverse("admin:petitions_secondlook_changelist")).status_code == 200
        asked.append(len(queries))
    assert asked[1] <= asked[0] < 25
