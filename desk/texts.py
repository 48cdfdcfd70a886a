"""The texts that people post: samples that were written whole, and parts that samples are put together from."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.forms import PaginationInlineFormSet
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from actions import combining, length
from actions.models import SamplePart, SampleTweet, TweetAction
from campaigns.models import Campaign
from core.generic import AnyModelForm
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
            raise ValidationError(_("The parts already make this text: “%(text)s”"), params={"text": clash})
        others = self.elsewhere().values_list("text", flat=True)
        if pairs := [pair for pair in combining.alike([*texts, *others]) if pair[0] in texts]:
            message = _("These two say nearly the same: “%(one)s” and “%(other)s”. Please make every text different.")
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


def _lines(kind: SamplePart.Kind) -> forms.CharField:
    return forms.CharField(
        label=kind.label, required=False, widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}), max_length=20_000
    )


class PartsForm(AnyModelForm):
    """Several parts at once, one a line; one that is there already stays as it is."""

    language = forms.CharField(label=capfirst(_("language")), max_length=12, widget=UnfoldAdminTextInputWidget)
    opening, fact = _lines(SamplePart.Kind.OPENING), _lines(SamplePart.Kind.FACT)
    ask, proof = _lines(SamplePart.Kind.ASK), _lines(SamplePart.Kind.PROOF)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "language" in self.fields:
            self.fields["language"].initial = self.instance.written_in

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        text: Any = SamplePart._meta.get_field("text")
        for kind in SamplePart.Kind.values:
            cleaned[kind] = list(filter(None, map(str.strip, cleaned.get(kind, "").splitlines())))
            for line in cleaned[kind]:
                try:
                    text.run_validators(line)
                except ValidationError as error:
                    self.add_error(kind, error)
                    break
        return cleaned

    def store(self) -> None:
        """Called once the rows that are there are saved."""
        action, language = self.instance, self.cleaned_data.get("language", "")
        known = set(action.parts.filter(language=language).values_list("kind", "text"))
        typed = [(kind, line) for kind in SamplePart.Kind.values for line in self.cleaned_data.get(kind, ())]
        for kind, line in dict.fromkeys(typed):
            if (kind, line) not in known:
                SamplePart.objects.create(action=action, language=language, kind=kind, text=line)


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
    extra, per_page, hide_title = 0, 8, True


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
    page, inlines, form = "parts", [PartInline], PartsForm

    def get_fieldsets(self, request: HttpRequest, obj: TweetAction | None = None) -> Any:
        if not self.has_change_permission(request):
            return []
        text: Any = SamplePart._meta.get_field("text")
        fields = ("language", *SamplePart.Kind.values)
        return [(_("Several parts, one per line"), {"description": text.help_text, "fields": fields})]

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        super().save_formset(request, form, formset, change)
        form.store()
