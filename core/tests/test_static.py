"""Static files as they are sent."""

from pathlib import Path

from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command


def test_the_style_sheet_that_is_sent_is_tight(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "core.web.static.TightStaticFilesStorage"}}
    call_command("collectstatic", interactive=False, verbosity=0)
    written = (Path(settings.BASE_DIR) / "static/css/outcry.css").read_text()
    (sent,) = tmp_path.glob("css/outcry.*[0-9a-f].css")
    assert staticfiles_storage.url("css/outcry.css") == f"/static/css/{sent.name}"
    assert "/*" not in sent.read_text()
    assert len(sent.read_text()) < 0.9 * len(written)
    assert sent.read_text().count("{") == written.count("{")
