"""Thousands of requests by somebody who means ill: no answer is our fault, and no log repeats what was sent.

`HOSTILE_REQUESTS` says how many (20,000). Each run has a seed of its own, which stands above its result: `HOSTILE_SEED` asks the same again.
"""

import random
import string
import time

import pytest
from django.test import Client
from django.utils import timezone

from core.crypto import tokens
from operations.watching import readiness
from petitions.models import LinkRequest
from public import typed as just_typed
from tests import factories
from tests.hostile.conftest import REQUESTS, SEED

SECRET = "Xyzzy-unmistakable-input"
NASTY = [
    "", " ", "\0", "\u202e", "\u2066evil", "\ud800", "\ufffe", "\r\nSet-Cookie: x=1", "<script>alert(1)</script>", "' OR 1=1 --",
    "{{ 7*7 }}", "%00", "%s%n", "../../etc/passwd", "=cmd|' /C calc'!A0", "\u0301" * 200, "👨‍👩‍👧‍👦" * 50, "a" * 5_000, "9" * 400, "-1", "NaN", "true",
    "null", "[]", "{}", "http://[", "//evil.example", "\uff1dSUM(1)", "=?utf-8?q?=0ax?=@example.org", "a@" + "b" * 300 + ".org", "\x7f", "İ", "ß" * 99,
]  # fmt: skip
FIELDS = [
    "name",
    "email",
    "country",
    "comment",
    "show_name",
    "updates",
    "consent",
    "others",
    "shown_at",
    "asked",
    "meant",
    "proof",
    "ticket",
    "text",
    "sample",
    "target",
    "kept",
    "answer",
    "back",
    "link",
    "subject",
    "source",
    "next",
    "x",
]
METHODS = ["get"] * 8 + ["post"] * 10 + ["head", "put", "patch", "delete", "options", "trace"]
HEADERS = {
    "origin": ["null", "http://[", "https://evil.example", "\x7f", "http://testserver"],
    "sec-fetch-site": ["same-origin", "cross-site", "none", "x"],
    "x-forwarded-for": ["1.2.3.4", "x", ",", "::1", "1" * 500],
    "accept-language": ["ar", "*", "x" * 300],
    "if-none-match": ["*", '"x"', "W/"],
    "content-type": [
        "text/plain",
        "application/json",
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "application/x-www-form-urlencoded; charset=utf-16",
        "x",
    ],
    "cookie": ["sessionid=x", "sessionid=" + "x" * 4000, "=;;=", "csrftoken=\u00e4"],
    "range": ["bytes=0-1", "x"],
    "host": ["testserver", "evil.example", "testserver:x", ""],
}


def paths(live):
    row, mine = (
        factories.signature(live.petition, confirmed=False),
        factories.signature(live.petition, address="ana@example.org"),
    )
    asked = LinkRequest.objects.create(email="ana@example.org", mailed_at=timezone.now())
    confirm, own, not_me = tokens.make("confirm", row.pk), tokens.make("my", asked.pk), tokens.make("not-me", row.pk)
    c = f"/c/{live.slug}/"
    token = just_typed.seal(live.slug, factories.typed())
    fixed = [
        "/",
        c,
        f"{c}sign/",
        f"{c}act/",
        f"{c}act/another/",
        f"{c}act/link/",
        f"{c}from/x/",
        f"{c}from/none/",
        f"{c}pass-on/",
        f"{c}pass-on/qr.svg",
        f"{c}write/",
        f"{c}progress/",
        f"{c}progress.json",
        f"{c}updates/",
        f"{c}recap/",
        f"{c}check-mail/",
        f"{c}check-mail/{token}/",
        f"{c}check-mail/{token}/change/",
        "/my/",
        "/data/",
        "/left-alone/",
    ]
    fixed += [f"{c}act/go/{network}/" for network in ("x", "bluesky", "mail", "telegram", "copy", "none")]
    fixed += [f"/confirm/{confirm}/", f"/my/{own}/", f"/my/{own}/export.json", f"/not-me/{not_me}/"]
    fixed += [f"/my/{own}/{mine.pk}/{verb}/" for verb in ("hide", "unsubscribe", "none")]
    fixed += [
        "/accounts/login/",
        "/accounts/password/reset/",
        "/accounts/logout/",
        "/accounts/me/",
        "/accounts/signup/",
        "/admin/",
        "/admin/login/",
        "/healthz",
        "/readyz",
        "/metrics",
    ]
    fixed += [
        "/accounts/2fa/authenticate/",
        "/accounts/twitter_oauth2/login/",
        "/accounts/twitter_oauth2/login/callback/",
    ]
    return fixed + [f"/ar{path}" for path in fixed if not path.startswith(("/accounts", "/admin", "/health", "/ready"))]


