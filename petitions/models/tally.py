"""How many signatures count, and what the public was told of them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from petitions.models.petition import Petition


class ToldSpan(models.Model):
    """Signatures of some full hours as the public was told (petitions/disclosure.py); nobody came between them."""

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="told_spans")
    start = models.DateTimeField()
    end = models.DateTimeField()
    signatures = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["petition", "start"], name="one_told_span_a_start"),
            models.CheckConstraint(condition=Q(signatures=0) | Q(signatures__gte=5), name="told_span_is_no_handful"),
        ]

    def __str__(self) -> str:
        return f"{self.start:%Y-%m-%d %H:%M}: {self.signatures}"


class ToldCountry(models.Model):
    """Signatures of a country as the public was told; "" for those that can't be told apart."""

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="told_countries")
    country = models.CharField(max_length=2, blank=True)
    signatures = models.PositiveIntegerField()

    class Meta:
        verbose_name_plural = "told countries"
        constraints = [
            models.UniqueConstraint(fields=["petition", "country"], name="one_told_country"),
            models.CheckConstraint(condition=Q(signatures__gte=5), name="told_country_is_no_handful"),
        ]

    def __str__(self) -> str:
        return f"{self.country}: {self.signatures}"


class Tally(models.Model):
    """How many signatures count, by the quarter of an hour of their confirmation and by country: one cell of the tally.

    Whatever statement writes cells, a trigger adds it up in the two tables below, in the same moment (migration 0002).
    """

    petition = models.ForeignKey(Petition, models.PROTECT, related_name="tallies")
    start = models.DateTimeField()
    country = models.CharField(max_length=2)
    signatures = models.IntegerField()

    class Meta:
        verbose_name_plural = "tallies"
        constraints = [models.UniqueConstraint(fields=["petition", "start", "country"], name="one_tally_per_cell")]

    def __str__(self) -> str:
        return f"{self.start:%Y-%m-%d %H:%M} {self.country}: {self.signatures}"


class TallyByCountry(models.Model):
    """The sum of all cells of one country."""

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="tallies_by_country", db_index=False)
    country = models.CharField(max_length=2)
    signatures = models.IntegerField()

    class Meta:
        verbose_name_plural = "tallies by country"
        constraints = [models.UniqueConstraint(fields=["petition", "country"], name="one_tally_per_country")]

    def __str__(self) -> str:
        return f"{self.country}: {self.signatures}"


class TallyByHour(models.Model):
    """The sum of all cells of one UTC hour."""

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="tallies_by_hour", db_index=False)
    start = models.DateTimeField()
    signatures = models.IntegerField()

    class Meta:
        verbose_name_plural = "tallies by hour"
        constraints = [models.UniqueConstraint(fields=["petition", "start"], name="one_tally_per_hour")]

    def __str__(self) -> str:
        return f"{self.start:%Y-%m-%d %H:%M}: {self.signatures}"
