"""Templates are read by people too."""

from pathlib import Path

from django.conf import settings

TEMPLATES = Path(settings.BASE_DIR) / "templates"
LONGEST = 120


def test_no_line_of_a_template_is_longer_than_120():
    """Of mails in plain text as well: what is inside `{% blocktranslate trimmed %}` may be wrapped anywhere."""
    files = [file for file in TEMPLATES.rglob("*") if file.is_file()]
    assert len(files) > 100
    long = [
        f"{file.relative_to(TEMPLATES)}:{number}"
        for file in files
        for number, line in enumerate(file.read_text().splitlines(), start=1)
        if len(line) > LONGEST
    ]
    assert long == []
