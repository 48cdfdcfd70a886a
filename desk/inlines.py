"""The parts of a campaign, as they are edited inside it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.admin import StackedInline, TabularInline

from actions.models import SampleTweet
from campaigns import mailing, sourcing
from campaigns.models import Campaign, Demand, KeyMoment, PressKit, Recap, Response, Source, Update
from core.crypto import tokens
from desk.forms import MomentForm, ResponseForm, UpdateForm
from desk.withdrawal import ByRight, KeptFormSet, WithdrawableInline
from desk.zones import InCampaignZone


class SourceInline(TabularInline):
    """Words in the path for links that stand elsewhere: leaflets, partners, newsletters."""

    model, extra, max_num, hide_title, tab = Source, 0, 40, True, True
    fields = ("word", "note", "link")
    readonly_fields = ("link",)

    @admin.display(description=_("its link"))
    def link(self, source: Source) -> str:
        return sourcing.url(source.campaign, source.word) if source.pk else "–"


class DemandInline(TabularInline):
    model, formset, extra, hide_title, show_change_link = Demand, KeptFormSet, 0, True, True
    fields = ("position", "title", "outcome", "since")


class MomentInline(WithdrawableInline, StackedInline):
    model, form, extra, tab, show_change_link = KeyMoment, MomentForm, 0, True, True
    fields = ("title", "starts_at", "move", "ends_at", "place", "text", "is_day_of_action", "samples", "withdrawal")
    readonly_fields = ("move", "withdrawal")

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        match = request.resolver_match
        if db_field.name == "samples":
            number = match.kwargs.get("object_id") if match else None
            kwargs["queryset"] = SampleTweet.objects.filter(action__campaign=number, is_combined=False)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    @admin.display(description=_("move it"))
    def move(self, moment: KeyMoment) -> str:
        if moment.pk is None or moment.withdrawn_at or not self.may_change:
            return "–"
        where = reverse("admin:campaigns_keymoment_move", args=[moment.pk])
        return format_html('<a href="{}">{}</a>', where, _("Move it, with all that hangs on it"))


class UpdateInline(WithdrawableInline, StackedInline):
    model, form, extra, tab, show_change_link = Update, UpdateForm, 0, True, True
    fields = ("title", "text", "published_at", "publish_now", "moment", "mailing", "withdrawal")
    readonly_fields = ("mailing", "withdrawal")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        match = request.resolver_match
        if db_field.name == "moment":
            number = match.kwargs.get("object_id") if match else None
            kwargs["queryset"] = KeyMoment.objects.filter(campaign=number)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @admin.display(description=_("by mail"))
    def mailing(self, update: Update) -> str:
        if update.pk is None:
            return "–"
        told = "–"
        label: Any = _("Mail it to everyone who asked to hear") if update.published_at else _("See it as a mail")
        if update.mailing_at:
            state = mailing.state(update)
            told = f"{state.sent} / {state.all}" + ("" if update.addressed_at or update.mailing_stopped_at else " …")
            label = format_html("{} · {}", told, _("look at it"))
        if update.withdrawn_at or not self.may_change:
            return told
        return format_html('<a href="{}">{}</a>', reverse("admin:campaigns_update_mail", args=[update.pk]), label)


class ResponseInline(WithdrawableInline, StackedInline):
    model, form, extra, tab, show_change_link = Response, ResponseForm, 0, True, True
    fields = ("target", "speaker", "said_at", "where", "link", "evidence", "words", "demand", "outcome", "withdrawal")
    readonly_fields = ("withdrawal",)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "link":
            kwargs["assume_scheme"] = "https"
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        match = request.resolver_match
        if db_field.name == "demand":
            kwargs["queryset"] = Demand.objects.filter(campaign=match.kwargs.get("object_id") if match else None)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class RecapInline(InCampaignZone, StackedInline):
    model, formset, extra, tab, show_change_link = Recap, KeptFormSet, 0, True, True


class PressKitInline(ByRight, StackedInline):
    model, extra, tab, show_change_link = PressKit, 0, True, True
    fields = ("embargo_until", "text", "facts", "contact", "early")
    readonly_fields = ("early",)

    def get_fields(self, request: HttpRequest, obj: Campaign | None = None) -> Any:
        fields = super().get_fields(request, obj)
        return fields if request.user.has_perm("campaigns.change_campaign") else [f for f in fields if f != "early"]

    @admin.display(description=_("for journalists, before the embargo is over"))
    def early(self, kit: PressKit) -> str:
        if kit.pk is None:
            return "–"
        where = reverse("press_early", args=[kit.campaign.slug, tokens.make("press", kit.key)])
        return format_html('<a href="{0}">{0}</a>', settings.SITE_URL + where)
