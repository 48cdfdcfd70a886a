"""What is taken as a pattern of names."""

import pytest

from petitions.admin_name_count import NamesForm


@pytest.mark.parametrize(
    ("pattern", "taken"),
    [
        ("रवि", True),
        ("மணி", True),
        ("မောင်", True),
        ("a*b*c", True),
        ("ab", False),
        ("ab*", False),
        ("a*b*c*d*e", False),
    ],
)
def test_a_pattern_has_three_signs_of_a_name(pattern, taken):
    assert ("pattern" not in NamesForm({"pattern": pattern, "reason": "A spike"}).errors) is taken
