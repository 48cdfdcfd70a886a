"""The page on which administrators add a language to the site: its words are uploaded, and checked before anything is kept."""

from __future__ import annotations

import io
from typing import Any, cast

from babel.core import UnknownLocaleError
from babel.messages.pofile import write_po
from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from accounts.models import User
from core.staff.pages import WithSteps
from core.text import added_languages, adding_languages, catalogues
from core.text.forms import CleanForm
from core.text.translations import language_code
from desk.steps import step

# More are not read at once: whoever corrects these sees the next.
SHOWN = 50
BLANK = "blank"


class LanguageForm(CleanForm, forms.Form):
    code = forms.CharField(
        label=_("Code of the language"),
        max_length=35,
        validators=[language_code],
        widget=UnfoldAdminTextInputWidget,
        help_text=_("Lower-case letters. Examples: sw, pt-br, fa"),
    )
    file = forms.FileField(
        label=_("Its words, as a file (.po)"),
        help_text=_("“Blank file” gives you all our texts. Translate them in Poedit, Weblate or any editor."),
    )
    name = forms.CharField(
        label=_("What the language calls itself"),
        max_length=60,
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("Needed only for a language that Unicode's tables don't know."),
    )
    from_the_right = forms.BooleanField(label=_("Written from right to left"), required=False)


class SiteLanguages(WithSteps):
    """Of the site: `languages/`. For administrators, whatever permissions others have: these words stand on every page."""

    steps = {"site_languages": ""}

    def get_urls(self) -> list[Any]:
        page = self.admin_site.admin_view(self.site_languages)
        return [path("languages/", page, name="campaigns_campaign_site_languages"), *super().get_urls()]

    def may(self, request: HttpRequest, step: str) -> bool:
        if step == "site_languages":
            return bool(request.user.is_active and request.user.is_superuser)
        return super().may(request, step)

    def site_languages(self, request: HttpRequest) -> HttpResponse:
        """Shows which languages there are; a POST adds one, or answers with the words to be translated."""
        self.require(request, "site_languages")
        form = LanguageForm(request.POST or None, request.FILES or None)
        if request.POST.get("do") == BLANK:
            form.fields["file"].required = False
            if form.is_valid() and (blank := self._blank(form)):
                return blank
        elif form.is_valid() and self._add(request, form):
            return HttpResponseRedirect(reverse("admin:campaigns_campaign_site_languages"))
        context = {
            "title": _("Languages of the site"),
            "form": form,
            "shipped": [code for code, _name in settings.LANGUAGES if code in settings.SHIPPED_LANGUAGES],
            "spoken": dict(settings.LANGUAGES),
            "added": added_languages.added(settings.LANGUAGES_FOLDER),
            "faults": added_languages.faults(settings.LANGUAGES_FOLDER),
            "folder": settings.LANGUAGES_FOLDER,
            "back": reverse("admin:index"),
        }
        return step(request, self, context, 422 if form.is_bound else 200, "site_languages")

    def _blank(self, form: LanguageForm) -> HttpResponse | None:
        code, out = form.cleaned_data["code"], io.BytesIO()
        try:
            write_po(out, catalogues.blank(code), width=0, sort_output=True)
        except (UnknownLocaleError, ValueError):
            form.add_error("code", gettext("Unicode's tables don't know this language. Please begin with another one."))
            return None
        return HttpResponse(
            out.getvalue(),
            content_type="text/x-gettext-translation; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{code}.po"'},
        )

    def _add(self, request: HttpRequest, form: LanguageForm) -> bool:
        said = form.cleaned_data
        try:
            language, lacking, known = adding_languages.add(
                said["code"], said["file"], said["name"], said["from_the_right"]
            )
        except adding_languages.CannotBeAdded as error:
            reasons, more = error.reasons[:SHOWN], len(error.reasons) - SHOWN
            if more > 0:
                reasons.append(gettext("and %(number)s more") % {"number": more})
            for reason in reasons:
                form.add_error("file", reason)
            return False
        self.log_change(request, cast(User, request.user), [{"added": {"name": "language", "object": language.code}}])
        words = gettext("%(name)s is saved. Pages speak it once web and workers have restarted.")
        self.message_user(request, words % {"name": language.name_local})
        if lacking:
            words = gettext("Not translated yet, and shown in English: %(lacking)s of %(known)s texts.")
            self.message_user(request, words % {"lacking": lacking, "known": known})
        return True
