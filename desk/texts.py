"""The texts that people post: samples that were written whole, and parts that samples are put together from."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.forms import PaginationInlineFormSet
from unfold.widgets import UnfoldAdminTextareaWidget

from actions import combining, length
from actions.models import SamplePart, SampleTweet, TweetAction
from campaigns.models import Campaign
from desk.pages import PageOfCampaign


class Texts(PaginationInlineFormSet):
    """Every text is compared with all others, those of other pages too."""

    def kept(self) -> list[dict[str, Any]]:
        """What is here, less what is to be deleted."""
        return [form.cleaned_data for form in self.forms if form.is_valid() and not form.cleaned_data.get("DELETE")]

    def elsewhere(self) -> QuerySet[Any]:
        here = [form.instance.pk for form in self.initial_forms]
        others: QuerySet[Any] = self.queryset.exclude(pk__in=here)
        return others


class Samples(Texts):
    def clean(self) -> None:
        super().clean()
        texts = [data["text"] for data in self.kept() if data.get("text")]
        combined = self.instance.samples.filter(is_combined=True, text__in=texts).values_list("text", flat=True)
        if clash := combined.first():
            raise ValidationError(_("This is put together from parts already: “%(text)s”"), params={"text": clash})
        others = self.elsewhere().values_list("text", flat=True)
        if pairs := [pair for pair in combining.alike([*texts, *others]) if pair[0] in texts]:
            message = _("These two say nearly the same; every text should be another one: “%(one)s” and “%(other)s”")
            raise ValidationError(message, params={"one": pairs[0][0], "other": pairs[0][1]})


class Parts(Texts):
    def get_unique_error_message(self, unique_check: Any) -> str:
        """Of two rows that are both on this page."""
        return gettext("Two parts say the same.")

    def clean(self) -> None:
        super().clean()
        parts = [(data["language"], data["kind"], data["text"].strip()) for data in self.kept() if data.get("text")]
        parts += self.elsewhere().values_list("language", "kind", "text")
        if len(set(parts)) < len(parts):
            raise ValidationError(_("Two parts say the same."))


class SampleInline(TabularInline):
    model, formset = SampleTweet, Samples
    fields = ("text", "weight", "language", "is_offered", "has_link")
    readonly_fields = ("weight",)
    extra, per_page, hide_title = 0, 8, True

    def get_queryset(self, request: HttpRequest) -> QuerySet[SampleTweet]:
        rows: QuerySet[SampleTweet] = super().get_queryset(request).filter(is_combined=False)
        return rows

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "text":
            kwargs["widget"] = UnfoldAdminTextareaWidget(attrs={"rows": 3})
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    @admin.display(description=_("as X counts"))
    def weight(self, sample: SampleTweet) -> str:
        room = length.LINK_ROOM if sample.has_link else 0
        return f"{length.weighted_length(sample.text) + room} / {length.LIMIT}"


class PartInline(TabularInline):
    model, formset = SamplePart, Parts
    fields = ("kind", "language", "text")
    extra, per_page, hide_title = 0, 12, True


class PageOfTexts(PageOfCampaign):
    """Rows of the tweet action, which is made on a page of its own."""

    edits = TweetAction

    def row_of(self, campaign: Campaign) -> TweetAction | None:
        return campaign.tweet_action

    def get_fieldsets(self, request: HttpRequest, obj: TweetAction | None = None) -> Any:
        return []

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        combining.store(form.instance)


class SamplesPage(PageOfTexts):
    page, inlines = "texts", [SampleInline]


class PartsPage(PageOfTexts):
    page, inlines = "parts", [PartInline]
