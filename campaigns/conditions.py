"""What may be wrong on the way of a petition to its target."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from campaigns.models import Delivery
from operations.known_conditions import condition


@condition(
    "time_stamp",
    _("The time-stamp authority gives no stamp"),
    _(
        "The workers' log says why. After an hour a pack goes with our signature alone: ask for another one once it answers."
    ),
    patience=timedelta(minutes=10),
)
def no_stamp_is_given() -> bool:
    """While a pack waits for its stamp, or can be fetched without it."""
    return Delivery.objects.open().filter(stamp_tries__gt=0).exists()
