import pytest

from core.drawing import pdf
from operations.recovery import sealing


@pytest.fixture
def identity(settings):
    identity, recipient = sealing.new_identity()
    settings.EXPORT_RECIPIENTS = [recipient]
    return identity


@pytest.fixture
def drawn(monkeypatch):
    """The HTML of each PDF, which stands in for it: drawing takes seconds."""
    pages = []

    def render(html, longest):
        pages.append(html)
        return b"%PDF " + html.encode()

    monkeypatch.setattr(pdf, "render", render)
    monkeypatch.setattr(pdf, "available", lambda: True)
    return pages
