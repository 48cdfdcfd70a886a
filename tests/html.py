"""HTML as a browser reads it: elements are found by CSS selectors, forms give the fields that would be sent."""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from typing import Any

from lxml import html
from lxml.cssselect import CSSSelector
from lxml.html import FormElement, HtmlElement

UNSENT = ("submit", "image", "reset", "button", "file")


class Html:
    """A document or an element of it. `source`: the answer of Django's client or of `requests`, or markup as text or bytes."""

    def __init__(self, source: Any) -> None:
        source = source.element if isinstance(source, Html) else source
        self.element = source if isinstance(source, HtmlElement) else _parsed(getattr(source, "content", source))

    def find(self, selector: str) -> list[Html]:
        """All elements that the selector matches, in their order."""
        return [Html(found) for found in _compiled(selector)(self.element)]

    def one(self, selector: str) -> Html:
        """The only element that the selector matches."""
        found = self.find(selector)
        assert len(found) == 1, f"{len(found)} elements are {selector}"
        return found[0]

    @property
    def text(self) -> str:
        """What is read here, each run of white space as one space."""
        return " ".join(self.element.text_content().split())

    def texts(self, selector: str) -> list[str]:
        return [found.text for found in self.find(selector)]

    def __getitem__(self, attribute: str) -> str:
        return str(self.element.attrib[attribute])

    @property
    def attributes(self) -> dict[str, str]:
        return dict(self.element.attrib)

    def values(self, selector: str, attribute: str) -> list[str]:
        """The attribute of each element that the selector matches and that has it."""
        return [found[attribute] for found in self.find(selector) if attribute in found.element.attrib]

    def without(self, selector: str) -> Html:
        """The same, less the elements that the selector matches."""
        copied = Html(deepcopy(self.element))
        for found in copied.find(selector):
            found.element.drop_tree()
        return copied

    @property
    def markup(self) -> str:
        return html.tostring(self.element, encoding="unicode")

    def fields(self, selector: str = "form") -> dict[str, Any]:
        """The fields of a form as they would be sent, without a button: text, or a list where a name comes more than once.
        Where several forms match, the one with the most fields: many pages have a search or a logout beside it.
        Empty rows of the admin's formsets (`__prefix__`) are left out."""
        forms: list[FormElement] = _compiled(selector)(self.element)
        sent: dict[str, list[str]] = {}
        for field in max(forms, key=lambda found: len(found.inputs)).inputs:
            if (
                field.name
                and "__prefix__" not in field.name
                and field.get("type") not in UNSENT
                and "disabled" not in field.attrib
            ):
                sent.setdefault(field.name, []).extend(_sent(field))
        return {name: found[0] if len(found) == 1 else found for name, found in sent.items() if found}


def form_of(source: Any, selector: str = "form") -> dict[str, Any]:
    return Html(source).fields(selector)


def errors_of(source: Any) -> list[str]:
    """What a page says is wrong with its form."""
    return Html(source).texts(".errorlist")


@cache
def _compiled(selector: str) -> CSSSelector:
    return CSSSelector(selector, translator="html")


def _parsed(markup: str | bytes) -> HtmlElement:
    assert isinstance(markup, str | bytes), type(markup)
    data = markup if isinstance(markup, bytes) else markup.encode()
    document = html.document_fromstring(data, html.HTMLParser(encoding="utf-8"))
    for area in document.iter("textarea"):  # its first line break is no part of it: lxml leaves that to us
        area.text = (area.text or "").removeprefix("\r").removeprefix("\n")
    return document


def _sent(field: HtmlElement) -> list[str]:
    if field.tag == "select":
        return list(field.value) if field.multiple else [field.value or ""]
    if field.get("type") in ("checkbox", "radio"):
        return [field.get("value", "on")] if field.checked else []
    return [field.value or ""]
