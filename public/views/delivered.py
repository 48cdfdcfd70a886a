"""What was handed to the target, for anybody to check: when, to whom, how many, and whether a file is one of it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.delivering import checking
from campaigns.finding import find
from campaigns.models import Delivery
from core.text.forms import CleanForm
from core.web.http import FRESH, cached, cookieless_post

SHA256 = RegexValidator(r"^[0-9a-fA-F]{64}$", _("A SHA-256 has 64 signs: digits and the letters a to f."))


class HashField(forms.CharField):
    def to_python(self, value: Any) -> str:
        """`sha256sum` prints the name of the file behind it, and a backslash before it where the name has one."""
        text = super().to_python(value) or ""
        return text.split()[0].removeprefix("\\") if text.strip() else ""


class HashForm(CleanForm, forms.Form):
    sha256 = HashField(
        label=_("SHA-256 of your file"),
        max_length=1_000,
        validators=[SHA256],
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": _("Please type or paste the SHA-256 of your file.")},
    )


@cookieless_post
@require_http_methods(["GET", "HEAD", "POST"])
@cached(FRESH)
def delivered(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """A POST compares a typed hash; nothing is uploaded, and nothing kept."""
    delivery = _find(slug, number)
    form = HashForm(request.POST if request.method == "POST" else None)
    context = {
        "campaign": delivery.campaign,
        "delivery": delivery,
        "hashes": checking.hashes(delivery),
        "is_genuine": checking.is_genuine(delivery),
        "stamp": checking.stamp(delivery),
        "form": form,
    }
    if form.is_valid():
        context |= {"compared": True, "found": checking.file_with(delivery, form.cleaned_data["sha256"])}
    response = render(request, "public/delivered.html", context, status=422 if form.errors else 200)
    if form.is_bound:
        response.headers["Cache-Control"] = "no-store"
    return response


@require_safe
@cached(FRESH)
def delivered_json(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The signed statement, letter by letter, with its signature."""
    delivery = _find(slug, number)
    assert delivery.key is not None and delivery.signed is not None
    response = HttpResponse(delivery.statement, content_type="application/json")
    response.headers["Signature-Ed25519"] = bytes(delivery.signed).hex()
    response.headers["Signature-Key"] = bytes(delivery.key.public).hex()
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = "Signature-Ed25519, Signature-Key"
    return response


@require_safe
@cached(FRESH)
def delivered_stamp(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The authority's answer about that statement, as `openssl ts -verify` reads it."""
    delivery = _find(slug, number)
    if delivery.stamp is None:
        raise Http404
    response = HttpResponse(bytes(delivery.stamp), content_type="application/timestamp-reply")
    response.headers["Content-Disposition"] = f'attachment; filename="{delivery.pk}.tsr"'
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _find(slug: str, number: int) -> Delivery:
    """Raises Http404, also for what is not handed over yet."""
    campaign = find(slug)
    rows = Delivery.objects.handed_over().select_related("target", "key").defer("key__secret")
    delivery = get_object_or_404(rows, campaign=campaign, pk=number)
    delivery.campaign = campaign
    return delivery
