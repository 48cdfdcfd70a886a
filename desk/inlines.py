"""The parts of a campaign, as they are edited inside it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.admin import StackedInline, TabularInline
from unfold.contrib.inlines.admin import NonrelatedStackedInline, NonrelatedTabularInline
from unfold.contrib.inlines.forms import NonrelatedInlineModelFormSet
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from actions import combining, length, tracking
from actions.handles import TypedNames
from actions.models import Contamination, SamplePart, SampleTweet, Target, TweetAction
from campaigns import sourcing
from campaigns.models import Campaign, Demand, PressKit, Source
from core.crypto import tokens
from core.generic import AnyModelForm, MixedIntoAnInline
from desk.choices import ChoicesReadOnce
from desk.forms import ContaminationForm, PetitionForm
from desk.withdrawal import ByRight, KeptFormSet
from desk.zones import InCampaignZone
from petitions.models import Petition

# What X's terms ask of whoever runs such an action; from them, in our words.
TERMS = _(
    "Before you begin: X wants to approve in writing that protests and rallies are monitored through its API; what is handed to a "
    "government office must hold no posts; and nobody's political views may be derived from posts, or kept."
)


class OnlyOne(NonrelatedInlineModelFormSet):
    """A part that a campaign has once: not twice in one form, and not by two people at the same time."""

    def clean(self) -> None:
        super().clean()
        added = [form for form in self.extra_forms if form.has_changed()]
        if added and (len(added) > 1 or self.get_queryset().exists()):
            raise ValidationError(
                _("There is one already, perhaps just added by somebody else: please reload the page.")
            )

    def save_new(self, form: Any, commit: bool = True) -> Model:
        # `save_new_instance` has stored it: stored once more it would have two entries in its history.
        made: Model = super().save_new(form, commit=False)
        if commit:
            form.save_m2m()
        return made


class OnceInline(InCampaignZone, TypedNames, ChoicesReadOnce, NonrelatedStackedInline):
    formset = OnlyOne
    extra, max_num, can_delete = 0, 1, False


class PetitionInline(OnceInline):
    model, form = Petition, PetitionForm
    fields = ("title", "text", "opens_at", "closes_at")

    def get_readonly_fields(self, request: HttpRequest, obj: Campaign | None = None) -> tuple[str, ...]:
        # What people have put their name to stays as it was; when it closed decides how long we know who signed.
        petition = obj.petition if obj else None
        text = ("text",) if petition and petition.signatures.exists() else ()
        return (*text, "closes_at") if petition and petition.is_closed else text

    def get_form_queryset(self, obj: Campaign) -> QuerySet[Petition]:
        return Petition.objects.filter(campaign=obj)

    def save_new_instance(self, parent: Model, instance: Model) -> None:
        assert isinstance(parent, Campaign) and isinstance(instance, Petition)
        instance.save()
        parent.petition = instance
        parent.save(update_fields=["petition"])


class TweetActionForm(AnyModelForm):
    query = forms.CharField(
        label=_("What X is asked for"),
        required=False,
        max_length=512,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("Empty: the hashtag and the target's handle, without reposts. A change starts a new version."),
    )

    class Meta:
        model = TweetAction
        fields = ("hashtag", "hashtag_from", "target", "more_targets", "query", "advice", "budget")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and self.instance.query != tracking.default_query(self.instance):
            self.fields["query"].initial = self.instance.query

    def clean_hashtag_from(self) -> datetime | None:
        """What is kept back must not stand in the headline that is saved with it."""
        moment: datetime | None = self.cleaned_data["hashtag_from"]
        campaign = getattr(self.instance, "campaign", None)
        headlines = list(campaign.translations.values_list("headline", flat=True)) if campaign else []
        hidden = f"#{self.cleaned_data.get('hashtag', '')}".casefold()
        named = any(hidden in text.casefold() for text in [str(self.data.get("headline", "")), *headlines])
        if moment and moment > timezone.now() and named:
            raise ValidationError(_("The hashtag stands in the headline: leave it out there until then."))
        return moment

    def clean_query(self) -> str:
        query = " ".join(self.cleaned_data["query"].split())
        if query:
            tracking.validate(query)
        return query


class TweetActionInline(OnceInline):
    model, form = TweetAction, TweetActionForm
    fields = ("hashtag", "hashtag_from", "target", "more_targets", "query", "refused", "advice", "budget")
    readonly_fields = ("refused",)

    def get_form_queryset(self, obj: Campaign) -> QuerySet[TweetAction]:
        return TweetAction.objects.filter(campaign=obj)

    def save_new_instance(self, parent: Model, instance: Model) -> None:
        assert isinstance(parent, Campaign) and isinstance(instance, TweetAction)
        instance.terms_wanted = True
        instance.save()
        parent.tweet_action = instance
        parent.save(update_fields=["tweet_action"])

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "budget":
            field.help_text = format_html("{} {}", field.help_text, TERMS)
        return field

    @admin.display(description=_("refused by X"))
    def refused(self, action: TweetAction) -> str:
        newest = action.queries.order_by("-version").first() if action.pk else None
        return newest.refused if newest and newest.refused else "–"


class TargetInline(OnceInline):
    """A target of this campaign's own; one that exists already is chosen in the tweet action."""

    model = Target
    fields = (
        "name",
        "kind",
        "x_handle",
        ("bluesky_handle", "threads_handle", "mastodon_handle"),
        "email",
        "reason",
        "is_fictional",
    )

    def get_form_queryset(self, obj: Campaign) -> QuerySet[Target]:
        return Target.objects.filter(actions__campaign=obj)

    def save_new_instance(self, parent: Model, instance: Model) -> None:
        assert isinstance(parent, Campaign) and isinstance(instance, Target)
        instance.language = parent.language
        instance.save()
        if parent.tweet_action:
            parent.tweet_action.target = instance
            parent.tweet_action.save(update_fields=["target"])


