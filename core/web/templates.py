"""Our templates, without the indentation that only their writers read: a tenth of the bytes of a page."""

from __future__ import annotations

import re

from django.template import Origin, Template
from django.template.base import TextNode
from django.template.loaders import base, cached, filesystem

# Each run of it keeps one line break: words stay apart.
INDENTATION = re.compile(r"\s*\n\s*")


class Tightening(base.Loader):
    """Tightens what stands in a template of ours itself, never what is put into it, nor the words that are translated."""

    def get_template(self, template_name: str, skip: list[Origin] | None = None) -> Template:
        template = super().get_template(template_name, skip)
        if template_name.endswith(".html") and type(template.origin.loader) is filesystem.Loader:
            for node in template.nodelist.get_nodes_by_type(TextNode):
                if isinstance(node, TextNode):
                    node.s = INDENTATION.sub("\n", node.s)
        return template


class Loader(cached.Loader, Tightening):
    """Once for each template: what is kept is tight."""
