"""Every metric, once: its name, what it says, and the labels that tell its values apart. No label names a campaign or a person."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """The first three are counted by each process for itself, and added up; a gauge is read when it is asked for."""

    COUNTER = "counter"
    HISTOGRAM = "histogram"
    SUMMARY = "summary"
    GAUGE = "gauge"


@dataclass(frozen=True)
class Metric:
    name: str
    kind: Kind
    says: str
    labels: tuple[str, ...] = ()


# What processes count

REQUESTS = Metric(
    "outcry_requests_total", Kind.COUNTER, "Requests answered; route: the name of a URL.", ("route", "method", "status")
)
REQUEST_SECONDS = Metric("outcry_request_seconds", Kind.HISTOGRAM, "How long answers took.", ("route",))
SIGNATURES = Metric(
    "outcry_signatures_total",
    Kind.COUNTER,
    "Signatures since the web server began; step: accepted, confirmed.",
    ("step",),
)
TASKS = Metric(
    "outcry_tasks_total",
    Kind.COUNTER,
    "Tasks ended; outcome: done, skipped (another one had the turn), failed, killed, expired, retried.",
    ("task", "outcome"),
)
TASK_SECONDS = Metric("outcry_task_seconds", Kind.SUMMARY, "How long tasks took.", ("task",))

# What is read

BUILD = Metric("outcry_build_info", Kind.GAUGE, "1, and the release that answers.", ("version",))
READY = Metric("outcry_ready", Kind.GAUGE, "Whether this web process would take a signature, as /readyz says.")
DATABASE = Metric("outcry_database_up", Kind.GAUGE, "Whether the database answered this question.")
VALKEY = Metric("outcry_valkey_up", Kind.GAUGE, "Whether Valkey answered this question.")
QUEUE = Metric("outcry_queue_length", Kind.GAUGE, "Tasks that wait for a process.", ("queue",))
TURN_AGE = Metric("outcry_turn_age_seconds", Kind.GAUGE, "Since a periodic task was last done.", ("task",))
COUNTED = Metric("outcry_signatures_counted", Kind.GAUGE, "Signatures in the tally, of all petitions.")
UNCOUNTED = Metric(
    "outcry_signatures_uncounted", Kind.GAUGE, "Signatures that the tally has yet to add or to take off."
)
UNCOUNTED_AGE = Metric(
    "outcry_signatures_uncounted_age_seconds",
    Kind.GAUGE,
    "Since the oldest one that is to be added was confirmed; 0: none.",
)
CONFIRMATION_AGE = Metric(
    "outcry_confirmation_age_seconds",
    Kind.GAUGE,
    "Since the oldest signature whose mail still waits was made; 0: none.",
)
MAILS_DUE = Metric("outcry_mails_due", Kind.GAUGE, "Mails that could be sent now; kind: whose mail.", ("kind",))
MAILS_UNCERTAIN = Metric(
    "outcry_mails_uncertain", Kind.GAUGE, "Mails that may or may not have gone out: staff decide.", ("kind",)
)
BACKUP_AGE = Metric("outcry_backup_age_seconds", Kind.GAUGE, "Since a backup was last made; missing before the first.")
BACKUP_AWAITED = Metric(
    "outcry_backup_awaited_seconds",
    Kind.GAUGE,
    "How long the first backup has been awaited; missing once it is made, and where none are.",
)
JOURNAL_AGE = Metric(
    "outcry_journal_unwritten_age_seconds",
    Kind.GAUGE,
    "Since the oldest entry that is not in the journal's file yet was noted; 0: none; missing without a journal.",
)
X_AGE = Metric("outcry_x_answer_age_seconds", Kind.GAUGE, "Since X last answered; only while something is collected.")
X_MONEY = Metric("outcry_x_money_left_dollars", Kind.GAUGE, "Left of this month's budgets of all that is collected.")
X_MONEY_LEAST = Metric(
    "outcry_x_money_left_ratio", Kind.GAUGE, "The least share of its budget that any of them has left."
)
DISK_FREE = Metric("outcry_disk_free_bytes", Kind.GAUGE, "Free on the disk of the process that answers.")
DISK_SIZE = Metric("outcry_disk_size_bytes", Kind.GAUGE, "The size of that disk.")
STANDBYS_SYNCHRONOUS = Metric(
    "outcry_standbys_synchronous", Kind.GAUGE, "Standbys that stream, and that a commit may wait for."
)
STANDBYS_MISSING = Metric(
    "outcry_standbys_missing", Kind.GAUGE, "How many of DATABASE_STANDBYS do not stream from the primary."
)
STANDBY_LAG = Metric(
    "outcry_standby_lag_bytes",
    Kind.GAUGE,
    "What the standby that is furthest behind has yet to apply; missing without one.",
)
TIMELINE = Metric(
    "outcry_database_timeline", Kind.GAUGE, "The database's timeline: higher after each failover and switchover."
)

LISTED = {metric.name: metric for metric in list(globals().values()) if isinstance(metric, Metric)}
