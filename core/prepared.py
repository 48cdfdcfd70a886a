"""Statements that PostgreSQL reads once for each connection: for what thousands do at once."""

from __future__ import annotations

import select
from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import Any, TypeVar, cast

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.backends.postgresql import base
from psycopg import sql

Row = TypeVar("Row", bound=models.Model)
# Django's stubs know little of its cursors and connections.
BoundByServer: Any = base.ServerBindingCursor


class Prepared(BoundByServer):
    """PostgreSQL reads the statement once for each connection; a pooler in between must keep sessions, or prepare by itself."""

    def execute(self, query: Any, params: Any = None, **more: Any) -> Prepared:
        super().execute(query, params, prepare=True)
        return self


def insert(row: models.Model, on_conflict: str = "") -> None:
    """Inserts what Model.save(force_insert=True) would, at a fifth of its cost: without signals, defaults of the database and a
    look at what it became. `on_conflict`: "DO NOTHING", for instance. Raises IntegrityError."""
    database: Any = connections[DEFAULT_DB_ALIAS]
    statement, fields = _statement(type(row), on_conflict)
    known = vars(row)
    # Most are what the row says, and half are empty: Django would think about each.
    found = [(field, field.pre_save(row, True) if is_made else known[field.attname]) for field, is_made in fields]
    values = [None if value is None else field.get_db_prep_save(value, database) for field, value in found]
    with _cursor(database) as cursor:
        cursor.execute(statement, values)
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


def update(model: type[models.Model], where: str, parameters: Mapping[str, object], **fields: Any) -> int:
    """Sets these fields as QuerySet.update would, at a third of its cost, in the rows for which `where` holds: a condition of our own
    in SQL, with its parameters as `fetch` has them. How many rows that were. Raises IntegrityError."""
    database: Any = connections[DEFAULT_DB_ALIAS]
    statement, columns = _changing(model, where, tuple(fields))
    values = {f"new_{name}": column.get_db_prep_save(fields[name], database) for name, column in columns.items()}
    with _cursor(database) as cursor:
        cursor.execute(statement, {**parameters, **values})
        changed: int = cursor.rowcount
    return changed


def get(model: type[Row], pk: object) -> Row:
    """The row with this key, as `model.objects.get(pk=pk)` reads it, at a quarter of its cost. Raises `model.DoesNotExist`."""
    statement, names, converters = _reading(model)
    rows = fetch(statement, {"pk": pk})
    if not rows:
        raise cast(Any, model).DoesNotExist
    values = list(rows[0])
    for place, convert in converters:
        values[place] = convert(values[place])
    return model.from_db(DEFAULT_DB_ALIAS, names, values)


def fetch(statement: str, parameters: Mapping[str, object]) -> list[tuple[Any, ...]]:
    """The rows that a statement of our own answers with. Its parameters are written %(name)s; each needs a type that PostgreSQL can
    tell from where it stands."""
    with _cursor(connections[DEFAULT_DB_ALIAS]) as cursor:
        cursor.execute(statement, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _cursor(database: Any) -> Any:
    _look_after(database)
    with database.wrap_database_errors:
        bare = Prepared(database.connection)
        return database.make_debug_cursor(bare) if database.queries_logged else database.make_cursor(bare)


def _look_after(database: Any) -> None:
    """A connection that the server has closed is made anew. Django asks a question of it; its socket says so too."""
    if not database.in_atomic_block and database.connection is not None and not database.health_check_done:
        if select.select([database.connection.fileno()], [], [], 0)[0]:
            database.close()
        else:
            database.health_check_done = True
    database.ensure_connection()


@cache
def _reading(model: type[models.Model]) -> tuple[str, list[str], list[tuple[int, partial[Any]]]]:
    fields, database = model._meta.concrete_fields, connections[DEFAULT_DB_ALIAS]
    statement = sql.SQL("SELECT {} FROM {} WHERE {} = %(pk)s").format(
        sql.SQL(", ").join(sql.Identifier(str(field.column)) for field in fields),
        sql.Identifier(model._meta.db_table),
        sql.Identifier(str(model._meta.pk.column)),
    )
    converters = [
        (place, partial(_convert, converter, field.cached_col))
        for place, field in enumerate(fields)
        for converter in field.get_db_converters(database)
    ]
    return statement.as_string(None), [field.attname for field in fields], converters


def _convert(converter: Callable[..., Any], column: object, value: object) -> Any:
    return converter(value, column, connections[DEFAULT_DB_ALIAS])


@cache
def _changing(model: type[models.Model], where: str, names: tuple[str, ...]) -> tuple[str, dict[str, Any]]:
    fields: dict[str, Any] = {name: model._meta.get_field(name) for name in names}
    statement = sql.SQL("UPDATE {} SET {} WHERE {}").format(
        sql.Identifier(model._meta.db_table),
        sql.SQL(", ").join(
            sql.SQL("{} = {}").format(sql.Identifier(field.column), sql.Placeholder(f"new_{name}"))
            for name, field in fields.items()
        ),
        sql.SQL(where),
    )
    return statement.as_string(None), fields


@cache
def _statement(model: type[models.Model], on_conflict: str) -> tuple[str, list[tuple[models.Field[Any, Any], bool]]]:
    """The statement, and its fields in order, each with whether it makes its value itself when a row is saved."""
    fields = [
        field
        for field in model._meta.local_concrete_fields
        if not field.generated and not isinstance(field, models.AutoField)
    ]
    conflict = sql.SQL(f" ON CONFLICT {on_conflict}" if on_conflict else "")
    statement = sql.SQL("INSERT INTO {} ({}) VALUES ({}){}").format(
        sql.Identifier(model._meta.db_table),
        sql.SQL(", ").join(sql.Identifier(str(field.column)) for field in fields),
        sql.SQL(", ").join(sql.SQL("%s") for _field in fields),
        conflict,
    )
    return statement.as_string(None), [(field, _makes_it(field)) for field in fields]


def _makes_it(field: models.Field[Any, Any]) -> bool:
    if isinstance(field, models.DateField | models.TimeField):
        return any(getattr(field, name) for name in ("auto_now", "auto_now_add"))
    return type(field).pre_save is not models.Field.pre_save
