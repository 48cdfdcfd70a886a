"""The page on which a campaign is begun: what it can't do without, and as much of petition and tweet action as is known."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

from django import forms
from django.contrib.admin import site
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import capfirst, slugify
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from actions import length
from actions.handles import TypedNames, plain
from actions.models import SampleTweet, Target, TweetAction
from campaigns import creating
from campaigns.models import Campaign, Demand, Status
from core.generic import AnyModelForm
from core.staff.errors import Wrong, all_wrong
from desk.copying import TAKEN
from desk.steps import step
from petitions.models import Petition

# A second click comes soon.
SOON = timedelta(minutes=10)
OWN = ("goal_statement", "headline", "organiser", "slug", "signature_goal", "tweet_goal", "language", "time_zone")


class NewCampaignForm(AnyModelForm):
    class Meta:
        # Weighed while it is typed (static/js/weigh.js).
        widgets = {"headline": UnfoldAdminTextInputWidget(attrs={"data-weigh": ""})}
        error_messages = {"slug": {"unique": TAKEN}}
        help_texts = {
            "slug": _(
                "Part of every address, for good. If empty, we make it from the hashtag, or else from the headline."
            )
        }


class NewActionForm(AnyModelForm):
    target = forms.ModelChoiceField(
        Target.objects.all(),
        label=_("An existing target"),
        required=False,
        widget=AutocompleteSelect(TweetAction._meta.get_field("target"), site),
        help_text=_("Or describe a new one below."),
    )


class NewPetitionForm(AnyModelForm):
    class Meta:
        widgets = {"text": UnfoldAdminTextareaWidget(attrs={"rows": 6})}


class NewTargetForm(AnyModelForm):
    class Meta:
        widgets = {"reason": UnfoldAdminTextareaWidget(attrs={"rows": 2})}


class NewSampleForm(AnyModelForm):
    class Meta:
        labels = {"text": _("A text to post")}
        widgets = {"text": UnfoldAdminTextareaWidget(attrs={"rows": 3})}


class NewDemandForm(AnyModelForm):
    """`titles`: each line is a demand of its own."""

    titles: list[str]
    title = forms.CharField(
        label=capfirst(_("demand")),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text=_("For several, write one per line."),
    )

    def clean_title(self) -> str:
        field: Any = Demand._meta.get_field("title")
        self.titles = list(filter(None, map(str.strip, self.cleaned_data["title"].splitlines())))
        for title in self.titles:
            field.run_validators(title)
        return self.titles[0]


class NewCampaign:
    """The forms of a new campaign, one for each of its parts. A part that nothing is typed into is left out; `sent`: a POST."""

    def __init__(self, page: ModelAdmin, request: HttpRequest) -> None:
        self._callback = partial(page.formfield_for_dbfield, request=request)
        self._sent = self._with_slug(request) if request.method == "POST" else None
        self._maker: Any = request.user
        self.campaign = self._form(Campaign, OWN, NewCampaignForm, initial=_proposed(request.user))
        self.petition = self._form(Petition, ("title", "text"), NewPetitionForm)
        self.action = self._form(TweetAction, ("hashtag", "target"), NewActionForm)
        self.target = self._form(Target, ("name", "kind", "x_handle", "reason"), NewTargetForm)
        self.sample = self._form(SampleTweet, ("text",), NewSampleForm)
        self.demand = self._form(Demand, ("title",), NewDemandForm)
        self.campaign.empty_permitted = False
        # A target and a sample are those of a tweet action.
        self.action.empty_permitted = not (self.target.has_changed() or self.sample.has_changed())

    def _form(self, model: type[models.Model], fields: tuple[str, ...], form: Any = AnyModelForm, **more: Any) -> Any:
        made = forms.modelform_factory(model, form=form, fields=fields, formfield_callback=self._callback)
        prefix = None if model is Campaign else str(model._meta.model_name)
        return made(self._sent, prefix=prefix, empty_permitted=True, use_required_attribute=False, **more)

    @staticmethod
    def _with_slug(request: HttpRequest) -> Any:
        sent = request.POST.copy()
        if not sent.get("slug", "").strip():
            words = plain(sent.get("tweetaction-hashtag", "")) or sent.get("headline", "")
            sent["slug"] = slugify(words)[:50].rstrip("-_")
        return sent

    @property
    def groups(self) -> list[tuple[Any, Any, list[Any]]]:
        """(title, what may be left out, forms), as the page shows them."""
        return [
            (_("Goal"), "", [self.campaign]),
            (_("Petition"), _("You can leave this out: a tweet action works alone."), [self.petition]),
            (
                _("Tweet action"),
                _("You can leave this out: a petition works alone."),
                [self.action, self.target, self.sample],
            ),
            (_("Demands"), _("We report the outcome of each demand. You can add more later."), [self.demand]),
        ]

    @cached_property
    def forms(self) -> list[Any]:
        return [form for _title, _words, forms in self.groups for form in forms]

    @property
    def media(self) -> Any:
        return sum((form.media for form in self.forms[1:]), self.forms[0].media)

    @property
    def weight(self) -> int:
        return length.weighted_length(str(self.campaign["headline"].value() or ""))

    def is_valid(self) -> bool:
        if self._sent is None:
            return False
        # Every form says what is wrong with it, not the first one alone.
        valid = not [form for form in self.forms if not form.is_valid()]
        if self.target.has_changed() and self.action.cleaned_data.get("target"):
            self.target.add_error("name", _("Choose an existing one or describe a new one, not both."))
            valid = False
        return valid

    @property
    def wrong(self) -> list[Wrong]:
        return [one for form in self.forms for one in all_wrong(form, [], "campaign_form")]

    def create(self) -> Campaign | None:
        """Stores it. None where its slug was taken just now, which its field says then."""
        named = ("petition", "action", "target", "sample")
        begun = {name: getattr(self, name) for name in named if not self._is_left_out(getattr(self, name))}
        demands = [] if self._is_left_out(self.demand) else self.demand.titles
        try:
            return creating.create(
                self.campaign.save(commit=False),
                **{name: form.save(commit=False) for name, form in begun.items()},
                demands=[Demand(title=title, position=number) for number, title in enumerate(demands, 1)],
                by=self._maker,
            )
        except IntegrityError:
            # Somebody else took it in between, or it is a fault of ours.
            if not Campaign.objects.filter(slug=self.campaign.instance.slug).exists():
                raise
            self.campaign.add_error("slug", TAKEN)
            return None

    @staticmethod
    def _is_left_out(form: Any) -> bool:
        return form.empty_permitted and not form.has_changed()

    def made_before(self, user: Any) -> Campaign | None:
        """What the same person has begun with the same words a moment ago: a button that was pressed twice."""
        typed = {name: self.campaign[name].value() for name in ("slug", "headline", "goal_statement", "organiser")}
        made = {"history_type": "+", "history_user": user, "history_date__gt": timezone.now() - SOON}
        numbers = Campaign.history.filter(**made).values("id")
        return Campaign.objects.filter(**typed, status=Status.DRAFT, pk__in=numbers).first()


def _proposed(person: Any) -> dict[str, str]:
    """Whoever has made one campaign probably makes the next one, in the same language and zone."""
    newest = Campaign.objects.for_staff(person).order_by("-pk").first()
    if newest is None:
        return {"language": get_language() or ""}
    return {name: getattr(newest, name) for name in ("organiser", "language", "time_zone")}


class Beginning(TypedNames, ModelAdmin):
    """Of a campaign: `add/`."""

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Answers 422 where something is missing or wrong."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        new = NewCampaign(self, request)
        made = new.create() if new.is_valid() else None
        if made:
            self.log_addition(request, made, [{"added": {}}])
            self.message_user(request, _("This is the new campaign: a draft, which only staff see."))
        else:
            made = new.made_before(request.user) if request.method == "POST" else None
        if made:
            return HttpResponseRedirect(reverse("admin:campaigns_campaign_change", args=[made.pk]))
        context = {
            "title": _("New campaign"),
            "new": new,
            "wrong": new.wrong,
            "back": reverse("admin:campaigns_campaign_changelist"),
        }
        return step(request, self, context, 422 if request.method == "POST" else 200, "new")
