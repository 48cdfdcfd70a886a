"""Which migrations would break a release that still runs while they are applied, or that is put back after them.

The operations are judged, not their SQL: a linter of SQL sees one column's default and takes it for another's.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import connection, models
from django.db.migrations import Migration, operations
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models.constraints import BaseConstraint

HARMLESS = (
    operations.CreateModel,
    operations.AlterModelOptions,
    operations.AlterModelManagers,
    operations.AlterModelTableComment,
    operations.AlterConstraint,
    operations.AddIndex,
    operations.RemoveIndex,
    operations.RenameIndex,
)
BREAKS = (
    operations.RemoveField,
    operations.RenameField,
    operations.DeleteModel,
    operations.RenameModel,
    operations.AlterModelTable,
)


def complaints(migration: Migration, before: ProjectState) -> list[str]:
    """What is wrong with it, one line a fault; `before` is the state that it starts from, and is changed.

    A migration that says why it may run, in `safe_because`, is believed.
    """
    if len(str(getattr(migration, "safe_because", "")).split()) >= 4:
        return []
    return [f"{migration.app_label}.{migration.name}: {fault}" for fault in _faults(migration, before)]


def _faults(migration: Migration, state: ProjectState) -> Iterator[str]:
    label, made, removed = migration.app_label, set[str](), dict[str, BaseConstraint]()
    for operation in migration.operations:
        if isinstance(operation, operations.RemoveConstraint):
            model = state.models[label, operation.model_name_lower]
            removed[operation.name] = model.get_constraint_by_name(operation.name)
        fault = _fault(operation, label, state, removed)
        if fault and getattr(operation, "model_name_lower", None) not in made:
            yield f"{operation.describe()}: {fault}"
        if isinstance(operation, operations.CreateModel):
            made.add(operation.name_lower)
        operation.state_forwards(label, state)


def _fault(operation: Operation, label: str, state: ProjectState, removed: dict[str, BaseConstraint]) -> str:
    """What a release that does not know this operation trips over, "" for nothing; `removed` holds constraints by name."""
    match operation:
        case _ if isinstance(operation, HARMLESS):
            return ""
        case _ if isinstance(operation, BREAKS):
            return "the release before still reads and writes the old name"
        case operations.AddField(field=field):
            return "" if _is_filled(field) else "give it db_default, or null: the release before writes rows without it"
        case operations.AlterField(model_name_lower=model, name=name, field=field):
            return _narrowed(_named(state.models[label, model].get_field(name), name), _named(field, name))
        case operations.RemoveConstraint(name=name):
            is_check = isinstance(removed[name], models.CheckConstraint)
            return "" if is_check else "the release before may write ON CONFLICT upon it"
        case operations.AddConstraint(constraint=constraint):
            grown = _known(removed.get(constraint.name)) and _known(removed[constraint.name]) <= _known(constraint)
            return "" if grown else "the release before may write what it refuses"
    return "this check can't read what it does"


def _known(constraint: BaseConstraint | None) -> set[object]:
    """The values that a constraint `<column>__in=[…]` knows; of any other one, none."""
    match getattr(getattr(constraint, "condition", None), "children", []):
        case [(str(lookup), [*values])] if lookup.endswith("__in"):
            return {lookup, *values}
    return set()


def _is_filled(field: models.Field[Any, Any]) -> bool:
    """Whether a row gets a value where nobody names this column."""
    return bool(field.null or field.has_db_default() or field.many_to_many or field.generated)


def _named(field: models.Field[Any, Any], name: str) -> models.Field[Any, Any]:
    """The same, as a model has it: a migration's own knows no name, and so no column."""
    field = field.clone()
    field.set_attributes_from_name(name)
    return field


def _narrowed(old: models.Field[Any, Any], new: models.Field[Any, Any]) -> str:
    if old.null and not new.null:
        return "the release before writes null"
    if old.has_db_default() and not (new.has_db_default() or new.null):
        return "the release before writes rows without it"
    if new.unique and not old.unique:
        return "the release before writes the same value twice"
    if old.get_attname_column() != new.get_attname_column():
        return "the release before still reads and writes the old name"
    return "" if _takes_all(old, new) else "the release before writes values of the old type"


def _takes_all(old: models.Field[Any, Any], new: models.Field[Any, Any]) -> bool:
    """Whether the column holds what it held: the same type and check, or a longer text; or keys of the same table."""
    if isinstance(old, models.ForeignKey):
        return isinstance(new, models.ForeignKey) and old.deconstruct()[3]["to"] == new.deconstruct()[3]["to"]
    if old.db_parameters(connection) == new.db_parameters(connection):
        return True
    if not isinstance(old, models.CharField):
        return False
    longer = isinstance(new, models.CharField) and (new.max_length or 1 << 30) >= (old.max_length or 1 << 30)
    return longer or type(new) is models.TextField
