"""A worker that has lost its connection, and so its turn, ends its task; the one that has the turn by then does the work, once."""

import threading
from collections import Counter
from contextlib import suppress

import pytest
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from actions import opening
from actions import recount as recount_of_openings
from config.celery import app
from core.models import StaffMail
from core.privacy.address_hashes import address_hash
from petitions import recount, tally
from petitions.models import LinkRequest
from tests import factories
from tests.lost import Cut

pytestmark = pytest.mark.django_db(transaction=True)
TASKS = sorted({entry["task"] for entry in app.conf.beat_schedule.values()})
# Before which of its statements the first of both turns is lost: that asks for the lock, those that look whether the site is open and
# what is paused, and those of the work.
AT = (1, 2, 4, 5, 6, 8, 12)


def wanted(live, number):
    """Something to do for those whose work would show if it were done twice."""
    now = timezone.now()
    factories.signatures(live.petition, 3)
    opening.record(live.tweet_action, None, "x", bytes([number]) * 16, live.tweet_action.target)
    late = {"mailed_at": None, "mail_due_at": now}
    factories.signature(live.petition, False, f"to-confirm-{number}@example.org", **late)
    own = f"own-page-{number}@example.org"
    factories.signature(live.petition, False, own, mailed_at=now)
    LinkRequest.objects.create(email=own, address_hash=address_hash(own), mail_due_at=now)
    StaffMail.objects.create(to=f"staff-{number}@example.org", subject="x", text="x", mail_due_at=now)


def beside(task, told):
    """A turn in another worker, from its beginning to its end."""

    def run():
        try:
            told.append(task())
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()


@pytest.mark.parametrize("name", TASKS)
def test_two_turns_of_which_one_has_lost_its_lock_do_the_work_once(name, live, smtp):
    app.loader.import_default_modules()
    task = app.tasks[name]
    for number, at in enumerate(AT):
        wanted(live, number)
        told = []
        cut = Cut(at, lambda told=told: beside(task, told))
        with connection.execute_wrapper(cut), suppress(OperationalError, InterfaceError):
            task()
        connection.close()
        # The lock went with its connection: the other one had the turn. Its holder has done nothing since.
        assert told == ([True] if cut.seen >= at else []), at
        assert not (cut.had_lock and cut.after), at
    for again in (name, "petitions.tally", "actions.tally_openings"):
        app.tasks[again]()
    assert recount.differences() == recount.wrong_sums() == recount_of_openings.wrong_sums() == []
    assert tally.confirmed(live.petition) == 3 * len(AT)
    assert opening.opened(live.tweet_action) == len(AT)
    mails = Counter(address for envelope in smtp.received for address in envelope.rcpt_tos)
    assert all(number <= 2 for number in mails.values()), mails
    kind = {
        "petitions.send_confirmations": "to-confirm",
        "petitions.send_links": "own-page",
        "core.send_mails": "staff",
    }
    assert name not in kind or sum(address.startswith(kind[name]) for address in mails) == len(AT), mails