class Samples(NonrelatedInlineModelFormSet):
    def clean(self) -> None:
        super().clean()
        kept = [form.cleaned_data for form in self.forms if form.is_valid() and not form.cleaned_data.get("DELETE")]
        texts = [data["text"] for data in kept if data.get("text")]
        if clash := set(texts) & set(_combined(self.instance)):
            raise ValidationError(
                _("This is put together from parts already: “%(text)s”"), params={"text": clash.pop()}
            )
        if pairs := combining.alike(texts):
            message = _("These two say nearly the same; every text should be another one: “%(one)s” and “%(other)s”")
            raise ValidationError(message, params={"one": pairs[0][0], "other": pairs[0][1]})
        if texts and not _has_action(self):
            raise ValidationError(_("Please add the tweet action that these samples are for."))


class Parts(NonrelatedInlineModelFormSet):
    def clean(self) -> None:
        super().clean()
        kept = [form.cleaned_data for form in self.forms if form.is_valid() and not form.cleaned_data.get("DELETE")]
        parts = [(data["language"], data["kind"], data["text"].strip()) for data in kept if data.get("text")]
        if len(set(parts)) < len(parts):
            raise ValidationError(_("Two parts say the same."))
        if any(form.has_changed() for form in self.extra_forms) and not _has_action(self):
            raise ValidationError(_("Please add the tweet action that these samples are for."))


def _combined(campaign: Campaign) -> QuerySet[SampleTweet, str]:
    rows = SampleTweet.objects.filter(action__campaign=campaign.pk, is_combined=True)
    return rows.values_list("text", flat=True)


def _has_action(formset: NonrelatedInlineModelFormSet) -> bool:
    added = formset.data.get("actions-tweetaction-TOTAL_FORMS") not in ("0", None)
    return bool(formset.instance.tweet_action) or added


class OfTheAction(InCampaignZone, MixedIntoAnInline):
    """An inline whose rows belong to the campaign's tweet action."""

    def get_form_queryset(self, obj: Campaign) -> QuerySet[Any]:
        rows: QuerySet[Any] = self.model._default_manager.filter(action__campaign=obj)
        return rows

    def save_new_instance(self, parent: Model, instance: Any) -> None:
        assert isinstance(parent, Campaign) and parent.tweet_action is not None
        instance.action = parent.tweet_action


class SampleInline(OfTheAction, NonrelatedTabularInline):
    """Texts written whole; those put together from parts are in a list of their own."""

    model, formset = SampleTweet, Samples
    fields = ("text", "weight", "language", "is_offered", "has_link")
    readonly_fields = ("weight",)
    extra, hide_title = 0, True

    def get_form_queryset(self, obj: Campaign) -> QuerySet[SampleTweet]:
        return super().get_form_queryset(obj).filter(is_combined=False)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "text":
            kwargs["widget"] = UnfoldAdminTextareaWidget(attrs={"rows": 3})
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    @admin.display(description=_("as X counts"))
    def weight(self, sample: SampleTweet) -> str:
        room = length.LINK_ROOM if sample.has_link else 0
        return f"{length.weighted_length(sample.text) + room} / {length.LIMIT}"


class PartInline(OfTheAction, NonrelatedTabularInline):
    model, formset = SamplePart, Parts
    fields = ("kind", "language", "text")
    extra, hide_title, tab = 0, True, True


class ContaminationInline(OfTheAction, NonrelatedTabularInline):
    model, form = Contamination, ContaminationForm
    fields = ("start", "end", "reason")
    extra, hide_title, tab = 0, True, True


class SourceInline(TabularInline):
    """Words in the path for links that stand elsewhere: leaflets, partners, newsletters."""

    model, extra, per_page = Source, 0, 8
    fields = ("word", "note", "link")
    readonly_fields = ("link",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Source]:
        rows: QuerySet[Source] = super().get_queryset(request)
        return rows.select_related("campaign")

    @admin.display(description=_("its link"))
    def link(self, source: Source) -> str:
        return sourcing.url(source.campaign, source.word) if source.pk else "–"


class DemandInline(TabularInline):
    model, formset, extra, per_page, hide_title, show_change_link = Demand, KeptFormSet, 0, 6, True, True
    fields = ("position", "title", "outcome", "since")


class PressKitInline(ByRight, StackedInline):
    model, extra, show_change_link = PressKit, 0, True
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
