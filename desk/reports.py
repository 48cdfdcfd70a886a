"""The report of a campaign: on the screen, as CSV and as PDF; and the button beside each sample that retires it."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from unfold.widgets import UnfoldAdminTextInputWidget

from actions import retiring
from actions.models import SampleTweet
from campaigns.models import Campaign
from core.drawing import palette, pdf
from core.locks import one_at_a_time
from core.staff.pages import WithSteps
from core.text import spreadsheets
from desk.steps import step
from progress import report_sections, reports
from progress.reports import Period, Report

FORMATS = ("csv", "pdf")
# So many samples stand on the page; the CSV has all of them.
SAMPLES = 40


class PeriodForm(forms.Form):
    """Which days; without any, the usual ones."""

    def __init__(self, campaign: Campaign, sent: Any = None) -> None:
        self.usual = reports.usual(campaign)
        names = {"from": _("First day"), "to": _("Last day")}
        is_sent = sent is not None and any(name in sent for name in names)
        initial = {"from": self.usual.first, "to": self.usual.last}
        super().__init__(sent if is_sent else None, initial=initial)
        for name, label in names.items():
            widget = UnfoldAdminTextInputWidget(attrs={"type": "date"})
            self.fields[name] = forms.DateField(label=label, widget=widget)

    def clean(self) -> dict[str, date]:
        said: dict[str, date] = self.cleaned_data
        if {"from", "to"} <= said.keys():
            if said["from"] > said["to"]:
                raise forms.ValidationError(_("The first day must not come after the last one."))
            if said["to"] >= timezone.now().astimezone(self.usual.zone).date():
                raise forms.ValidationError(_("Please choose days that are over."))
            if said["to"] - said["from"] >= reports.LONGEST or said["from"].year < 1900:
                raise forms.ValidationError(_("Please choose at most one year."))
        return said

    @property
    def period(self) -> Period:
        if not self.is_valid():
            return self.usual
        return Period(self.cleaned_data["from"], self.cleaned_data["to"], self.usual.zone)


class Reports(WithSteps):
    """Of a campaign: `<number>/report/`, the same as `report.csv` and `report.pdf`, and `<number>/retire/<sample>/`."""

    steps = {
        **dict.fromkeys(("report", *(f"report_{kind}" for kind in FORMATS)), "campaigns.report_campaign"),
        "retire": "actions.change_sampletweet",
    }

    def get_urls(self) -> list[Any]:
        report, retire = self.admin_site.admin_view(self.report), self.admin_site.admin_view(self.retire)
        own = [
            path("<int:pk>/report/", report, name="campaigns_campaign_report"),
            *(
                path(f"<int:pk>/report.{kind}", report, {"kind": kind}, name=f"campaigns_campaign_report_{kind}")
                for kind in FORMATS
            ),
            path("<int:pk>/retire/<int:sample>/", retire, name="campaigns_campaign_retire"),
        ]
        return [*own, *super().get_urls()]

    @method_decorator(require_safe)
    def report(self, request: HttpRequest, pk: int, kind: str = "") -> HttpResponse:
        """Shows what came of a campaign from one day to another, both included. Answers 422 to days that can't be."""
        self.require(request, "report")
        campaign = get_object_or_404(Campaign.objects.whole(), pk=pk)
        form = PeriodForm(campaign, request.GET)
        report = report_sections.build(campaign, form.period)
        if kind and not form.errors:
            return _as_csv(report) if kind == "csv" else self._as_pdf(request, report, form)
        return self._page(request, report, form, 422 if form.errors else 200)

    def _page(
        self, request: HttpRequest, report: Report, form: PeriodForm, status: int = 200, **more: Any
    ) -> HttpResponse:
        query = urlencode({"from": report.period.first, "to": report.period.last})
        pk = report.campaign.pk
        places = {kind: reverse(f"admin:campaigns_campaign_report_{kind}", args=[pk]) for kind in FORMATS}
        context = {
            "title": _("Report"),
            "report": report,
            "form": form,
            "most": SAMPLES,
            "may_retire": self.may(request, "retire"),
            "files": [(kind.upper(), f"{place}?{query}") for kind, place in places.items()],
            "back": reverse("admin:campaigns_campaign_change", args=[pk]),
        }
        return step(request, self, context | more, status, "report")

    def _as_pdf(self, request: HttpRequest, report: Report, form: PeriodForm) -> HttpResponse:
        """One page at a time is set on the whole site, as for visitors."""
        context = {"report": report, "colour": palette.light("accent", report.campaign.accent), "most": SAMPLES}
        with one_at_a_time("report") as ours:
            try:
                content = pdf.render(render_to_string("desk/report_printed.html", context, request)) if ours else b""
            except pdf.Unprintable:
                content = b""
        if not content:
            return self._page(request, report, form, 503, no_pdf=True)
        return _file(content, report, "pdf")

    def retire(self, request: HttpRequest, pk: int, sample: int) -> HttpResponse:
        """Shows the sample; a POST takes it out of what visitors are offered, or with `again` back into it."""
        self.require(request, "retire")
        campaign = get_object_or_404(Campaign.objects.whole(), pk=pk)
        found = get_object_or_404(SampleTweet, pk=sample, action__campaign=campaign)
        back = reverse("admin:campaigns_campaign_report", args=[pk])
        if request.method != "POST":
            context = {"title": _("Retire this sample"), "words": found.text, "back": back, "button": _("Retire")}
            return step(request, self, context)
        if "again" in request.POST:
            retiring.offer_again(found)
            self.message_user(request, _("We offer this sample to visitors again."))
        else:
            retiring.retire(found)
            self.message_user(request, _("We no longer offer this sample to visitors. You can undo that beside it."))
        period = PeriodForm(campaign, request.POST).period
        return HttpResponseRedirect(f"{back}?{urlencode({'from': period.first, 'to': period.last})}#sample-{found.pk}")


def _as_csv(report: Report) -> HttpResponse:
    notes: list[list[object]] = [["note", note, "", "", ""] for note in report.notes]
    return _file(spreadsheets.to_csv(reports.COLUMNS, [*report.table(), *notes]).encode(), report, "csv")


def _file(content: bytes, report: Report, kind: str) -> HttpResponse:
    types = {"csv": "text/csv; charset=utf-8", "pdf": "application/pdf"}
    name = f"{report.campaign.slug}-{report.period.first}-{report.period.last}.{kind}"
    response = HttpResponse(content, content_type=types[kind])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
