"""Numbers as each language writes them."""

import pytest
from django.utils import translation

from core.templatetags.numbers import counted


@pytest.mark.parametrize(
    ("language", "number", "shown"),
    [("en", 12345, "12,345"), ("en", 0, "0"), ("en", None, "not known"), ("fr", None, "inconnu")],
)
def test_a_count_is_written_out_or_said_not_to_be_known(language, number, shown):
    with translation.override(language):
        assert counted(number) == shown
