"""What benchmarks/profile.py measures, inside the site: `python -m benchmarks.data posts bench 500`."""

from __future__ import annotations

import cProfile
import io
import os
import pstats
import time
from collections.abc import Callable
from statistics import median
from typing import Any
from urllib.parse import urlencode

Post = Callable[[int], None]
# So many first, which are not measured: what is made once for a process is there afterwards.
WARM_UP, PROFILED = 100, 100


def posts(slug: str, number: str, top: str = "0") -> None:
    """Prints what a POST to sign and one to confirm take: milliseconds of CPU and function calls, the median of so many."""
    from benchmarks.data import confirming
    from config.wsgi import application

    requests = int(number)
    links = confirming(WARM_UP + requests + PROFILED)
    typed = {"name": "Ana Example", "country": "ES", "comment": "The river is ours.", "consent": "on"}

    def sign(at: int) -> None:
        address = f"ana-{at}@d{at % 500}.example.org"
        _post(application, f"/c/{slug}/sign/", {**typed, "name": f"Ana Example {at}", "email": address}, at)

    def confirm(at: int) -> None:
        _post(application, links[at], typed, at)

    for name, post in (("sign", sign), ("confirm", confirm)):
        milliseconds, profile = _measured(post, requests)
        stats = pstats.Stats(profile)
        calls = sum(entry.callcount for entry in profile.getstats()) / PROFILED
        print(f"{name:8} {milliseconds:6.2f} ms of CPU, {calls:6,.0f} function calls")
        for order in ("tottime", "cumulative") if int(top) else ():
            stats.sort_stats(order).print_stats(int(top))


def _measured(post: Post, requests: int) -> tuple[float, cProfile.Profile]:
    """The median in milliseconds, and the profile of PROFILED others."""
    for at in range(WARM_UP):
        post(at)
    took = []
    for at in range(WARM_UP, WARM_UP + requests):
        began = time.thread_time()
        post(at)
        took.append(time.thread_time() - began)
    profile = cProfile.Profile()
    for at in range(WARM_UP + requests, WARM_UP + requests + PROFILED):
        profile.enable()
        post(at)
        profile.disable()
    return median(took) * 1_000, profile


def _post(application: Any, path: str, typed: dict[str, str], client: int) -> None:
    """As it comes through the proxy, each from a client of its own. Raises RuntimeError for any other answer than 303."""
    body, answers = urlencode(typed).encode(), list[str]()
    environ = {
        "REQUEST_METHOD": "POST",
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "HTTP_HOST": "localhost",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_X_FORWARDED_FOR": f"2001:db8:{os.getpid() % 65536:x}:{client:x}::1",
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
        "wsgi.url_scheme": "http",
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
    }
    answer = application(environ, lambda status, *more: answers.append(status))
    list(answer)
    answer.close()
    if answers != ["303 See Other"]:
        raise RuntimeError(f"{path}: {answers}")
