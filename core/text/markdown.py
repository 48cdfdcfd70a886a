"""Markdown written by staff, as HTML that is safe to show."""

from __future__ import annotations

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

TAGS = {"p", "h2", "h3", "ul", "ol", "li", "strong", "em", "a", "blockquote", "code", "br", "hr"}


def to_html(text: str) -> SafeString:
    html = MarkdownIt("commonmark", {"html": False, "breaks": True}).render(text)
    html = nh3.clean(html, tags=TAGS, attributes={"a": {"href", "title"}}, url_schemes={"https", "http", "mailto"})
    return mark_safe(html)  # nosec B308 B703: nh3 has just cleaned it
