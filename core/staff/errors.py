"""What is wrong with a large form of the admin, in one list on top of it, each with the way to its field."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst, slugify
from unfold.admin import ModelAdmin

# The tab of everything that has none of its own, as the theme calls it.
GENERAL = "general"


@dataclass(frozen=True)
class Wrong:
    """One error. `anchor`: the id of its field, or of what holds it; `tab`: where that is shown; `label`: whose error it is."""

    anchor: str
    tab: str
    label: str
    message: str


def all_wrong(form: BaseForm, inlines: list[Any], top: str) -> list[Wrong]:
    """Returns the errors of the form and of its inlines, in the order of the page. `top`: the id of the form."""
    if not form.is_bound:
        return []
    found = list(_of_form(form, GENERAL, "", top))
    for inline in inlines:
        formset, group = inline.formset, f"{inline.formset.prefix}-group"
        tab = slugify(formset.prefix) if getattr(inline.opts, "tab", False) else GENERAL
        rows = capfirst(str(inline.opts.verbose_name_plural))
        found += [Wrong(group, tab, rows, str(message)) for message in formset.non_form_errors()]
        for number, row in enumerate(formset.forms, start=1):
            if not (formset.can_delete and formset._should_delete_form(row)):
                one = capfirst(str(inline.opts.verbose_name))
                found += _of_form(row, tab, f"{one} {number}" if formset.max_num != 1 else one, group)
    return found


def _of_form(form: BaseForm, tab: str, whose: str, holder: str) -> Iterator[Wrong]:
    for message in form.errors.get(NON_FIELD_ERRORS, ()):
        yield Wrong(holder, tab, whose, str(message))
    for bound in form:
        anchor = holder if bound.is_hidden else bound.id_for_label or bound.auto_id
        label = " · ".join(filter(None, (whose, capfirst(str(bound.label)))))
        for message in bound.errors:
            yield Wrong(anchor, tab, label, str(message))


class SaysWhatIsWrong(ModelAdmin):
    """A page of the admin with that list."""

    change_form_before_template = "staff/before_form.html"

    @property
    def form_id(self) -> str:
        """The id of the form itself, as the theme calls it."""
        return f"{self.opts.model_name}_form"

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context["wrong"] = all_wrong(context["adminform"].form, context["inline_admin_formsets"], self.form_id)
        response: HttpResponse = super().render_change_form(request, context, *args, **kwargs)
        return response
