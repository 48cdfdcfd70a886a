"""Whatever people type, in whichever form of ours, goes through the one cleaner: core/text/cleaning.py."""

from importlib import import_module

from django import forms

from core.text.forms import CleanForm
from tests.house.sources import ROOMS, ROOT

# Names and codes of logins, which are compared and not shown.
LOGINS = "accounts.forms"


def kinds(base):
    for kind in base.__subclasses__():
        yield kind
        yield from kinds(kind)


def test_every_form_with_a_text_cleans_it():
    for room in ROOMS:
        for file in (ROOT / room).rglob("*.py"):
            if b"forms" in file.read_bytes() and not {"tests", "migrations"} & set(file.parts):
                import_module(".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"))
    ours = [
        kind
        for kind in kinds(forms.BaseForm)
        if kind.__module__.split(".")[0] in ROOMS and ".tests." not in kind.__module__ and kind.__module__ != LOGINS
    ]
    texts = [
        kind
        for kind in ours
        if any(isinstance(field, forms.CharField) for field in vars(kind).get("declared_fields", {}).values())
    ]
    assert len(texts) >= 12
    # Forms of rows are mixed with VersionedForm by their page: tests/house/test_versions.py.
    assert [kind for kind in texts if not issubclass(kind, CleanForm | forms.BaseModelForm)] == []
