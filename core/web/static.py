"""Static files as they are sent: named by their contents, packed, and style sheets without what only their writers read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rcssmin import cssmin
from whitenoise.storage import CompressedManifestStaticFilesStorage


class TightStaticFilesStorage(CompressedManifestStaticFilesStorage):
    def post_process(self, paths: dict[str, Any], *args: Any, **kwargs: Any) -> Iterator[Any]:
        """Makes our style sheets tight where they were copied to, and has the named ones made of these."""
        ours = [name for name in paths if name.startswith("css/")]
        for name in ours:
            path = Path(self.path(name))
            path.write_text(cssmin(path.read_text()))
        yield from super().post_process({**paths, **{name: (self, name) for name in ours}}, *args, **kwargs)
