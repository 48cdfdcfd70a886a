"""Operations of migrations: many tables at once; indexes that come and go beside the traffic."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.postgres.operations import AddIndexConcurrently, NotInTransactionMixin
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import AlterField, CreateModel
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class CreateTables(Operation):
    """Creates tables, one after the other; they may refer to each other as they like.

    After each `CreateModel` of a migration Django builds all models anew that hang together with its table. Here that is nearly all,
    eighty times: three quarters of the time that it took to migrate an empty database. Now they are built once.
    """

    def __init__(self, tables: Sequence[CreateModel]) -> None:
        self.tables = tables

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        # The models that were built; Django builds them when somebody asks for the next one.
        state.__dict__.pop("apps", None)
        for table in self.tables:
            table.state_forwards(app_label, state)

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for table in self.tables:
            table.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for table in reversed(self.tables):
            table.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return f"Create models {', '.join(table.name for table in self.tables)}"


class AddIndexBeside(AddIndexConcurrently):
    """Builds an index while people sign, in a migration that is not atomic; one that was interrupted can be run again.

    PostgreSQL leaves what it could not end as an invalid index, which is dropped first; what an earlier run has ended stays.
    """

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        with schema_editor.connection.cursor() as cursor:
            cursor.execute("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(%s)", [self.index.name])
            found = cursor.fetchone()
        if found == (True,):
            return
        if found:
            schema_editor.execute(f"DROP INDEX CONCURRENTLY {schema_editor.quote_name(self.index.name)}")
        super().database_forwards(app_label, schema_editor, from_state, to_state)


class KeyWithoutIndex(NotInTransactionMixin, AlterField):
    """`AlterField` to the same foreign key with `db_index=False`, in a migration that is not atomic.

    Django would make the key anew as well, and look through the whole table for it while everybody who signs waits.
    """

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        self._ensure_not_in_transaction(schema_editor)
        model = to_state.apps.get_model(app_label, self.model_name)
        table, column = model._meta.db_table, model._meta.get_field(self.name).column
        named = {index.name for index in model._meta.indexes}
        with schema_editor.connection.cursor() as cursor:
            found = schema_editor.connection.introspection.get_constraints(cursor, table)
        for name, facts in found.items():
            if facts["index"] and not facts["unique"] and facts["columns"] == [column] and name not in named:
                schema_editor.execute(f"DROP INDEX CONCURRENTLY {schema_editor.quote_name(name)}")

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)
        # Django's stubs know nothing of how it names and writes the index of a key.
        editor: Any = schema_editor
        editor.execute(editor._create_index_sql(model, fields=[model._meta.get_field(self.name)]))
