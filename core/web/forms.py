"""How every public form looks (templates/components/field.html), and what a name or a text may hold."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import TemplatesSetting
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.privacy import addresses
from core.text import hosts
from core.text.cleaning import no_controls

Form = TypeVar("Form", bound=forms.Form)
# Letters by name, blank to the eye.
BLANK = {"HANGUL FILLER", "HALFWIDTH HANGUL FILLER", "HANGUL CHOSEONG FILLER", "HANGUL JUNGSEONG FILLER"}
# All that is longer is refused for its length alone.
LOOKED_AT = 200


class Renderer(TemplatesSetting):
    form_template_name = "components/form.html"
    field_template_name = "components/field.html"


def title_prefix(form: forms.BaseForm) -> str:
    """Goes before the title of a page that comes back with errors: whoever only hears the title knows."""
    return gettext("Please look again") + ": " if form.errors else ""


def plain_name(name: str) -> None:
    """A name is a name: one line, with a letter, no address of a page, nothing that a spreadsheet would take for a formula."""
    no_controls(name)
    name = name[:LOOKED_AT]
    if "\n" in name or "\r" in name:
        raise ValidationError(_("Please write your name on one line."), code="lines")
    if hosts.has_address(name):
        raise ValidationError(_("Please write your name here, not the address of a page."), code="url")
    first = unicodedata.normalize("NFKC", name).lstrip()[:1]
    if first in tuple("=+-@"):
        raise ValidationError(_("A name can't start with %(sign)s.") % {"sign": first}, code="formula")
    if not any(unicodedata.category(sign).startswith("L") and unicodedata.name(sign, "") not in BLANK for sign in name):
        raise ValidationError(_("Please write your name."), code="empty")


class Shared(dict[str, forms.Field]):
    """Fields that Django need not copy for each form, since no form changes them."""

    def __deepcopy__(self, memo: object) -> Shared:
        return Shared(self)


def shares_fields(form: type[Form]) -> type[Form]:
    """Decorates a form that thousands send at once: all forms of the class have the same fields. Whoever wants one that differs puts
    a copy into `fields`, and leaves the field itself as it is."""
    form.base_fields = Shared(form.base_fields)
    return form


class LightCleaning(forms.BaseForm):
    """Cleans as Django does, without a BoundField for each field: that one translates a help text that no answer shows. For forms
    without files and without disabled fields."""

    def _clean_fields(self) -> None:
        django: Any = self
        for name, field in self.fields.items():
            try:
                sent = django._widget_data_value(field.widget, self.add_prefix(name))
                self.cleaned_data[name] = field.clean(sent)
                if clean := getattr(self, f"clean_{name}", None):
                    self.cleaned_data[name] = clean()
            except ValidationError as error:
                self.add_error(name, error)


class LongSelect(forms.Select):
    """A select of hundreds of options without groups, with the HTML of Django's own.

    Django renders a template for each option, which takes a third of the time of a page with a list of countries.
    """

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        widget = forms.Widget.get_context(self, name, value, attrs)["widget"]
        options = _options(tuple(("" if value is None else str(value), str(label)) for value, label in self.choices))
        lines = [line for _value, line in options]
        chosen = next((place for place, (option, _line) in enumerate(options) if option in widget["value"]), None)
        if chosen is not None:
            lines[chosen] = lines[chosen].replace('">', '" selected>', 1)
        start = format_html('<select name="{}"{}>', name, _attributes(widget["attrs"]))
        # Each line was escaped by format_html.
        return mark_safe(f"{start}{''.join(lines)}\n</select>")  # nosec B308, B703


@lru_cache(maxsize=32)
def _options(choices: tuple[tuple[str, str], ...]) -> list[tuple[str, str]]:
    """(value, its HTML) of each. The list is the same for hours, in each language."""
    return [(value, format_html('\n  <option value="{}">{}</option>\n', value, label)) for value, label in choices]


def _attributes(attrs: dict[str, Any]) -> SafeString:
    """As django/forms/widgets/attrs.html writes them."""
    given = ((name, value) for name, value in attrs.items() if value is not False)
    return format_html_join(
        "", " {}{}", ((name, "" if value is True else format_html('="{}"', value)) for name, value in given)
    )


class AddressField(forms.CharField):
    """Takes an e-mail address as it was typed or pasted, gives it as it is kept and mailed (core/privacy/addresses.py)."""

    # Not of the type "email": some browsers would change the domain by the older rule before we see it, or refuse what we can clean.
    widget = forms.TextInput(
        attrs={"autocomplete": "email", "inputmode": "email", "autocapitalize": "none", "spellcheck": "false"}
    )

    def to_python(self, value: Any) -> str:
        typed = super().to_python(value) or ""
        return addresses.clean(typed) if typed else typed
