"""Rows inside a form of staff, merged with what others have done to them since the page was made: see core/staff/versions.py."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.forms.formsets import DELETION_FIELD_NAME, INITIAL_FORM_COUNT, TOTAL_FORM_COUNT
from django.utils.translation import gettext as _

from core.generic import AnyModelFormSet
from core.staff import versions
from core.staff.versions import Digests


class VersionedRows(AnyModelFormSet):
    """A formset of versioned forms.

    A row that somebody else has deleted goes; if something was written into it here, it comes back as a new one, and is said.
    A new row that is stored already as it is here was sent twice, or by two: it becomes that one."""

    came_back = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_bound:
            # What was sent is one page of the rows, as they were then: meanwhile they may stand on others.
            self.__dict__.pop("_queryset", None)
        if self.is_bound and self.management_form.is_valid() and self.total_form_count():
            self._match()

    def get_queryset(self) -> QuerySet[Any]:
        if self.is_bound and not hasattr(self, "_queryset"):
            self._queryset = versions.locked(super().get_queryset())
        return super().get_queryset()

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        form.seen = self._seen(form.instance.pk)

    def _seen(self, pk: Any) -> Digests | None:
        return versions.seen(self.data, str(self.prefix), pk) if self.is_bound and pk is not None else None

    def versions(self) -> dict[str, Digests]:
        return {str(form.instance.pk): form.now for form in self.initial_forms if form.instance.pk is not None}

    def show_what_was_sent(self) -> None:
        """The admin puts forms and stored rows side by side by their number: rows of others in between would shift all names."""
        # Whatever asks for all rows has done so once the errors are known.
        rows: Any = [form.instance for form in self.initial_forms] if self.is_bound and self.errors is not None else []
        if rows and all(row.pk is not None for row in rows):
            self._queryset = rows

    def clean(self) -> None:
        wrong = self._news()
        try:
            super().clean()
        except ValidationError as error:
            wrong.append(error)
        if wrong:
            raise ValidationError(wrong)

    def _news(self) -> list[ValidationError]:
        """What others have done to rows here that can't be said at a field."""
        wrong = []
        if self.came_back:
            wrong.append(
                _(
                    "Meanwhile, somebody else has deleted what you changed. It is below as a new row: save "
                    "again to add it, or remove it."
                )
            )
        for form in self.initial_forms if self.can_delete else []:
            if form.cleaned_data.get(DELETION_FIELD_NAME) and form.is_edited and form.has_news():
                wrong.append(
                    _("Meanwhile, somebody else has changed “%(row)s”. Save again to delete it.")
                    % {"row": form.instance}
                )
        return [ValidationError(message, code="clash") for message in wrong]

    def _match(self) -> None:
        """Brings what was sent to what is stored."""
        total = self.total_form_count()
        first = min(self.initial_form_count(), total)
        stored: dict[Any, Model] = {row.pk: row for row in self.get_queryset()}
        sent = {number: self._sent_pk(number) for number in range(first)}
        gone = [number for number, pk in sent.items() if pk is not None and pk not in stored]
        others = [row for pk, row in stored.items() if pk not in sent.values()]
        twins: dict[int, Any] = {}
        for number in range(first, total) if others else []:
            twin = next((row for row in others if row.pk not in twins.values() and self._is_twin(number, row)), None)
            if twin is not None:
                twins[number] = twin.pk
        back = [number for number in gone if self._was_written_into(number, sent[number])]
        if gone or twins:
            self.came_back = bool(back)
            known = [number for number in range(first) if number not in gone]
            new = [number for number in range(first, total) if number not in twins]
            self._arrange(known, twins, new, back)

    def _pk(self, number: int) -> str:
        assert self.model is not None
        return f"{self.add_prefix(number)}-{self.model._meta.pk.name}"

    def _sent_pk(self, number: int) -> Any:
        """None for what is none: the row's own form says so."""
        assert self.model is not None
        try:
            return self.model._meta.pk.to_python(self.data.get(self._pk(number)) or None)
        except ValidationError:
            return None

    def _form(self, number: int) -> Any:
        """The form of a row alone, as it was sent."""
        return self.form(self.data, self.files, prefix=self.add_prefix(number), **self.get_form_kwargs(number))

    def _is_twin(self, number: int, row: Model) -> bool:
        new, old = self._form(number), self.form(instance=row, **self.get_form_kwargs(number))
        return new.has_changed() and all(new.typed(name) == old.stored(name) for name in new.compared)

    def _was_written_into(self, number: int, pk: Any) -> bool:
        form, seen = self._form(number), self._seen(pk)
        if self.data.get(form.add_prefix(DELETION_FIELD_NAME)):
            return False
        return seen is None or any(
            name in seen and form.is_sent(name) and versions.digest(form.typed(name)) != seen[name]
            for name in form.compared
        )

    def _arrange(self, known: list[int], twins: dict[int, Any], new: list[int], back: list[int]) -> None:
        """Numbers the rows anew: those that are stored first, then those that are to be added."""
        place = {old: number for number, old in enumerate([*known, *twins, *new, *back])}
        own = re.compile(rf"((?:initial-)?{re.escape(str(self.prefix))}-)(\d{{1,6}})(-.+)")
        data, self.files = (self._moved(sent, own, place) for sent in (self.data, self.files))
        for old, pk in twins.items():
            data[self._pk(place[old])] = str(pk)
        for old in back:
            data.pop(self._pk(place[old]), None)
        data[f"{self.prefix}-{TOTAL_FORM_COUNT}"] = str(len(place))
        data[f"{self.prefix}-{INITIAL_FORM_COUNT}"] = str(len(known) + len(twins))
        self.data = data
        del self.__dict__["management_form"]

    @staticmethod
    def _moved(sent: Any, own: re.Pattern[str], place: dict[int, int]) -> Any:
        if not sent:  # No files are no MultiValueDict.
            return sent
        moved = sent.copy()
        for name in [name for name in sent if own.fullmatch(name)]:
            moved.pop(name)
        for name, values in sent.lists():
            match = own.fullmatch(name)
            if match and int(match[2]) in place:
                moved.setlist(f"{match[1]}{place[int(match[2])]}{match[3]}", values)
        return moved
