"""No lost update: every form of staff carries the version that it was made from, and what others have saved since is merged, field
by field. What only they have changed is taken over; what both have changed is said at the field, once, with what was typed kept.

A version is a digest of each field as it was shown. Rows are compared while they are locked, in the transaction that saves them."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from hashlib import blake2b
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms.boundfield import BoundField
from django.forms.formsets import DELETION_FIELD_NAME, ORDERING_FIELD_NAME
from django.forms.models import InlineForeignKeyField
from django.forms.utils import to_current_timezone
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from core.text.cleaning import cleaned
from core.text.formats import listed
from core.text.forms import CleanForm

# The name of the hidden field of a page. In it: by prefix of the formset and id of the row the digests by name of the field;
# prefix and id of a page's own form are "".
MADE_FROM = "made_from"
Digests = dict[str, str]
Versions = dict[str, dict[str, Digests]]


def packed(versions: Versions) -> str:
    """What a hidden field holds."""
    return urlsafe_b64encode(json.dumps(versions, separators=(",", ":")).encode()).decode()


def seen(data: Mapping[str, Any], prefix: str = "", row: object = "") -> Digests | None:
    """Returns the digests of one row as its form was made; None where nothing tells, because it is missing or mangled."""
    try:
        found = json.loads(urlsafe_b64decode(str(data.get(MADE_FROM, ""))))
    except (ValueError, RecursionError):
        return None
    for key in (prefix, str(row)):
        found = found.get(key) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else None


def locked(rows: QuerySet[Any]) -> QuerySet[Any]:
    """The same rows, which nobody else changes until this transaction ends. What points at them goes on: people sign meanwhile."""
    return rows.select_for_update(no_key=True, of=("self",))


def parts(field: forms.Field, widget: Any, value: Any) -> Any:
    """A value as the fields that it is typed in have it: a time in the zone of its field, whatever zone is in force."""
    shown = field.prepare_value(value)
    return shown if isinstance(shown, list | tuple) else widget.decompress(shown)


def plain(field: forms.Field, widget: Any, value: Any) -> str:
    """One value as text: the same whether it comes from the database or from a form that showed it."""
    if isinstance(field, forms.MultiValueField):
        shown = zip(field.fields, widget.widgets, parts(field, widget, value), strict=False)
        texts = [plain(*part) for part in shown]
        return "\n".join(texts) if any(texts) else ""
    value = field.prepare_value(value)
    if isinstance(value, list | tuple | QuerySet):
        return "\n".join(sorted(map(str, value)))
    if isinstance(value, date | time):
        value = widget.format_value(value)  # Seconds that it does not show are no difference.
    if not isinstance(field, forms.ModelChoiceField):  # These would ask the database.
        try:
            return _text(field.to_python(value))
        except (ValidationError, ArithmeticError):
            pass
    return _text(value)


def _text(value: Any) -> str:
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = to_current_timezone(value)
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value.normalize())
    if value is None or value is False:
        return ""
    return cleaned(str(value), lines=True)


def digest(text: str) -> str:
    return urlsafe_b64encode(blake2b(text.encode(errors="replace"), digest_size=6).digest()).decode()


class Merged(BoundField):
    """A field that nobody has touched here is as it is stored now, whoever has changed it."""

    form: VersionedForm

    @property
    def data(self) -> Any:
        if self.name not in self.form.untouched or isinstance(self.field, forms.FileField):
            return super().data
        if isinstance(self.field, forms.MultiValueField):
            widget: Any = self.field.widget
            return parts(self.field, widget, self.initial)
        return self.field.prepare_value(self.initial)

    def _has_changed(self) -> bool:
        if not self.form.is_edited:
            django: Any = super()
            return bool(django._has_changed())
        # Against what is stored now: Django's own hidden field beside some of them is as old as the page.
        return self.name not in self.form.untouched and self.field.has_changed(self.initial, self.data)


class VersionedForm(CleanForm):
    """A form that edits what exists, and knows what it was made from."""

    bound_field_class = Merged

    @cached_property
    def seen(self) -> Digests | None:
        """A formset says it to its rows."""
        return seen(self.data)

    @cached_property
    def is_edited(self) -> bool:
        """Whether something is sent for a row that exists."""
        row = getattr(self, "instance", None)
        return self.is_bound and (row is None or not row._state.adding)

    @cached_property
    def compared(self) -> list[str]:
        """The fields that can be written to."""
        own = (DELETION_FIELD_NAME, ORDERING_FIELD_NAME)
        return [
            name
            for name, field in self.fields.items()
            if name not in own
            and not field.disabled
            and not field.widget.is_hidden
            and not isinstance(field, InlineForeignKeyField)
        ]

    @cached_property
    def now(self) -> Digests:
        """The version that is stored; in a form that is shown again the one that its next one was made from."""
        return {name: digest(self.stored(name)) for name in self.compared}

    @property
    def made_from(self) -> str:
        """What the hidden field of a page with this form alone holds."""
        return packed({"": {"": self.now}})

    def stored(self, name: str) -> str:
        field = self.fields[name]
        return "" if isinstance(field, forms.FileField) else plain(field, field.widget, self[name].initial)

    def typed(self, name: str) -> str:
        field = self.fields[name]
        sent = field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
        return "" if isinstance(field, forms.FileField) else plain(field, field.widget, sent)

    @cached_property
    def untouched(self) -> frozenset[str]:
        return frozenset(name for name in self.compared if self._is_untouched(name)) if self.is_edited else frozenset()

    def is_sent(self, name: str) -> bool:
        widget = self.fields[name].widget
        return not widget.value_omitted_from_data(self.data, self.files, self.add_prefix(name))

    def _is_untouched(self, name: str) -> bool:
        if not self.is_sent(name):
            return True
        if self.seen is None:
            return False
        # What the page did not offer, as somebody else has opened it since, nobody has emptied there.
        return name not in self.seen or digest(self.typed(name)) == self.seen[name]

    def is_clash(self, name: str) -> bool:
        """Whether others have changed, to something else, what was changed here. Of a version that can't be read we know only that
        what is empty now can't be lost."""
        now = self.now[name]
        if name in self.untouched or digest(self.typed(name)) == now:
            return False
        return now != (digest("") if self.seen is None else self.seen[name])

    def has_news(self) -> bool:
        """Whether others have changed anything of it since."""
        return self.seen is None or any(self.seen.get(name, now) != now for name, now in self.now.items())

    def _clean_fields(self) -> None:
        clashing = [name for name in self.compared if self.is_clash(name)] if self.is_edited else []
        django: Any = super()
        django._clean_fields()
        for name in clashing:
            self.add_error(name, ValidationError(self.clash(name), code="clash"))

    def clash(self, name: str) -> str:
        """Says what others have made of a field."""
        field = self.fields[name]
        if isinstance(field, forms.FileField):
            return _(
                "Meanwhile, somebody else has uploaded another file here. To keep yours, choose it again and save."
            )
        theirs = in_words(field, field.widget, self[name].initial)
        if not theirs:
            return _("Meanwhile, somebody else has emptied this. Save again to keep yours.")
        return _("Meanwhile, somebody else has changed this to “%(theirs)s”. Save again to keep yours.") % {
            "theirs": theirs
        }


