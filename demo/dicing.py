"""Invented people: when they are awake, and where they live. The same dice throw the same crowd every time."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta

WASHINGTON = timedelta(hours=4)
COUNTRIES = {
    "US": 70,
    "GB": 6,
    "CA": 5,
    "FR": 3,
    "DE": 3,
    "AU": 3,
    "BH": 2,
    "IE": 2,
    "NL": 2,
    "ES": 1,
    "SE": 1,
    "IN": 1,
    "NZ": 1,
}


def moment(day: date, dice: random.Random) -> datetime:
    """Some time of an American day: most people are awake from eight till midnight."""
    hour = dice.choices(
        range(24), weights=[3, 2, 1, 1, 1, 1, 2, 4, 7, 9, 10, 10, 11, 10, 9, 9, 8, 8, 8, 9, 9, 8, 6, 4]
    )[0]
    start = datetime(day.year, day.month, day.day, tzinfo=UTC) + WASHINGTON
    return start + timedelta(hours=hour, minutes=dice.randrange(60), seconds=dice.randrange(60))


def country(dice: random.Random) -> str:
    """Two letters."""
    return dice.choices(list(COUNTRIES), weights=list(COUNTRIES.values()))[0]
