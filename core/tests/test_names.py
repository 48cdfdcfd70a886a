"""Models are called in the plural as one would say it: Django only adds an s."""

from django.apps import apps

from tests.house.sources import ROOMS


def test_no_plural_is_misspelt():
    # What simple-history makes for a many-to-many field has no page.
    models = [
        model for model in apps.get_models() if model.__module__.split(".")[0] in ROOMS and "_" not in model.__name__
    ]
    plurals = [str(model._meta.verbose_name_plural) for model in models]
    assert len(plurals) > 60
    wrong = [
        plural
        for plural in plurals
        if plural.endswith(("ys", "ss", "xs", "chs", "shs")) and not plural.endswith(("ays", "eys"))
    ]
    assert wrong == []
