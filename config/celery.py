"""The Celery app and the beat schedule. Every entry is short, idempotent, and takes a lock for its turn."""

import os
from typing import Any

from celery import Celery
from celery.schedules import crontab
from celery.signals import beat_init, task_postrun, task_prerun, worker_init
from django.conf import settings

from core import logs
from core.queues import Queue
from operations.watching import tasks as watched

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
app = Celery("outcry")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


def refuse_a_wrong_environment(**kwargs: Any) -> None:
    from operations import startup

    # `workers` has checked once for all that it begins.
    if "CELERY_SKIP_CHECKS" not in os.environ:
        startup.check()


worker_init.connect(refuse_a_wrong_environment)
beat_init.connect(refuse_a_wrong_environment)
watched.connect()


def bear_the_id_of_the_task(task_id: str, task: Any, **kwargs: Any) -> None:
    logs.begin_turn(task=task_id, name=task.name)


task_prerun.connect(bear_the_id_of_the_task)
task_postrun.connect(logs.end_turn)


def every(seconds: float, task: str, queue: Queue = Queue.DEFAULT) -> dict[str, object]:
    # A turn that nobody took in time is dropped: the next one does its work.
    return {"task": task, "schedule": seconds, "options": {"queue": queue.value, "expires": max(seconds, 10)}}


X_TURN = min(settings.X_POLL_SECONDS, 60)

app.conf.beat_schedule = {
    # Ten seconds long where much waits: so many of them work at a time, if the queue has as many processes.
    "send confirmation mails": every(1, "petitions.send_confirmations", Queue.MAIL),
    "send links to signers": every(2, "petitions.send_links", Queue.MAIL),
    "bring mails forward": every(20, "petitions.bring_mails_forward", Queue.MAIL),
    "tally signatures": every(2, "petitions.tally", Queue.COUNT),
    "tally opened composers": every(2, "actions.tally_openings", Queue.COUNT),
    # Its folder may be on another machine, and hang with it: counting must not.
    "write the journal": every(2, "operations.write_journal"),
    # Ten seconds long while there is something to do.
    "carry out decisions on many signatures": every(2, "petitions.carry_out"),
    # These look themselves whether the hour has passed.
    "tell what an hour has brought": every(60, "petitions.hourly"),
    "tell what an hour has brought to campaigns": every(60, "progress.take_hourly"),
    "look for sabotage": every(600, "petitions.raise_alerts"),
    "look whether something is wrong": every(60, "operations.tell_incidents"),
    "send staff mails": every(2, "core.send_mails", Queue.MAIL),
    "send links to a new password": every(2, "accounts.send_resets", Queue.MAIL),
    "send invitations": every(2, "accounts.send_invitations", Queue.MAIL),
    "forget logins": {"task": "accounts.forget", "schedule": crontab(minute=35)},
    "recount every signature": {"task": "petitions.recount", "schedule": crontab(hour=3, minute=10)},
    "recount every opening": {"task": "actions.recount", "schedule": crontab(hour=3, minute=15)},
    "forget what has lapsed": {"task": "petitions.forget", "schedule": crontab(minute=20)},
    "forget the old journal": {"task": "operations.forget_journal", "schedule": crontab(hour=4, minute=5)},
    "forget spent challenges": every(600, "core.forget_spent_challenges"),
    "end decisions that nobody took": {"task": "petitions.expire_decisions", "schedule": crontab(minute=35)},
    "write exports": every(10, "petitions.write_exports", Queue.SLOW),
    "write packs for targets": every(10, "campaigns.write_deliveries", Queue.SLOW),
    "send mails to those who pledge": every(2, "campaigns.send_pledge_mails", Queue.MAIL),
    "see what time it is": every(10, "campaigns.remind"),
    "send reminders": every(10, "campaigns.send_reminders", Queue.SLOW),
    "send news": every(10, "campaigns.send_updates", Queue.SLOW),
    "take the snapshot of the day": every(60, "progress.take_snapshots"),
    "count the days that are over": every(300, "progress.count_days", Queue.SLOW),
    "keep what is known": every(30, "progress.keep_last_known"),
    "draw share images": every(10, "progress.draw_share_images", Queue.SLOW),
    "forget pledges": {"task": "campaigns.forget", "schedule": crontab(minute=25)},
    "forget old openings and posts": {"task": "actions.forget", "schedule": crontab(hour=0, minute=40)},
    # These look themselves whether it is time: what X costs, and a day of action, decide that.
    "poll the volume": every(X_TURN, "actions.poll_volume"),
    "collect posts": every(X_TURN, "actions.collect_posts"),
    "collect the targets' replies": every(X_TURN, "actions.collect_replies"),
    "look after shown and linked posts": every(X_TURN, "actions.look_after_posts"),
    "reconcile what X billed": {"task": "actions.reconcile", "schedule": crontab(hour=1, minute=15)},
}
