"""Looks at a house to which the examples of docs/extending.md were applied: `python -m tests.house.extended`, in that copy, prints what
it sees as JSON. Migrates and writes in one transaction, which it takes back."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import IntegrityError, connection, connections, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import setup_test_environment  # noqa: E402
from django.utils import timezone  # noqa: E402

from campaigns.models import Campaign, Demand, Pledge, Reminder  # noqa: E402
from config.celery import app  # noqa: E402
from core.locks import one_at_a_time  # noqa: E402
from core.mail.writers import writer  # noqa: E402
from core.privacy.safety import SafetyLevel  # noqa: E402
from progress.figures import public_figures  # noqa: E402
from tests import factories  # noqa: E402
from tests.html import Html  # noqa: E402


def get(path: str) -> Html:
    return Html(Client().get(path).content.decode())


def refused(change: Any) -> bool:
    """Whether the database refuses it."""
    try:
        with transaction.atomic():
            change()
    except IntegrityError:
        return True
    return False


def a_language(live: Campaign) -> dict[str, object]:
    Demand.objects.update(outcome="met", since=date(2026, 6, 15))
    page = get(f"/pt/c/{live.slug}/")
    other = get(f"/c/{live.slug}/").one("[hreflang=pt][lang]")
    Demand.objects.update(outcome="open")
    return {
        "html": [page.one("html").attributes["lang"], page.one("html").attributes["dir"]],
        "day": page.one(".state time").text,
        "word": get(f"/pt/c/{live.slug}/").one(".state").text,
        "linked as": other.text,
    }


def a_network(live: Campaign) -> dict[str, object]:
    response = Client().get(f"/c/{live.slug}/act/")
    page = Html(response.content.decode())
    gone = Client().post(f"/c/{live.slug}/act/go/example/", {"text": "a b"})
    asking = factories.campaign(status="interest", launched_at=None, pledge_threshold=3)
    return {
        "buttons": [button.text for button in page.find(".composers button")],
        "weighed": page.one("#weight-example").text.split(" of ")[1],
        "form-action": response.headers["Content-Security-Policy"].split("form-action ")[1].split(";")[0].split(),
        "leads to": gone.headers["Location"].replace(live.slug, "river"),
        "choices": [option.text for option in get(f"/c/{asking.slug}/").find("select[name=network] option")],
        "pledged": factories.pledge(live, network="example").get_network_display(),
        "others refused": refused(lambda: Pledge.objects.update(network="myspace")),
    }


def an_outcome(live: Campaign) -> dict[str, object]:
    Demand.objects.update(outcome="decided")
    state = get(f"/c/{live.slug}/progress/").one(".state")
    data = Client().get(f"/c/{live.slug}/progress.json").json()
    return {
        "class": state.attributes["class"],
        "word": state.text.split(",")[0],
        "data": data["demands"][0]["outcome"],
        "result": public_figures(live).result,
        "others refused": refused(lambda: Demand.objects.update(outcome="forgotten")),
    }


def a_safety_level(live: Campaign) -> dict[str, object]:
    Campaign.objects.update(safety="grave")
    live.refresh_from_db()
    advice = Client().get(f"/c/{live.slug}/act/").content.decode()
    found = {
        "days": live.policy.kept_after_closing.days,
        "order": SafetyLevel.values,
        "advised": "Think twice before you post." in advice,
        "told": "grave: signing may cost a home" in Client().get("/data/").content.decode(),
        "others refused": refused(lambda: Campaign.objects.update(safety="none")),
    }
    Campaign.objects.update(safety="standard")
    return found


def a_figure(live: Campaign) -> dict[str, object]:
    Demand.objects.update(outcome="met")
    rows = csv.reader(Client().get(f"/c/{live.slug}/figures.csv").content.decode("utf-8-sig").splitlines())
    page = get(f"/c/{live.slug}/progress/")
    return {
        "data": Client().get(f"/c/{live.slug}/progress.json").json()["demands_answered"],
        "row": next(row for row in rows if row[0] == "demands_answered")[1::2],
        "page": page.one("[data-figure=demands_answered]").text,
    }


def a_mail(live: Campaign) -> dict[str, object]:
    from django.core import mail

    from campaigns import tasks
    from campaigns.models import Thanks

    Thanks.objects.create(pledge=factories.pledge(live, address="ana@example.org"), mail_due_at=timezone.now())
    tasks.send_thanks()
    (sent,) = mail.outbox
    return {
        "to": sent.to,
        "subject": sent.subject,
        "says": ["Thank you." in sent.body, Html(sent.alternatives[0][0]).one("h1 + p").text],
        "written by": f"{writer(Thanks).__module__}.{writer(Thanks).__name__}",
        "marked": Thanks.objects.filter(mail_due_at=None, mailed_at__isnull=False).exists(),
        "scheduled": schedule("campaigns.send_thanks"),
    }


def a_periodic_task(live: Campaign) -> dict[str, object]:
    from campaigns import tasks

    now = timezone.now()
    moment = factories.day_of_action(live, starts_at=now - timedelta(days=3))
    pledge = factories.pledge(live)
    Reminder.objects.create(pledge=pledge, moment=moment, starts_at=moment.starts_at, mail_due_at=now)
    due = [Reminder.objects.due().count()]
    with somebody_else_at("campaigns.end_reminders"):
        tasks.end_reminders()
        due.append(Reminder.objects.due().count())
    tasks.end_reminders()
    return {"due": [*due, Reminder.objects.due().count()], "scheduled": schedule("campaigns.end_reminders")}


@contextmanager
def somebody_else_at(task: str) -> Iterator[None]:
    """Another worker, with a connection of its own, has the turn of this task."""
    turn = one_at_a_time(task)
    with ThreadPoolExecutor(1) as worker:
        assert worker.submit(turn.__enter__).result()
        yield
        worker.submit(turn.__exit__, None, None, None).result()
        worker.submit(connections.close_all).result()


def schedule(task: str) -> list[object]:
    """How often it is asked for, and the seconds after which it ends and is killed."""
    app.loader.import_default_modules()
    (entry,) = [entry for entry in app.conf.beat_schedule.values() if entry["task"] == task]
    return [entry["schedule"], app.tasks[task].soft_time_limit, app.tasks[task].time_limit]


LOOKS = (a_language, a_network, a_safety_level, a_figure, a_mail, a_periodic_task, an_outcome)

if __name__ == "__main__":
    setup_test_environment()
    with transaction.atomic():
        call_command("makemigrations", "campaigns", name="extended", verbosity=0)
        call_command("migrate", verbosity=0)
        seen = {}
        for look in LOOKS:
            before = transaction.savepoint()
            seen[look.__name__.replace("_", " ")] = look(factories.campaign())
            transaction.savepoint_rollback(before)
        transaction.set_rollback(True)
    connection.close()
    sys.stdout.write(json.dumps(seen))
