"""Markdown written by staff, as HTML that is safe to show, and as plain text for mails."""

from __future__ import annotations

from collections.abc import Iterable

import nh3
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

TAGS = {"p", "h2", "h3", "ul", "ol", "li", "strong", "em", "a", "blockquote", "code", "br", "hr"}


def to_html(text: str) -> SafeString:
    """Links to our own pages become whole addresses: mails and feeds are read elsewhere."""
    html = nh3.clean(
        _reader().render(text),
        tags=TAGS,
        attributes={"a": {"href", "title"}},
        url_schemes={"https", "http", "mailto"},
        attribute_filter=lambda tag, name, value: _whole(value) if name == "href" else value,
    )
    return mark_safe(html)  # nosec B308 B703: nh3 has just cleaned it


def to_text(text: str) -> str:
    """The same without marks: paragraphs apart, a dash before each item, an address behind each link."""
    said, marks, quotes, in_list = "", list[str](), "", False
    for token in _reader().parse(text):
        if token.type.endswith("_list_open"):
            marks.append("")
        elif token.type.endswith("_list_close"):
            marks.pop()
            in_list = bool(marks)
        elif token.type == "list_item_open":
            marks[-1] = f"{token.info}{token.markup} " if token.info else "- "
        elif token.type == "blockquote_open":
            quotes += "> "
        elif token.type == "blockquote_close":
            quotes = quotes[2:]
        elif token.type in ("inline", "code_block", "fence", "hr"):
            words = _words(token.children) if token.type == "inline" else token.content.strip("\n") or "* * *"
            before = quotes + "  " * (len(marks) - 1) + (marks[-1] if marks else "")
            # Items of one list are no paragraphs of their own.
            said += "\n" if in_list and marks else "\n\n"
            if marks:
                marks[-1] = " " * len(marks[-1])
            after = quotes + "  " * (len(marks) - 1) + (marks[-1] if marks else "")
            said += before + words.replace("\n", f"\n{after}")
            in_list = bool(marks)
    return said.strip("\n")


def _reader() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False, "breaks": True})


def _words(tokens: Iterable[Token] | None) -> str:
    said, links = "", list[tuple[str, int]]()
    for token in tokens or ():
        if token.type == "link_open":
            links.append((_whole(str(token.attrGet("href") or "")), len(said)))
        elif token.type == "link_close":
            address, begun = links.pop()
            if address.removeprefix("mailto:") != said[begun:]:
                said += f" ({address})"
        elif token.type in ("softbreak", "hardbreak"):
            said += "\n"
        else:
            said += token.content
    return said


def _whole(address: str) -> str:
    ours = address.startswith("/") and not address.startswith("//")
    return settings.SITE_URL + address if ours else address
