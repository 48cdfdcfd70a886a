"""Rules about requests and answers that several pages share."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from core.switches import AGAIN
from core.web.origins import origin

View = Callable[..., HttpResponse]
# Seconds for which public pages are kept.
FRESH = 3


def from_our_pages(request: HttpRequest) -> bool:
    """Whether a POST without a cookie may count as made on our own page.

    Browsers say where a request comes from; pages with `no-referrer` may send `Origin: null`. Without either header it is
    no browser, and then nobody else's browser can have been misused.
    """
    # `request.headers` would first read all of them.
    site = request.META.get("HTTP_SEC_FETCH_SITE")
    if site is not None:
        return site in ("same-origin", "none")
    sent = request.META.get("HTTP_ORIGIN")
    if sent in (None, "null"):
        return True
    try:
        return origin(sent) == origin(settings.SITE_URL)
    except ValueError:
        return False


def cookieless_post(view: View) -> View:
    """For forms that need no cookie: instead of a CSRF token, the browser's own word on where the request comes from."""

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and not from_our_pages(request):
            return render(request, "errors/foreign_form.html", status=403)
        return view(request, *args, **kwargs)

    return guarded


def nowhere(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """In place of a view that a library has at this address, and nobody may reach."""
    raise Http404


def cached(seconds: int) -> Callable[[View], View]:
    """The same answer for everybody: any cache may keep it for `seconds`."""

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            response = view(request, *args, **kwargs)
            if response.status_code == 200:
                response.headers.setdefault("Cache-Control", f"public, max-age={seconds}")
            return response

        return wrapped

    return decorate


def secret_page(view: View) -> View:
    """A page whose address proves who its reader is: not kept, not indexed, not passed on as a referrer."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    return wrapped


def unkept_page(view: View) -> View:
    """A page of one person, behind a login or on the way to one, with a form that has a CSRF token: not kept, not indexed.

    It must say to our own server where its form was sent from, or the browser sends `Origin: null`, which Django refuses.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    return wrapped


def paused(request: HttpRequest, template: str, context: dict[str, object]) -> HttpResponse:
    """What was sent while staff have switched it off, given back."""
    return come_again(render(request, template, context))


def come_again(response: HttpResponse) -> HttpResponse:
    """The same as a 503 that says when to come again. It is wanted: Django need not log it as a fault, and it
    is counted apart from faults (operations/watching/timing.py)."""
    response.status_code = 503
    response.headers["Retry-After"] = str(AGAIN)
    response.headers["Cache-Control"] = "no-store"
    vars(response).update(_has_been_logged=True, is_paused=True)
    return response


class SeeOther(HttpResponseRedirect):
    """303: after a POST, go and look there."""

    status_code = 303
