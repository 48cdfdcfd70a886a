from __future__ import annotations

import logging
from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse


def quote_everything(get_response):
    """Every page works, and then fails with the whole of what was asked and answered in the text of the exception."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.path == "/healthz":
            return response
        answer = response.getvalue().decode() if hasattr(response, "getvalue") else ""
        asked = f"{request.POST.dict()} {request.body!r} {request.META} {request.get_full_path()} {request.COOKIES}"
        if "streamed" in request.headers:
            return StreamingHttpResponse(_broken_off(asked))
        logging.getLogger("petitions.broken").error("a page of ours failed: %s", type(response).__name__)
        try:
            raise KeyError(asked)
        except KeyError as error:
            raise ValueError(f"{asked} {answer}") from error

    return middleware


def _broken_off(asked: str) -> Iterator[bytes]:
    yield b"the beginning"
    raise ValueError(asked)
