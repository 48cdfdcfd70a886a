"""Who runs a petition or a tweet action, as far as these need to know. An app above registers the model that runs them; a petition
or a tweet action that nobody runs works alone, under `ALONE`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol, TypeVar, cast

from django.conf import settings
from django.db.models import Model, OneToOneField, Q, QuerySet
from django.utils.functional import Promise

from core import switches
from core.privacy.safety import SafetyLevel
from core.switches import Switch

Rows = TypeVar("Rows", bound=QuerySet[Any])

# How each owned model leads to its owner: Petition → "campaign".
_relations: dict[type[Model], str] = {}
_owners: set[type[Model]] = set()


class Owner(Protocol):
    """What a petition or a tweet action asks of whoever runs it. `safety` is also a column: rows are looked up by it. Its queryset
    has `for_staff(person)`: those that somebody on the staff sees."""

    @property
    def safety(self) -> str:
        """A SafetyLevel."""

    @property
    def time_zone(self) -> str:
        """The IANA name of the zone in which its days begin: "Europe/Madrid"."""

    @property
    def language(self) -> str:
        """The code of the language in which its texts are written."""

    @property
    def accent(self) -> str:
        """The name of its colour: "teal"."""

    @property
    def organiser(self) -> str:
        """Whoever stands behind it, "" when that is the site itself."""

    @property
    def addressee(self) -> str:
        """The name of whoever is asked to act, in the active language, "" when nobody is named."""

    @property
    def paused(self) -> dict[str, Promise]:
        """What is switched off, and what visitors read in its place: by the value of a core.switches.Switch."""

    def was_off(self, switch: Switch, for_the_last: timedelta) -> bool:
        """Whether this is switched off, or was within this time."""

    def get_absolute_url(self) -> str:
        """The path of its own page, "" when it has none."""

    def after_signing_url(self) -> str:
        """The path of the page where a signer goes on after confirming, "" when there is none."""


@dataclass(frozen=True)
class Alone:
    """What holds where nobody is registered, or no row of theirs leads here: the standard level, the site's zone and language, and no
    page to go on to."""

    safety: str = SafetyLevel.STANDARD
    accent: str = "red"
    organiser: str = ""
    addressee: str = ""

    @property
    def time_zone(self) -> str:
        return settings.TIME_ZONE

    @property
    def language(self) -> str:
        return settings.LANGUAGE_CODE

    @property
    def paused(self) -> dict[str, Promise]:
        return switches.told()

    def was_off(self, switch: Switch, for_the_last: timedelta) -> bool:
        return None in switches.where_off(switch, for_the_last)

    def get_absolute_url(self) -> str:
        return ""

    def after_signing_url(self) -> str:
        return ""


ALONE = Alone()


def register(owner: type[Owner], field: str) -> None:
    """From now on the one-to-one `field` of `owner` says what it runs. Raises ValueError if that has another owner already."""
    relation = cast(type[Model], owner)._meta.get_field(field)
    assert isinstance(relation, OneToOneField)
    owned, name = relation.related_model, relation.related_query_name()
    if _relations.setdefault(owned, name) != name:
        raise ValueError(f"{owned.__name__} has an owner already: {_relations[owned]}")
    _owners.add(cast(type[Model], owner))


def owner_of(row: Model) -> Owner:
    """Whoever runs this petition or tweet action; ALONE when nobody does."""
    relation = _relations.get(type(row))
    return (getattr(row, relation, None) if relation else None) or ALONE


def with_owner(rows: Rows, path: str = "") -> Rows:
    """The same rows, fetched with the owner of each, or of what the foreign key `path` leads to: "petition"."""
    owned = rows.model._meta.get_field(path).related_model if path else rows.model
    steps = [step for step in (path, _relations.get(owned)) if step]
    return rows.select_related("__".join(steps)) if steps else rows


def is_seen_by(person: Any, rows: type[Model], path: str = "") -> Q:
    """Which rows of this model somebody on the staff sees: those whose owner they see, and those that nobody runs.

    `path`: the foreign keys that lead from them to what is run, or to an owner: "petition", "query__action"; "" when they are that.
    """
    end = _end(rows, path)
    relation = _relations.get(end)
    if person.is_superuser or (relation is None and end not in _owners):
        return ~Q(pk__in=[])
    owner = end._meta.get_field(relation).related_model if relation else end
    found: QuerySet[Any] = cast(Any, owner)._default_manager.all().for_staff(person)
    if relation:
        found = end._default_manager.filter(Q(**{f"{relation}__in": found}) | Q(**{relation: None}))
    # As numbers: then a list of millions of rows goes by the index of their petition.
    return Q((f"{path or 'pk'}__in", list(found.values_list("pk", flat=True))))


def seen_by(person: Any, rows: Rows, path: str = "") -> Rows:
    """Those of these rows that this person sees (`is_seen_by`)."""
    return rows.filter(is_seen_by(person, rows.model, path))


def _end(model: type[Model], path: str) -> type[Model]:
    for step in filter(None, path.split("__")):
        model = cast(type[Model], model._meta.get_field(step).related_model)
    return model


def owner_is_none_of(rows: type[Model], path: str, owners: Iterable[int | None]) -> Q:
    """Which rows of this model are of none of the owners with these ids, where None stands for all; `path`: the foreign keys that
    lead to what they own, or to themselves."""
    owners = frozenset(owners)
    if not owners:
        return Q()
    if None in owners:
        return Q(pk__in=[])
    relation = _relations.get(_end(rows, path))
    return ~Q(**{f"{path}__{relation}__in" if relation else f"{path}__in": owners})


def at_level(owned: type[Model], level: SafetyLevel, path: str = "") -> Q:
    """Which rows are under this safety level, by the owner of what the foreign key `path` leads to: of model `owned`."""
    nobody = Q(pk__in=[])
    relation = _relations.get(owned)
    if relation is None:
        return ~nobody if level == ALONE.safety else nobody
    owner = f"{path}__{relation}" if path else relation
    found = Q(**{f"{owner}__safety": level})
    return found | Q(**{owner: None}) if level == ALONE.safety else found


def levels_in_use() -> set[SafetyLevel]:
    """Those of every owner that there is, and of what nobody runs."""
    found = {SafetyLevel(ALONE.safety)}
    for owned, relation in _relations.items():
        owner = cast(type[Model], owned._meta.get_field(relation).related_model)
        found |= {SafetyLevel(level) for level in owner._default_manager.values_list("safety", flat=True).distinct()}
    return found
