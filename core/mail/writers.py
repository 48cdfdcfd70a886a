"""Who writes the mail of a row. An app below asks here for what an app above has registered: mails show figures and pictures that
only the apps above can draw."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.db.models import Model

from core.models import QueuedMail

Row = TypeVar("Row", bound=QueuedMail)
Compose = Callable[[Row], EmailMessage | None]

Specimen = Callable[[Any, str], EmailMultiAlternatives]

_writers: dict[type[QueuedMail], Compose[Any]] = {}
_specimens: dict[type[Model], Specimen] = {}


def writes(model: type[Row]) -> Callable[[Compose[Row]], Compose[Row]]:
    """Register the decorated function as the one that writes the mails of this model. Raises ValueError for a second one."""

    def register(function: Compose[Row]) -> Compose[Row]:
        if _writers.setdefault(model, function) is not function:
            raise ValueError(f"{model.__name__} has a writer already")
        return function

    return register


def writer(model: type[Row]) -> Compose[Row]:
    """The function that writes the mail of a row of this model, or None for a row that gets none. Raises LookupError when no
    installed app writes them."""
    try:
        return _writers[model]
    except KeyError as error:
        raise LookupError(f"no app writes the mails of {model.__name__}") from error


def shows(model: type[Model]) -> Callable[[Specimen], Specimen]:
    """Register the decorated function, of (object, to), as the one that writes a specimen of what goes out for an object: the
    confirmation of a petition, the reminder of a moment."""

    def register(function: Specimen) -> Specimen:
        _specimens[model] = function
        return function

    return register


def specimen(model: type[Model]) -> Specimen:
    """The function that writes, in the active language, what readers would get, drafts included. Raises LookupError as above."""
    try:
        return _specimens[model]
    except KeyError as error:
        raise LookupError(f"no app shows the mails of {model.__name__}") from error
