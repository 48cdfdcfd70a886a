"""Conditions that signatures are found by: the list reads them from its address, a decision keeps them, the workers choose by them.

None of them is a name, an address or a domain: nobody finds out by them whether a person has signed. A crowd behind one domain or
one IP address is known by a mark (petitions/crowds.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.db.models import Count, Q, TextField
from django.db.models.functions import MD5, Cast, Left
from django.db.models.lookups import In
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.owners import seen_by
from core.privacy.domains import PROVIDERS, RELAYS
from core.text.forms import CleanForm
from petitions.models import Alert, Petition, Review, Signature

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SORTS = {
    "provider": (_("a large provider"), Q(domain__in=PROVIDERS)),
    "relay": (_("a forwarder"), Q(domain__in=RELAYS)),
    "disposable": (_("a throw-away one"), Q(domain__contains=".") & ~Q(domain__in=PROVIDERS | RELAYS)),
    "own": (_("a domain of its own"), ~Q(domain="") & ~Q(domain__contains=".")),
}
FILLED = {
    "fast": (_("under 2 seconds, or unknown"), Q(seconds__lt=2) | Q(seconds=None)),
    "quick": (_("2 to 9 seconds"), Q(seconds__gte=2, seconds__lt=10)),
    "usual": (_("10 seconds or more"), Q(seconds__gte=10)),
}
CLIENTS = (2, 5, 10, 20, 100)
# Tells one crowd from another, and nobody which it is: of people's own domains and of clients all that we keep is a keyed hash.
MARKS = {"domains": Left(MD5("domain"), 8), "addresses": Left(MD5(Cast("client_hash", TextField())), 8)}


def _choice(label: Any, choices: list[tuple[Any, Any]]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[("", _("any")), *choices], required=False)


def _time(label: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput({"type": "datetime-local"}, "%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, required=False, widget=widget)


def _marks(label: Any) -> forms.CharField:
    """Those of several crowds, with commas between."""
    read = RegexValidator("^[0-9a-f]{8}(,[0-9a-f]{8})*$")
    return forms.CharField(label=label, max_length=900, required=False, validators=[read], widget=forms.HiddenInput)


class Conditions(CleanForm, forms.Form):
    """Fields are called as in the address of the list, where Django's own filters have named some of them."""

    petition__id__exact = forms.ModelChoiceField(Petition.objects.all(), label=_("Petition"), required=False)
    country = forms.CharField(
        label=_("Country, as two letters"),
        max_length=2,
        required=False,
        validators=[RegexValidator("^[A-Za-z]{2}$", _("Please write two letters."))],
    )
    sort = _choice(_("Domain of the mail address"), [(name, words) for name, (words, _q) in SORTS.items()])
    since = _time(_("Signed from (UTC)"))
    until = _time(_("Signed before (UTC)"))
    clients = _choice(
        _("From one IP address within a day"),
        [(str(number), f"≥ {number}") for number in CLIENTS],
    )
    filled = _choice(_("Time for the form"), [(name, words) for name, (words, _q) in FILLED.items()])
    source = forms.SlugField(label=_("Source"), max_length=20, required=False)
    domains = _marks(_("Crowds of one mail domain"))
    addresses = _marks(_("Crowds of one IP address"))
    review__exact = _choice(_("Review"), list(Review.choices))
    confirmed_at__isempty = _choice(pgettext_lazy("yes or no", "Confirmed"), [("0", _("yes")), ("1", _("no"))])
    confirmed_since = _time(_("Confirmed from (UTC)"))
    withdrawn_at__isempty = _choice(_("Withdrawn"), [("1", _("no")), ("0", _("yes"))])
    mail = forms.ChoiceField(choices=[("uncertain", "")], required=False, widget=forms.HiddenInput)
    alert = forms.ModelChoiceField(
        Alert.objects.filter(kind=Alert.Kind.DOMAIN), required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, reader: Any = None, **kwargs: Any) -> None:
        """`reader`: to whom a petition of another team is none, and an alert neither."""
        super().__init__(*args, **kwargs)
        if reader:
            for name, path in (("petition__id__exact", ""), ("alert", "petition")):
                field: Any = self.fields[name]
                field.queryset = seen_by(reader, field.queryset, path)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if cleaned.get("clients") and not (
            cleaned.get("petition__id__exact") and since and until and timedelta(0) < until - since <= DAY
        ):
            self.add_error("clients", _("Please choose a petition, and from when to when: one day at most."))
        return cleaned

    def q(self, at: datetime | None = None) -> Q:
        """What fits all of them; with `at`, what did so then, whoever has signed, confirmed or withdrawn since."""
        given = {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}
        found = Q(signed_at__lte=at) if at else Q()
        for name, value in given.items():
            found &= self._one(name, value, at)
        return found

    def _one(self, name: str, value: Any, at: datetime | None) -> Q:
        match name:
            case "petition__id__exact":
                return Q(petition=value)
            case "country":
                return Q(country=value.upper())
            case "sort":
                return SORTS[value][1]
            case "since":
                return Q(signed_at__gte=value)
            case "until":
                return Q(signed_at__lt=value)
            case "clients":
                return self._of_one_client(int(value), at)
            case "filled":
                return FILLED[value][1]
            case "domains" | "addresses":
                return Q(In(MARKS[name], value.split(",")))
            case "confirmed_since":
                return Q(confirmed_at__gte=value) & _until("confirmed_at", at)
            case "confirmed_at__isempty" | "withdrawn_at__isempty":
                field = name.removesuffix("__isempty")
                happened = Q((f"{field}__isnull", False)) & _until(field, at)
                return happened if value == "0" else ~happened
            case "mail":
                return Q(pk__in=Signature.objects.uncertain().values("pk"))
            case "alert":
                return Q(petition=value.petition_id, domain__startswith=value.detail)
        return Q((name.removesuffix("__exact"), value))

    def _of_one_client(self, number: int, at: datetime | None) -> Q:
        """A client is known by the hash of a day, so that no two days are mixed."""
        given = self.cleaned_data
        span = Q(petition=given["petition__id__exact"], signed_at__gte=given["since"], signed_at__lt=given["until"])
        rows = Signature.objects.filter(span & _until("signed_at", at)).exclude(client_hash=None)
        many = rows.order_by().values("client_hash").annotate(number=Count("pk")).filter(number__gte=number)
        return Q(client_hash__in=many.values("client_hash"))


