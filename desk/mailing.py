"""Updates one by one: seeing one as its readers will get it, mailing it, stopping that, withdrawing one."""

from __future__ import annotations

from collections.abc import Iterator
from smtplib import SMTPException
from typing import Any, cast

from csp.decorators import csp_replace
from django import forms
from django.contrib import admin, messages
from django.core.mail import EmailMultiAlternatives
from django.core.validators import validate_email
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone, translation
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django_countries import countries
from unfold.widgets import UnfoldAdminSelectWidget

from campaigns import mailing
from campaigns.models import Update
from core import closing
from core.mail.writers import specimen
from core.staff.times import ZonedTimeField
from core.templatetags.prose import language_name
from core.text.forms import CleanForm
from desk.parts import PartAdmin
from desk.places import page_of
from desk.sheets import HOLDS, NOBODY, SHOWN_ONLY, languages, sheet
from desk.steps import step
from desk.updates import UpdateFields
from desk.withdrawal import CHANGE, Withdrawing
from desk.zones import of_campaign


class MailForm(CleanForm, forms.Form):
    language = forms.ChoiceField(
        label=_("Language in which people signed"), required=False, widget=UnfoldAdminSelectWidget
    )
    country = forms.ChoiceField(label=_("Country where they live"), required=False, widget=UnfoldAdminSelectWidget)

    def __init__(self, update: Update, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parts = mailing.choices(update)
        languages = [(code, f"{language_name(code)} ({number})") for code, number in parts.languages]
        places = [(code, f"{countries.name(code)} ({number})") for code, number in parts.countries]
        for name, every, options in (
            ("language", _("every language"), languages),
            ("country", _("every country"), places),
        ):
            field = cast(forms.ChoiceField, self.fields[name])
            field.choices = [("", every), *options]
            field.help_text = _("You can't choose fewer than %(fewest)s people.") % {"fewest": mailing.FEWEST}
            # A choice that is gone since is refused: without it the mail would go to everybody.
            if not options and not self.data.get(name):
                del self.fields[name]
        self.fields["at"] = ZonedTimeField(
            label=_("When"),
            required=False,
            zones=of_campaign(update.campaign),
            help_text=_("Leave empty to send it as soon as it is published."),
        )


@admin.register(Update)
class UpdateAdmin(UpdateFields, PartAdmin):
    page = "timeline"
    search_fields = ("title",)
    steps = {"mail": CHANGE, "preview": CHANGE, **Withdrawing.steps}

    def links(self, row: Update) -> Iterator[tuple[str, Any]]:
        if not row.withdrawn_at:
            label: Any = _("Mail it to everyone who asked for news") if row.published_at else _("See it as a mail")
            if row.mailing_at:
                state = mailing.state(row)
                goes_on = "" if row.addressed_at or row.mailing_stopped_at else " …"
                look = gettext("look at it")
                label = f"{state.sent} / {state.all}{goes_on} · {look}"
            yield reverse("admin:campaigns_update_mail", args=[row.pk]), label
        yield from super().links(row)

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        own = [
            path("<int:pk>/mail/", view(self.mail), name="campaigns_update_mail"),
            path("<int:pk>/preview/<slug:part>/<slug:language>/", view(self.preview), name="campaigns_update_preview"),
        ]
        return [*own, *super().get_urls()]

    def mail(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Shows the mail, and who would get it; its buttons mail it once, now or later, stop that, or send it to oneself."""
        self.require(request, "mail")
        update = get_object_or_404(Update.objects.standing().select_related("campaign__petition"), pk=pk)
        verb = request.POST.get("do", "")
        if verb == "test":
            self._test(request, update)
        elif verb == "stop":
            self._stop(request, update)
        elif verb == "begin":
            form = MailForm(update, request.POST)
            if not form.is_valid() or not self._begin(request, update, form):
                return self._page(request, update, form, 422)
        else:
            return self._page(request, update, MailForm(update), 422 if request.method == "POST" else 200)
        return HttpResponseRedirect(self._back(update) if verb == "begin" else request.get_full_path())

    @method_decorator(xframe_options_sameorigin)
    @method_decorator(csp_replace(SHOWN_ONLY))
    def preview(self, request: HttpRequest, pk: int, part: str, language: str) -> HttpResponse:
        """Answers with the mail in one language, as a mail program would show it by `part`: day or night."""
        self.require(request, "preview")
        update = get_object_or_404(Update.objects.select_related("campaign__petition"), pk=pk)
        if language not in languages(update.campaign):
            language = update.campaign.language
        return sheet(_specimen(update, language, NOBODY), part)

    def _page(self, request: HttpRequest, update: Update, form: MailForm, status: int = 200) -> HttpResponse:
        codes = languages(update.campaign)
        shown = request.GET.get("language")
        shown = shown if shown in codes else update.campaign.language
        frames = {part: reverse("admin:campaigns_update_preview", args=[update.pk, part, shown]) for part in HOLDS}
        context = {
            "title": _("Mail this update"),
            "update": update,
            "zone": update.campaign.zone,
            "form": form,
            "state": mailing.state(update) if update.mailing_at else None,
            "is_going": mailing.is_going(update),
            "audience": mailing.audience(update),
            "may_begin": bool(update.published_at and not update.mailing_at),
            "languages": [(code, language_name(code)) for code in codes],
            "shown": shown,
            "frames": frames,
            "text": _specimen(update, shown, NOBODY).body,
            "me": getattr(request.user, "email", ""),
            "back": self._back(update),
        }
        return step(request, self, context, status, "mailing")

    def _begin(self, request: HttpRequest, update: Update, form: MailForm) -> bool:
        chosen = form.cleaned_data
        try:
            mailing.begin(update, chosen["at"], chosen.get("language", ""), chosen.get("country", ""))
        except mailing.NotNow:
            told = _("You can mail an update only once, and never as a draft.")
            self.message_user(request, told, messages.ERROR)
            return True
        except mailing.TooFew:
            few = _("That is fewer than %(fewest)s people: please choose more.") % {"fewest": mailing.FEWEST}
            form.add_error("language" if "language" in form.fields else None, few)
            return False
        self.log_change(request, update, [{"changed": {"fields": ["mailing_at", "mailed_language", "mailed_country"]}}])
        waits = update.mailing_at and update.mailing_at > timezone.now()
        self.message_user(request, _("It goes out at the time you chose.") if waits else _("It is on its way."))
        return True

    def _stop(self, request: HttpRequest, update: Update) -> None:
        try:
            mailing.stop(update)
        except mailing.NotNow:
            self.message_user(request, _("There was nothing to stop."), messages.ERROR)
        else:
            self.log_change(request, update, [{"changed": {"fields": ["mailing_stopped_at"]}}])
            self.message_user(request, _("Stopped. What has gone out is out; nobody else gets it."))

    def _test(self, request: HttpRequest, update: Update) -> None:
        """Sends the mail to whoever asks for it, while they wait: what the mail server says is part of the answer.

        No worker is asked, so that a closed site has to be looked for here.
        """
        if closing.is_closed():
            told = _("The site was restored and is not open yet. Until then it sends no mail.")
            self.message_user(request, told, messages.ERROR)
            return
        to, language = str(getattr(request.user, "email", "")), request.POST.get("language", "")
        language = language if language in languages(update.campaign) else update.campaign.language
        try:
            validate_email(to)
            _specimen(update, language, to).send()
        except (forms.ValidationError, SMTPException, OSError):
            self.message_user(request, _("The mail server did not accept it."), messages.ERROR)
        else:
            self.message_user(request, _("Sent to %(address)s.") % {"address": to})

    def _back(self, update: Update) -> str:
        return page_of(update.campaign_id, "timeline")


def _specimen(update: Update, language: str, to: str) -> EmailMultiAlternatives:
    with translation.override(language):
        return specimen(Update)(update, to)
