"""Times as staff type and read them: in the zone of what they belong to, which is named at each field."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from datetime import timezone as fixed
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.template.response import SimpleTemplateResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminSplitDateTimeWidget

from core.generic import MixedIntoAnAdmin

# "+02:00", "-0330", "−3": how far a clock is from UTC, behind a time.
OFFSET = re.compile(r"\s*([+\-−])(\d{1,2})(?::?(\d{2}))?\s*$")
MOST_HOURS = 14
YEARS = range(1900, 2201)
# What lies further off than this is asked about once.
FAR = timedelta(days=5 * 365)
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)


def zone_named(name: str) -> ZoneInfo | None:
    """Returns the zone of this IANA name, None when there is none."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def moments(shown: datetime, zone: ZoneInfo) -> list[datetime]:
    """Returns every moment at which a clock in `zone` shows this naive time, the first one first, in UTC: none where clocks skip it,
    two where it comes twice."""
    found = {shown.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
    return sorted(moment for moment in found if moment.astimezone(zone).replace(tzinfo=None) == shown)


def around(skipped: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Returns the last minute that clocks in `zone` show before they skip this naive time, and the first one after it."""
    before, after = sorted(skipped.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    offset = before.astimezone(zone).utcoffset()
    while after - before > SECOND:
        middle = before + (after - before) / 2
        if middle.astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    change = after.replace(microsecond=0)
    return (change - MINUTE).astimezone(zone), change.astimezone(zone)


def offset_of(moment: datetime) -> str:
    """Returns how far the clock is from UTC: "+02:00"."""
    return moment.isoformat()[-6:]


@dataclass(frozen=True)
class Zones:
    """`shown_in`: the zone of the times that a page shows. `read_in`: that of what is typed anew there, another one when the zone is
    changed in the same form. `is_open`: whether none was chosen yet."""

    shown_in: ZoneInfo
    read_in: ZoneInfo
    is_open: bool = False


class ClockField(forms.TimeField):
    """Takes 10:00, and 02:30 +02:00 where a time comes twice."""

    def to_python(self, value: Any) -> time | None:
        found = OFFSET.search(value) if isinstance(value, str) else None
        if not found:
            return super().to_python(value)
        clock = super().to_python(value[: found.start()])
        hours, minutes = int(found[2]), int(found[3] or 0)
        if clock is None or hours > MOST_HOURS or minutes > 59:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        away = timedelta(hours=hours, minutes=minutes)
        return clock.replace(tzinfo=fixed(away if found[1] == "+" else -away))


class ZonedTimeWidget(UnfoldAdminSplitDateTimeWidget):
    """Says the zone below date and time. `asked`: the far date that the field asks about; a box below then says that it is meant."""

    template_name = "staff/time.html"
    hint: Any = ""
    asked, is_meant = "", False

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_0" if id_ else id_

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:
        return [*super().value_from_datadict(data, files, name), data.get(f"{name}_sure")]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        context["widget"] |= {"hint": self.hint, "asked": self.asked, "is_meant": self.is_meant}
        return context


class ZonedTimeField(forms.SplitDateTimeField):
    """A time in a zone. What is left as it was shown stays at its moment, to the microsecond. A time that clocks skip is refused with
    the two beside it, one that comes twice until its offset is written, a far one until it is said to be meant."""

    widget = ZonedTimeWidget

    def __init__(self, *, zones: Zones, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.zones, self.stored, self.is_touched = zones, None, True
        self.fields = (self.fields[0], ClockField(error_messages=self.fields[1].error_messages, required=False))

    def get_bound_field(self, form: Any, field_name: str) -> Any:
        bound: Any = super().get_bound_field(form, field_name)
        self.stored = form.initial.get(field_name)
        self.is_touched = form.is_bound and bound._has_changed()
        self.widget.hint = self._hint(form.is_bound)
        return bound

    def _hint(self, is_bound: bool) -> Any:
        if self.zones.is_open and not is_bound:
            return _("Times are in %(zone)s, or in the time zone that you choose.") % {"zone": self.zones.shown_in}
        return _("Times are in %(zone)s.") % {"zone": self._zone}

    @property
    def _zone(self) -> ZoneInfo:
        return self.zones.read_in if self.is_touched else self.zones.shown_in

    def prepare_value(self, value: Any) -> Any:
        """A moment as date and time of its zone, with the offset where that time comes twice."""
        if not isinstance(value, datetime):
            return value
        moment = value.astimezone(self.zones.shown_in)
        shown = moment.replace(tzinfo=None, microsecond=0, fold=0)
        if len(moments(shown, self.zones.shown_in)) < 2:
            return [shown.date(), shown.time()]
        return [shown.date(), f"{shown:%H:%M:%S} {offset_of(moment)}"]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)

    def clean(self, value: Any) -> Any:
        if self.disabled or (self.stored is not None and not self.is_touched):
            return self.stored
        day, clock, *sure = value
        moment = super().clean([day, clock])
        if moment is not None and abs(moment - timezone.now()) > FAR:
            self._ask(moment.astimezone(self._zone), *sure)
        return moment

    def _ask(self, moment: datetime, sure: str | None = None) -> None:
        self.widget.asked = f"{moment:%Y-%m-%d %H:%M}"
        self.widget.is_meant = sure == self.widget.asked
        if not self.widget.is_meant:
            message = _("Do you mean the year %(year)s? Then please tick the box here, and save again.")
            raise ValidationError(message, code="far", params={"year": moment.year})

    def compress(self, data_list: Any) -> datetime | None:
        if not data_list:
            return None
        day, clock = data_list
        if day in self.empty_values:
            raise ValidationError(self.error_messages["invalid_date"], code="invalid_date")
        if clock in self.empty_values:
            raise ValidationError(self.error_messages["invalid_time"], code="invalid_time")
        if day.year not in YEARS:
            raise ValidationError(_("Please check the year."), code="year")
        return self._moment(datetime.combine(day, clock.replace(tzinfo=None)), clock.utcoffset())

    def _moment(self, shown: datetime, offset: timedelta | None) -> datetime:
        """The one moment that is meant. `offset`: what was written behind the time."""
        zone = self._zone
        found = moments(shown, zone)
        if not found:
            before, after = around(shown, zone)
            message = _("Clocks in %(zone)s skip this time. The nearest are %(before)s and %(after)s.")
            beside = {"before": f"{before:%Y-%m-%d %H:%M}", "after": f"{after:%Y-%m-%d %H:%M}"}
            raise ValidationError(message, code="skipped", params={"zone": zone, **beside})
        local = [moment.astimezone(zone) for moment in found]
        if offset is not None:
            local = [moment for moment in local if moment.utcoffset() == offset]
            if not local:
                right = gettext(" or ").join(offset_of(moment.astimezone(zone)) for moment in found)
                message = _("In %(zone)s the clock has another offset at that time: %(right)s.")
                raise ValidationError(message, code="offset", params={"zone": zone, "right": right})
        if len(local) > 1:
            first, second = (f"{moment:%H:%M} {offset_of(moment)}" for moment in local)
            message = _("This time comes twice in %(zone)s. Please write which one you mean: %(first)s or %(second)s.")
            raise ValidationError(message, code="twice", params={"zone": zone, "first": first, "second": second})
        return local[0].astimezone(UTC)


class TimesInZone(MixedIntoAnAdmin):
    """An admin, or an inline of one, whose times are in a zone."""

    def zones(self, request: HttpRequest) -> Zones:
        raise NotImplementedError

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if isinstance(db_field, models.DateTimeField):
            ours = {"form_class": ZonedTimeField, "widget": ZonedTimeWidget, "zones": self.zones(request)}
            kwargs = ours | kwargs
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class PageInZone(TimesInZone, ModelAdmin):
    """A page of the admin whose times, those that are only read too, are in a zone that it names."""

    change_form_before_template = "staff/before_form.html"

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        zones = self.zones(request)
        with timezone.override(zones.shown_in):
            told = {"times_in": "" if zones.is_open else zones.shown_in, **(extra_context or {})}
            response: HttpResponse = super().changeform_view(request, object_id, form_url, told)
            if isinstance(response, SimpleTemplateResponse):
                # Here, while the zone holds: by itself it would be rendered later.
                response.render()
        return response
