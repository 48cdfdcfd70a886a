"""A petition and its count in the shape of the UK Parliament's petitions."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_safe
from django_countries import countries

from campaigns.finding import unless_off
from campaigns.models import Campaign, Response, Status
from core.web.http import FRESH, cached
from petitions import disclosure
from progress.figures import public_figures

STATES = {Status.INTEREST: "pending", Status.LIVE: "open", Status.CLOSED: "closed", Status.ARCHIVED: "closed"}


@require_safe
@cached(FRESH)
def petition(request: HttpRequest, number: int) -> JsonResponse:
    campaign = _find(number)
    link = f"{settings.SITE_URL}{reverse('petition_json', args=[number])}"
    data = {"type": "petition", "id": number, "links": {"self": link}, "attributes": _attributes(campaign)}
    return _open({"links": {"self": link}, "data": data})


@require_safe
@cached(FRESH)
def count(request: HttpRequest, number: int) -> JsonResponse:
    return _open({"signature_count": _signatures(_find(number))})


def _find(number: int) -> Campaign:
    return unless_off(get_object_or_404(Campaign.objects.public().whole(), petition=number))


def _signatures(campaign: Campaign) -> int | None:
    signatures = public_figures(campaign).signatures
    return signatures.count if signatures else None


def _attributes(campaign: Campaign) -> dict[str, Any]:
    petition = campaign.petition
    assert petition is not None
    answer = campaign.responses.standing().first()
    return {
        "action": petition.title,
        "background": campaign.goal_statement,
        "additional_details": petition.text,
        "state": STATES[Status(campaign.status)],
        "signature_count": _signatures(campaign),
        "opened_at": petition.opens_at,
        "closed_at": petition.closes_at if campaign.is_over else None,
        "closing_date": petition.closes_at,
        "government_response": _response(answer) if answer else None,
        "withdrawn_responses": [_withdrawn(gone) for gone in campaign.responses.withdrawn()],
        "signatures_by_country": [
            {"name": countries.name(code) or "other", "code": code, "signature_count": number}
            for code, number in disclosure.by_country(petition)
        ],
    }


def _response(answer: Response) -> dict[str, Any]:
    return {"responded_on": answer.said_at.date(), "summary": answer.words, "details": answer.evidence}


def _withdrawn(gone: Response) -> dict[str, Any]:
    return {"responded_on": gone.said_at.date(), "withdrawn_at": gone.withdrawn_at, "reason": gone.withdrawn_because}


def _open(body: dict[str, Any]) -> JsonResponse:
    response = JsonResponse(body, json_dumps_params={"ensure_ascii": False})
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response
