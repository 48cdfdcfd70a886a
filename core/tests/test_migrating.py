"""Indexes that come and go while people sign."""

import pytest
from django.db import NotSupportedError, connection, migrations, models, transaction
from django.db.migrations.state import ModelState, ProjectState

from core.migrating import AddIndexBeside, KeyWithoutIndex

INDEX = models.Index(fields=["size"], name="shelf_by_size")
OF_ITS_OWN = models.Index(fields=["room"], name="large_shelf_in_room", condition=models.Q(size__gt=3))
KEY = models.ForeignKey("core.Room", models.CASCADE)
BARE = models.ForeignKey("core.Room", models.CASCADE, db_index=False)


def state():
    made = ProjectState()
    made.add_model(ModelState("core", "Room", [("id", models.BigAutoField(primary_key=True))]))
    fields = [("id", models.BigAutoField(primary_key=True)), ("size", models.IntegerField()), ("room", KEY)]
    made.add_model(ModelState("core", "Shelf", fields, options={"indexes": [OF_ITS_OWN]}))
    return made


@pytest.fixture
def shelf(transactional_db):
    """Two tables of nobody's."""
    before = state()
    room, shelf = (before.apps.get_model("core", name) for name in ("Room", "Shelf"))
    with connection.schema_editor() as editor:
        editor.create_model(room)
        editor.create_model(shelf)
    yield
    with connection.schema_editor() as editor:
        editor.delete_model(shelf)
        editor.delete_model(room)


def run(operation, backwards=False):
    before = state()
    after = before.clone()
    operation.state_forwards("core", after)
    with connection.schema_editor(atomic=False) as editor:
        if backwards:
            operation.database_backwards("core", editor, after, before)
        else:
            operation.database_forwards("core", editor, before, after)


def indexes():
    """{name: whether it is valid}, without the primary key."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexrelid::regclass::text, indisvalid FROM pg_index "
            "WHERE indrelid = 'core_shelf'::regclass AND NOT indisprimary"
        )
        return dict(cursor.fetchall())


def test_an_index_that_is_there_already_stays(shelf):
    run(AddIndexBeside("shelf", INDEX))
    run(AddIndexBeside("shelf", INDEX))
    assert indexes()["shelf_by_size"]
    run(AddIndexBeside("shelf", INDEX), backwards=True)
    assert "shelf_by_size" not in indexes()


def test_one_that_was_interrupted_is_built_anew(shelf):
    run(AddIndexBeside("shelf", INDEX))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'shelf_by_size'::regclass")
    assert indexes()["shelf_by_size"] is False
    run(AddIndexBeside("shelf", INDEX))
    assert indexes()["shelf_by_size"] is True


def test_a_key_loses_its_index_and_stays_a_key(shelf):
    (own,) = indexes().keys() - {"large_shelf_in_room"}
    run(KeyWithoutIndex("shelf", "room", BARE))
    run(KeyWithoutIndex("shelf", "room", BARE))
    with connection.cursor() as cursor:
        keys = connection.introspection.get_relations(cursor, "core_shelf")
    assert (list(indexes()), keys) == (["large_shelf_in_room"], {"room_id": ("id", "core_room")})
    run(KeyWithoutIndex("shelf", "room", BARE), backwards=True)
    assert indexes().keys() == {"large_shelf_in_room", own}


@pytest.mark.parametrize("operation", [AddIndexBeside("shelf", INDEX), KeyWithoutIndex("shelf", "room", BARE)])
def test_neither_is_for_a_migration_in_one_transaction(shelf, operation):
    with pytest.raises(NotSupportedError), transaction.atomic():
        run(operation)


def test_both_are_judged_as_what_they_are():
    assert isinstance(AddIndexBeside("shelf", INDEX), migrations.AddIndex)
    assert isinstance(KeyWithoutIndex("shelf", "room", BARE), migrations.AlterField)