def in_words(field: forms.Field, widget: Any, value: Any) -> str:
    """A stored value as its reader knows it from the form."""
    if isinstance(field, forms.MultiValueField):
        shown = zip(field.fields, widget.widgets, parts(field, widget, value), strict=False)
        return " ".join(filter(None, (in_words(*part) for part in shown)))
    if isinstance(field, forms.ModelChoiceField):
        chosen = field.prepare_value(value)
        chosen = chosen if isinstance(chosen, list | tuple) else [chosen]
        key = f"{field.to_field_name or 'pk'}__in"
        rows = field.queryset.filter(**{key: [one for one in chosen if one is not None]}) if field.queryset else []
        return listed(field.label_from_instance(row) for row in rows)
    if isinstance(field, forms.ChoiceField):
        labels = dict(_flat(field.choices))
        several = value if isinstance(value, list | tuple) else [value]
        return listed(labels.get(str(one), one) for one in several if one not in (None, ""))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    value = field.prepare_value(value)
    if isinstance(value, date | time):
        value = widget.format_value(value)
    return "" if value is None else str(value)


def _flat(choices: Any) -> list[tuple[str, Any]]:
    """Choices that may stand in groups, by the text that is sent for them."""
    flat: list[tuple[str, Any]] = []
    for value, label in choices:
        flat += _flat(label) if isinstance(label, list | tuple) else [(str(value), label)]
    return flat
