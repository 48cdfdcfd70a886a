"""The parts of a campaign, as they are edited inside it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.admin import StackedInline, TabularInline

from campaigns import sourcing
from campaigns.models import Campaign, Demand, PressKit, Source
from core.crypto import tokens
from core.generic import AnyModelForm
from desk.withdrawal import ByRight, KeptFormSet


class SourceForm(AnyModelForm):
    def clean_word(self) -> str:
        """Refuses a word that another row has, on whatever page that one stands."""
        word: str = self.cleaned_data["word"]
        if Source.objects.filter(campaign=self.instance.campaign_id, word=word).exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("Another row already has this word."))
        return word


class SourceInline(TabularInline):
    """Words in the path for links that stand elsewhere: leaflets, partners, newsletters."""

    model, form, extra, per_page = Source, SourceForm, 0, 8
    fields = ("word", "note", "link")
    readonly_fields = ("link",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Source]:
        rows: QuerySet[Source] = super().get_queryset(request)
        return rows.select_related("campaign")

    @admin.display(description=_("its link"))
    def link(self, source: Source) -> str:
        where = sourcing.url(source.campaign, source.word) if source.pk else "–"
        return format_html('<span class="outcry-long">{}</span>', where)


class DemandInline(TabularInline):
    model, formset, extra, per_page, hide_title, show_change_link = Demand, KeptFormSet, 0, 6, True, True
    fields = ("position", "title", "outcome", "since")


class PressKitInline(ByRight, StackedInline):
    model, extra, show_change_link = PressKit, 0, True
    fields = ("embargo_until", "text", "facts", "contact", "early")
    readonly_fields = ("early",)

    def get_fields(self, request: HttpRequest, obj: Campaign | None = None) -> Any:
        fields = super().get_fields(request, obj)
        return fields if request.user.has_perm("campaigns.change_presskit") else [f for f in fields if f != "early"]

    @admin.display(description=_("for journalists, before the embargo is over"))
    def early(self, kit: PressKit) -> str:
        if kit.pk is None:
            return "–"
        where = reverse("press_early", args=[kit.campaign.slug, tokens.make("press", kit.key)])
        return format_html('<a class="outcry-long" href="{0}">{0}</a>', settings.SITE_URL + where)
