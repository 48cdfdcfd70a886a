from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.utils import translation


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
        charset = (request.content_params or {}).get("charset", "utf-8")
        if "%00" in request.META.get("QUERY_STRING", "") or charset.lower().replace("-", "") not in (
            "utf8",
            "usascii",
            "ascii",
        ):
            return HttpResponseBadRequest()
        return get_response(request)

    return middleware


def admin_policy(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """The admin's own content security policy, as far as it differs."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.path_info.startswith("/admin/"):
            response._csp_update = settings.ADMIN_CONTENT_SECURITY_POLICY  # type: ignore[attr-defined]
        return response

    return middleware
