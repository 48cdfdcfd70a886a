"""All that a campaign will show and send, for staff before anybody else gets it: its pages (config/previews.py), its mails, the
picture that networks show, and its report. Nothing is sent, stored or counted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from csp.decorators import csp_replace
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils import translation
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from campaigns.finding import find, previewing
from campaigns.models import Campaign, Status
from core.drawing import pdf
from core.locks import one_at_a_time
from core.mail.writers import specimen
from core.staff.pages import WithSteps
from core.templatetags.prose import language_name
from core.text import nearest
from desk import sheets
from desk.steps import step
from petitions.models import LinkRequest
from progress import share_image
from progress.views import report

DRAWN = {"image": "image/png", "report": "application/pdf"}
MARK = gettext_lazy("Draft: only staff see this.")


@dataclass(frozen=True)
class Mail:
    """One kind of mail of a campaign: its name in the address, in words, and what it is about (core/mail/writers.py)."""

    key: str
    words: str
    about: Model

    def written(self, language: str) -> EmailMultiAlternatives:
        with translation.override(language):
            return specimen(type(self.about))(self.about, sheets.NOBODY)


def mails(campaign: Campaign) -> Iterator[Mail]:
    """Every mail that the campaign sends, or may send one day."""
    if campaign.petition:
        yield Mail("signature", _("To confirm a signature"), campaign.petition)
    if campaign.pledge_threshold is not None:
        yield Mail("pledge", _("To confirm a pledge"), campaign)
        for moment in campaign.moments.standing().days_of_action():
            yield Mail(f"moment-{moment.pk}", _("Reminder: %(title)s") % {"title": moment.title}, moment)
    for update in campaign.updates.standing():
        yield Mail(f"update-{update.pk}", _("Update: %(title)s") % {"title": update.title}, update)
    if campaign.petition:
        yield Mail("own-page", _("The link to the signer's own page"), LinkRequest())


def languages(campaign: Campaign) -> list[str]:
    """Those of the site in which texts of the campaign are shown; the site's own if there is none."""
    shown = dict.fromkeys(filter(None, map(nearest.interface, sheets.languages(campaign))))
    return list(shown) or [settings.LANGUAGE_CODE]


class Previewing(WithSteps):
    """Of a campaign: `<number>/previews/`, and what that page shows."""

    steps = dict.fromkeys(("previews", "previews_drawn", "previews_mail"), "campaigns.view_campaign")

    def get_urls(self) -> list[Any]:
        view, name = self.admin_site.admin_view, "campaigns_campaign_previews"
        drawn, mail = (
            "<int:pk>/previews/<slug:drawn>/<slug:language>/",
            "<int:pk>/previews/<slug:mail>/<slug:part>/<slug:language>/",
        )
        own = [
            path("<int:pk>/previews/", view(self.previews), name=name),
            path(drawn, view(self.drawn), name=f"{name}_drawn"),
            path(mail, view(self.mail), name=f"{name}_mail"),
        ]
        return [*own, *super().get_urls()]

    @method_decorator(require_safe)
    def previews(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Lists everything in one language, and shows one mail; `?language=ar&mail=pledge` chooses."""
        campaign, is_draft = self._shown(request, pk)
        codes, every = languages(campaign), list(mails(campaign))
        wanted, chosen = request.GET.get("language"), request.GET.get("mail")
        language = wanted if wanted in codes else codes[0]
        mail = next((mail for mail in every if mail.key == chosen), every[0] if every else None)
        name = "admin:campaigns_campaign_previews"
        context: dict[str, Any] = {
            "title": _("Previews"),
            "campaign": campaign,
            "mark": MARK if is_draft else "",
            "pages": list(_pages(campaign, language)),
            "languages": [(code, language_name(code)) for code in codes],
            "language": language,
            "mails": every,
            "mail": mail,
            "may_draw": is_draft and pdf.available(),
            "drawn": {what: reverse(f"{name}_drawn", args=[pk, what, language]) for what in DRAWN},
            "back": reverse("admin:campaigns_campaign_change", args=[pk]),
        }
        if mail:
            made = mail.written(language)
            context |= {"subject": made.subject, "shown": language, "text": made.body}
            context["frames"] = {
                part: reverse(f"{name}_mail", args=[pk, mail.key, part, language]) for part in sheets.HOLDS
            }
        return step(request, self, context, template="previews")

    @method_decorator(require_safe)
    @method_decorator(xframe_options_sameorigin)
    @method_decorator(csp_replace(sheets.SHOWN_ONLY))
    def mail(self, request: HttpRequest, pk: int, mail: str, part: str, language: str) -> HttpResponse:
        """Answers with one mail, for a frame of that page."""
        campaign, is_draft = self._shown(request, pk)
        found = next((one for one in mails(campaign) if one.key == mail), None)
        if found is None or language not in languages(campaign):
            raise Http404
        return sheets.sheet(found.written(language), part, MARK if is_draft else "")

    @method_decorator(require_safe)
    def drawn(self, request: HttpRequest, pk: int, drawn: str, language: str) -> HttpResponse:
        """Answers with the picture or the report of a draft, which says that it is one. What is public is looked at where it is."""
        campaign, is_draft = self._shown(request, pk)
        if not is_draft or drawn not in DRAWN or language not in languages(campaign):
            raise Http404
        request.__dict__["is_preview"] = True
        with translation.override(language), one_at_a_time("preview") as ours:
            content = _draw(request, campaign, drawn, language) if ours else None
            if not content:
                return render(request, "progress/no_pdf.html", {"campaign": campaign, "soon": not ours}, status=503)
        return HttpResponse(content, content_type=DRAWN[drawn])

    def _shown(self, request: HttpRequest, pk: int) -> tuple[Campaign, bool]:
        """The campaign, a draft as it would be on its first day; and whether it is one."""
        self.require(request, "previews")
        campaign = get_object_or_404(Campaign.objects.whole(), pk=pk)
        if campaign.status != Status.DRAFT:
            return campaign, False
        with previewing():
            return find(campaign.slug), True


def _draw(request: HttpRequest, campaign: Campaign, drawn: str, language: str) -> bytes | None:
    try:
        if drawn == "image":
            return share_image.specimen(campaign, language)
        return pdf.render(report.page(request, campaign))
    except pdf.Unprintable:
        return None


def _pages(campaign: Campaign, language: str) -> Iterator[tuple[str, str]]:
    """(words, address): those that lead to all others."""
    names = {"campaign": _("Campaign"), "progress": _("Progress")}
    if campaign.tweet_action:
        names["act"] = _("The tweet step")
    with translation.override(language):
        places = {name: reverse(name, args=[campaign.slug]).removeprefix("/") for name in names}
    for name, words in names.items():
        yield words, reverse("preview", args=[places[name]])
