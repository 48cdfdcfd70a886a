from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from csp.constants import HEADER
from csp.decorators import csp_update
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.http.response import HttpResponseBase
from django.utils import translation

from core.web import parameters


def path_language(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """The language is in the path, and nowhere else: a page is the same for everybody who asks for its address."""

    def middleware(request: HttpRequest) -> HttpResponse:
        first = request.path_info.split("/", 2)[1] if request.path_info.startswith("/") else ""
        language = first if first in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = get_response(request)
            response.headers.setdefault("Content-Language", language)
        return response

    return middleware


def health_by_any_name(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Load balancers and monitoring ask by IP address. These pages print no address, so any Host will do, for them only."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path_info in ("/healthz", "/readyz", "/metrics"):
            request.META["HTTP_HOST"] = urlsplit(settings.SITE_URL).netloc
        return get_response(request)

    return middleware


def one_origin(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Every absolute address is ours: whoever asks this request for its host, port or scheme is told those of SITE_URL.

    A host that is not ours stays as it is, and is refused as ever.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        try:
            request.get_host()
        except DisallowedHost:
            return get_response(request)
        ours = urlsplit(settings.SITE_URL)
        request.META["HTTP_HOST"] = ours.netloc
        request.META["wsgi.url_scheme"] = ours.scheme
        request.META["HTTP_X_FORWARDED_PROTO"] = ours.scheme
        return get_response(request)

    return middleware


def readable_requests(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """What is not written in UTF-8, or asks for a nul, is the sender's fault, not ours."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method in ("GET", "HEAD"):
            # Without a body, what it is said to be written in changes nothing.
            request.encoding, request.content_params = settings.DEFAULT_CHARSET, {}
        charset = (request.content_params or {}).get("charset", "utf-8")
        if "%00" in request.META.get("QUERY_STRING", "") or charset.lower().replace("-", "") not in (
            "utf8",
            "usascii",
            "ascii",
        ):
            return HttpResponseBadRequest()
        return get_response(request)

    return middleware


class KnownParameters:
    """A view sees the words that it declares, once each. Whatever else stands after the `?` makes no other page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(parameters.ELSEWHERE):
            return self.get_response(request)
        if parameters.misspelt(request.META.get("QUERY_STRING", "")):
            return HttpResponseBadRequest(headers={"Cache-Control": "no-store"})
        response = self.get_response(request)
        if parameters.FOR_ONE_VISITOR & request.GET.keys():
            response.headers["Cache-Control"] = "no-store"
        return response

    def process_view(self, request: HttpRequest, view: Callable[..., HttpResponse], *arguments: Any) -> None:
        if not request.path_info.startswith(parameters.ELSEWHERE):
            names: frozenset[str] = getattr(view, "parameters", frozenset())
            request.META[parameters.DECLARED] = names
            request.GET = parameters.kept(request.META.get("QUERY_STRING", ""), names)  # type: ignore[assignment]


class ContentPolicy(CSPMiddleware):
    """The content security policy, which django-csp puts together anew for each answer: it is the same unless a view changes it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        super().__init__(get_response)
        self.usual = build_policy()

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if hasattr(request, "_csp_nonce") or "_csp" in " ".join(vars(response)):
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, self.usual)
        return response


def admin_policy(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """The admin's own content security policy, as far as it differs."""

    get_of_the_admin = csp_update(settings.ADMIN_CONTENT_SECURITY_POLICY)(get_response)

    def middleware(request: HttpRequest) -> HttpResponseBase:
        return get_of_the_admin(request) if request.path_info.startswith("/admin/") else get_response(request)

    return middleware