def value(dice):
    nasty = dice.choice(NASTY)
    where = dice.randrange(4)
    return {0: nasty, 1: SECRET + nasty, 2: nasty + SECRET, 3: "".join(dice.choices(string.printable, k=20))}[where]


def body(dice):
    data = {}
    for field in dice.sample(FIELDS, dice.randrange(1, len(FIELDS))):
        data[field] = [value(dice) for _ in range(dice.choice([1, 1, 1, 3]))]
    if dice.random() < 0.3:
        data |= {"name": "Ana", "email": f"a{dice.randrange(10**9)}@example.org", "country": "ES", "consent": "on"}
    if dice.random() < 0.001:
        data["comment"] = "x" * 1_000_001
    return data


def ask(client, dice, path):
    method = dice.choice(METHODS)
    headers = {name: dice.choice(values) for name, values in HEADERS.items() if dice.random() < 0.08}
    kind = headers.pop("content-type", None)
    extra = {f"HTTP_{name.upper().replace('-', '_')}": text for name, text in headers.items()}
    if dice.random() < 0.1:
        path += dice.choice(["?", "?next=", "?not=", "?s=", "?confirmed="]) + dice.choice(
            ["x", "%00", "%ff", "http://[", SECRET, "%u0000", "=&=&"]
        )
    if dice.random() < 0.05:
        path = path[: dice.randrange(len(path))] + dice.choice(["%00", "%2e%2e/", "\\", "//", "%ff", SECRET, "%0d%0a"])
    if method in ("get", "head"):
        return getattr(client, method)(
            path, {dice.choice(FIELDS): value(dice).encode("utf-8", "replace").decode()}, **extra
        )
    if method == "post" and kind is None:
        data = {
            name: [
                text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
                for text in ([texts] if isinstance(texts, str) else texts)
            ]
            for name, texts in body(dice).items()
        }
        raw = b"&".join(name.encode() + b"=" + quoted(text) for name, texts in data.items() for text in texts)
        return client.generic("POST", path, raw, content_type="application/x-www-form-urlencoded", **extra)
    return client.generic(
        method.upper(),
        path,
        value(dice).encode("utf-8", "surrogatepass"),
        content_type=kind or "application/octet-stream",
        **extra,
    )


def quoted(raw: bytes) -> bytes:
    return b"".join(b"%%%02X" % byte for byte in raw)


@pytest.mark.django_db
def test_hostile_requests(live, capfd, caplog, monkeypatch):
    from django.core.cache import cache

    # Nobody looks in a test; 503 would be right then.
    monkeypatch.setattr(readiness, "_last", readiness.Note(time.monotonic(), True))
    monkeypatch.setattr(readiness, "BELIEVED", float("inf"))
    dice = random.Random(SEED)
    client = Client(raise_request_exception=False)
    all_paths, statuses, faults = paths(live), {}, []
    for number in range(REQUESTS):
        path = dice.choice(all_paths)
        client.defaults["REMOTE_ADDR"] = f"203.0.113.{dice.randrange(256)}"
        try:
            response = ask(client, dice, path)
        except (UnicodeError, ValueError) as error:
            # What the test client itself can't put on the wire was not a request.
            if "django/test" not in str(
                error.__traceback__.tb_next.tb_frame.f_code.co_filename if error.__traceback__.tb_next else ""
            ):
                raise
            continue
        statuses[response.status_code] = statuses.get(response.status_code, 0) + 1
        if response.status_code >= 500:
            faults.append((path, response.status_code))
        if number % 500 == 0:
            client.cookies.clear()
            cache.clear()
    assert faults == []
    assert sum(statuses.values()) > REQUESTS * 0.95, statuses
    said = "".join(capfd.readouterr()) + caplog.text
    assert SECRET not in said
