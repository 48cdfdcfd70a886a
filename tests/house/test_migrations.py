"""A release is taken over, and taken back, while the other one runs: migrations only add, and say so when they don't."""

import pytest
from django.db import migrations, models
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ModelState, ProjectState

from tests.house.additive import complaints
from tests.house.sources import ROOT

KNOWN = models.CheckConstraint(condition=models.Q(("network__in", ["x", "other"])), name="network_is_known")
ONCE = models.UniqueConstraint(fields=("network", "title"), name="title_once")


def released():
    """A table that is in use."""
    fields = [
        ("id", models.BigAutoField(primary_key=True)),
        ("title", models.CharField(max_length=20)),
        ("network", models.CharField(max_length=8, db_default="x")),
        ("since", models.DateField(null=True)),
    ]
    state = ProjectState()
    state.add_model(ModelState("shop", "Post", fields, options={"constraints": [KNOWN, ONCE], "indexes": []}))
    return state


def judge(*operations, **attributes):
    made = type("Migration", (Migration,), {"operations": list(operations), **attributes})
    return complaints(made("0002_thrown_away", "shop"), released())


def test_every_migration_after_the_first_one_of_its_app_only_adds():
    loader = MigrationLoader(None)
    ours = {path.parent.parent.name for path in ROOT.glob("*/migrations/__init__.py")}
    later = [key for key in loader.disk_migrations if key[0] in ours and key[1] != "0001_initial"]
    assert len(ours) >= 6
    assert later
    faults = [complaints(loader.disk_migrations[key], loader.project_state(key, at_end=False)) for key in later]
    assert [line for lines in faults for line in lines] == []


@pytest.mark.parametrize(
    ("operation", "why"),
    [
        (migrations.RemoveField("post", "title"), "old name"),
        (migrations.RenameField("post", "title", "headline"), "old name"),
        (migrations.DeleteModel("post"), "old name"),
        (migrations.RenameModel("post", "entry"), "old name"),
        (migrations.AlterModelTable("post", "posts"), "old name"),
        (migrations.AddField("post", "likes", models.IntegerField(default=0)), "db_default"),
        (migrations.AlterField("post", "since", models.DateField()), "writes null"),
        (migrations.AlterField("post", "title", models.CharField(max_length=19)), "old type"),
        (migrations.AlterField("post", "title", models.IntegerField()), "old type"),
        (migrations.AlterField("post", "title", models.CharField(max_length=20, unique=True)), "twice"),
        (migrations.AlterField("post", "title", models.CharField(max_length=20, db_column="t")), "old name"),
        (migrations.AlterField("post", "network", models.CharField(max_length=8)), "without it"),
        (migrations.RemoveConstraint("post", "title_once"), "ON CONFLICT"),
        (migrations.AddConstraint("post", models.CheckConstraint(condition=~models.Q(title=""), name="n")), "refuses"),
        (migrations.AlterUniqueTogether("post", {("title", "since")}), "can't read"),
        (migrations.RunSQL("DROP TABLE shop_post"), "can't read"),
        (migrations.RunPython(migrations.RunPython.noop), "can't read"),
        (migrations.SeparateDatabaseAndState([migrations.RunSQL("DROP TABLE shop_post")]), "can't read"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_what_breaks_the_release_before_is_named(operation, why):
    (line,) = judge(operation)
    assert line.startswith(f"shop.0002_thrown_away: {operation.describe()}: ")
    assert why in line
    assert judge(operation, safe_because="nothing reads it since 0.3.0") == []
    assert judge(operation, safe_because="") != []
    assert judge(operation, safe_because="it is fine") != []


@pytest.mark.parametrize(
    "operation",
    [
        migrations.AddField("post", "likes", models.IntegerField(db_default=0)),
        migrations.AddField("post", "seen_at", models.DateTimeField(null=True)),
        migrations.AlterField("post", "title", models.CharField("headline", max_length=20, blank=True)),
        migrations.AlterField("post", "title", models.CharField(max_length=21)),
        migrations.AlterField("post", "title", models.TextField(null=True)),
        migrations.AddIndex("post", models.Index("title", name="post_by_title")),
        migrations.RemoveConstraint("post", "network_is_known"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_adds_or_widens_passes(operation):
    assert judge(operation) == []


def test_what_a_new_table_refuses_no_release_has_written():
    table = migrations.CreateModel(
        "Shelf", [("id", models.BigAutoField(primary_key=True)), ("name", models.TextField())]
    )
    assert judge(table, migrations.AddConstraint("shelf", ONCE.clone())) == []
    assert judge(table, migrations.AddField("shelf", "size", models.IntegerField())) == []


@pytest.mark.parametrize(("values", "faults"), [(["x", "other", "bluesky"], 0), (["x", "bluesky"], 1)])
def test_known_values_may_become_more_and_not_fewer(values, faults):
    new = models.CheckConstraint(condition=models.Q(("network__in", values)), name="network_is_known")
    made = judge(migrations.RemoveConstraint("post", "network_is_known"), migrations.AddConstraint("post", new))
    assert len(made) == faults


def test_one_column_with_a_default_does_not_hide_another_without():
    made = judge(
        migrations.AddField("post", "likes", models.IntegerField(default=0)),
        migrations.AddField("post", "shares", models.IntegerField(db_default=0)),
    )
    assert len(made) == 1
    assert "likes" in made[0]
