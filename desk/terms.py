"""The step on which staff say that they have read what X wants of whoever watches such campaigns through it."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from accounts.models import User
from actions import permitting
from campaigns import status
from campaigns.models import Campaign
from core.staff.pages import WithSteps
from core.staff.versions import VersionedForm, locked
from desk.steps import step


class TermsForm(VersionedForm, forms.Form):
    name = forms.CharField(label=_("Your name"), max_length=150, widget=UnfoldAdminTextInputWidget)
    has_read = forms.BooleanField(label=_("I have read this, and X's agreement"))
    approval = forms.CharField(
        label=_("Reference of X's approval"),
        max_length=200,
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("If empty, we only count. Posts, answers and the wall need it."),
    )


class TermsOfX(WithSteps):
    """Of a campaign: `<number>/terms/`."""

    def get_urls(self) -> list[Any]:
        page = path("<int:pk>/terms/", self.admin_site.admin_view(self.terms), name="campaigns_campaign_terms")
        return [page, *super().get_urls()]

    @transaction.atomic
    def terms(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Shows what X wants, in our words; a POST notes who has read it. Raises Http404 where nobody is asked to post."""
        self.require(request, "terms")
        if request.method == "POST":
            # After whoever launches it, closes it or saves it at this moment.
            locked(Campaign.objects.filter(pk=pk)).first()
        campaign = get_object_or_404(Campaign.objects.whole(), pk=pk)
        action = campaign.tweet_action
        if action is None:
            raise Http404
        back = reverse("admin:campaigns_campaign_change", args=[pk])
        initial = {"name": cast(User, request.user).get_full_name(), "approval": action.x_approval}
        form = TermsForm(request.POST if request.method == "POST" else None, initial=initial)
        if form.is_valid():
            said = form.cleaned_data
            permitting.state(action, said["name"], said["approval"])
            # What is live is counted from now on.
            status.apply(Campaign.objects.whole().get(pk=pk))
            self.log_change(request, campaign, [{"changed": {"fields": ["X's terms: read by " + said["name"]]}}])
            self.message_user(request, _("Noted, with your name and today's date."))
            return HttpResponseRedirect(back)
        context = {"title": _("What X asks of campaigns like this one"), "action": action, "form": form, "back": back}
        return step(request, self, context, 422 if form.is_bound else 200, "terms")
