"""How the database becomes as it was after a test that commits.

Django empties all of a hundred tables, and makes permissions, content types and roles anew. Here only tables that hold rows
are emptied; those with rows from the start are looked at, and stay. Where one of them has changed, Django does it its way.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test import TransactionTestCase

Contents = dict[str, str]


def flush_quickly(flush: Callable[[TransactionTestCase], None]) -> Callable[[TransactionTestCase], None]:
    """`TransactionTestCase._fixture_teardown` for tests on one database; `flush` is Django's own."""
    at_first: Contents = {}

    def teardown(test: TransactionTestCase) -> None:
        if at_first and _emptied_to(at_first):
            return
        flush(test)
        at_first.clear()
        at_first.update(_contents(_filled()))

    return teardown


def _emptied_to(at_first: Contents) -> bool:
    """Empty what was filled since; False when something is still not as it was."""
    new = _filled() - at_first.keys()
    if new:
        _ask(f"TRUNCATE {', '.join(map(connection.ops.quote_name, new))} CASCADE")
    return _contents(at_first.keys() | _filled()) == at_first


def _filled() -> set[str]:
    """The tables that hold at least one row."""
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    rows = _ask(
        " UNION ALL ".join(f"(SELECT '{name}' FROM {connection.ops.quote_name(name)} LIMIT 1)" for name in tables)
    )
    return {name for (name,) in rows}


def _contents(tables: Any) -> Contents:
    """By table: a hash of its rows."""
    return {
        name: _ask(f"SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {connection.ops.quote_name(name)} t")[
            0
        ][0]
        for name in tables
    }


def _ask(sql: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall() if cursor.description else []