NAMES = frozenset(Conditions.base_fields)


def read(filters: Mapping[str, Any], reader: Any = None) -> Conditions | None:
    """None where they are none that could be read."""
    conditions = Conditions(filters, reader=reader)
    return conditions if set(filters) <= NAMES and conditions.is_valid() else None


def words(filters: Mapping[str, Any]) -> list[str]:
    """Each condition as people read it: its label, and what was chosen; as it is, where it is none."""
    said = []
    for name, value in filters.items():
        field: Any = Conditions.base_fields.get(name)
        choices: Any = field.choices if type(field) is forms.ChoiceField else ()
        chosen = dict(choices).get(value, value)
        said.append(f"{field.label or name}: {chosen}" if field else f"{name} = {value}")
    return said


def of_alert(alert: Alert) -> dict[str, str]:
    """What an alert is about. Of one name many times only the day: who could list a name's rows would know who has signed."""
    end, given = alert.raised_at, {"petition__id__exact": str(alert.petition_id)}
    hour = {"since": _minute(end - HOUR), "until": _minute(end + timedelta(minutes=1))}
    match alert.kind:
        case Alert.Kind.COUNTRY:
            return given | {"country": alert.detail}
        case Alert.Kind.DOMAIN:
            return given | hour | {"alert": str(alert.pk)}
        case Alert.Kind.FAST:
            return given | hour | {"filled": "fast"}
        case Alert.Kind.OLD_LINKS:
            old = {"until": _minute(end - 3 * DAY), "confirmed_since": hour["since"]}
            return given | old | {"confirmed_at__isempty": "0"}
        case Alert.Kind.NIGHT:
            ends = end.astimezone(alert.petition.zone).replace(minute=0)
            return given | {"since": _minute(ends - 3 * HOUR), "until": _minute(ends)}
    return given | hour | {"since": _minute(end - DAY)}


def _minute(time: datetime) -> str:
    return f"{time.astimezone(tz=UTC):%Y-%m-%dT%H:%M}"


def _until(field: str, at: datetime | None) -> Q:
    return Q((f"{field}__lte", at)) if at else Q()
