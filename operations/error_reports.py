"""Faults are told to a Sentry server, where SENTRY_DSN names one: what kind, where in our code, on which page or in which task.

A report is put together anew from the few parts that can't tell who somebody is; whatever else the SDK collects stays here. The text
of an exception is left out too: it may quote what somebody typed.
"""

from __future__ import annotations

from typing import Any

import sentry_sdk
from django.conf import settings
from sentry_sdk.integrations.celery import CeleryIntegration
from sentry_sdk.integrations.dedupe import DedupeIntegration
from sentry_sdk.integrations.django import DjangoIntegration
from sentry_sdk.integrations.logging import LoggingIntegration, ignore_logger
from sentry_sdk.types import Event, Hint

from core import logs

KEPT = ("event_id", "timestamp", "platform", "level", "logger", "release", "environment", "server_name", "sdk")
OF_AN_EXCEPTION = ("type", "module")
OF_A_MECHANISM = ("type", "handled", "exception_id", "parent_id", "is_exception_group")
# Lines of code, with no value of any variable.
OF_A_FRAME = ("filename", "function", "module", "lineno", "context_line", "pre_context", "post_context", "in_app")
# Names that we gave. Where no page was found, the SDK puts the path that was asked for.
OURS = ("route", "task")


def start() -> None:
    # It says once more what Django's integration has reported.
    ignore_logger("_granian.utils")
    # It says that a web process has ended, and forks the next one at once, when no thread should be sending a report.
    ignore_logger("_granian")
    sentry_sdk.init(
        dsn=settings.SENTRY_DSN,
        before_send=only_what_tells_nobody,
        default_integrations=False,
        auto_enabling_integrations=False,
        integrations=[
            DjangoIntegration(middleware_spans=False, signals_spans=False, cache_spans=False),
            CeleryIntegration(propagate_traces=False),
            LoggingIntegration(level=None, sentry_logs_level=None),
            DedupeIntegration(),
        ],
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        auto_session_tracking=False,
        send_client_reports=False,
        enable_metrics=False,
        propagate_traces=False,
        spotlight=False,
        in_app_include=[app for app in settings.INSTALLED_APPS if "." not in app],
        project_root=str(settings.BASE_DIR),
    )


def only_what_tells_nobody(event: Event, hint: Hint) -> Event:
    raw: dict[str, Any] = dict(event)
    report = _chosen(raw, KEPT)
    report["tags"] = dict(logs.turn())
    if raw.get("transaction_info", {}).get("source") in OURS:
        report["transaction"] = raw["transaction"]
        report["transaction_info"] = {"source": raw["transaction_info"]["source"]}
    if "request" in raw:
        page = report.get("transaction", "/<no page>")
        report["request"] = {"method": raw["request"].get("method"), "url": settings.SITE_URL + page}
    if record := hint.get("log_record"):
        # As it stands in our code, before anything is filled in; what others log may be filled in before.
        ours = record.name.partition(".")[0] in settings.INSTALLED_APPS
        report["logentry"] = {"message": getattr(record, "template", record.name) if ours else record.name}
    if "exception" in raw:
        report["exception"] = {"values": [_exception(each) for each in raw["exception"]["values"]]}
    return report  # type: ignore[return-value]


def _exception(raw: dict[str, Any]) -> dict[str, Any]:
    told = _chosen(raw, OF_AN_EXCEPTION) | {"value": logs.LEFT_OUT}
    told["mechanism"] = _chosen(raw.get("mechanism") or {}, OF_A_MECHANISM)
    frames = (raw.get("stacktrace") or {}).get("frames", [])
    told["stacktrace"] = {"frames": [_chosen(frame, OF_A_FRAME) for frame in frames]}
    return told


def _chosen(raw: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: raw[name] for name in names if name in raw}
