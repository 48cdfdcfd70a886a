"""All work that no visitor waits for, in one command: a Celery worker for each queue, and the clock that gives them their turns."""

from __future__ import annotations

import os
import sys
from functools import partial
from importlib import import_module
from socket import gethostname
from typing import Any

from celery import Celery
from celery.app.utils import find_app
from celery.platforms import EX_FAILURE
from celery.signals import worker_ready
from celery.worker import WorkController
from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.queues import Queue
from operations import machines, sharing, startup
from operations.beat import Beat, Scheduler
from operations.supervisor import Supervisor
from operations.watching import counting
from operations.watching.listening import listen
from operations.watching.stalled import end_when_stalled

# How many processes work at a queue, so that none waits for another: each has its own.
PROCESSES = {Queue.COUNT: 1, Queue.MAIL: 2, Queue.DEFAULT: 2, Queue.SLOW: 1}
# On a busy machine whoever signs goes first, and what is counted; this is how far behind the others stand (nice).
BEHIND = {Queue.MAIL: 5, Queue.SLOW: 5}
# What each of them needs is loaded once, before they part.
SHARED = (
    "billiard.popen_fork",
    "billiard.sharedctypes",
    "celery.app.amqp",
    "celery.app.control",
    "celery.app.log",
    "celery.app.routes",
    "celery.apps.beat",
    "celery.apps.worker",
    "celery.concurrency.prefork",
    "celery.events.receiver",
    "celery.worker.autoscale",
    "celery.worker.components",
    "celery.worker.consumer",
    "celery.worker.consumer.delayed_delivery",
    "django.core.mail.backends.smtp",
    "kombu.transport.redis",
)


class Command(BaseCommand):
    help = "Counts, mails, polls X and draws until you stop it. It restarts any process that ends by itself."

    def add_arguments(self, parser: CommandParser) -> None:
        listed = " ".join(f"{queue}={number}" for queue, number in PROCESSES.items())
        parser.add_argument("queues", nargs="*", metavar="QUEUE=PROCESSES", help=f"only these; by default: {listed}")
        parser.add_argument("--metrics", metavar="HOST:PORT", help="answer /metrics there, to whoever can reach it")
        parser.add_argument("--no-beat", action="store_true", help="run no scheduler: another machine does")

    def handle(self, *args: Any, **options: Any) -> None:
        processes = dict(map(_read, options["queues"])) or PROCESSES
        startup.check()
        app = find_app("config")
        load_once(app)
        counting.join("workers", os.getpid())
        # One of them is enough to say that the machine is there: whoever does has a connection of their own.
        first = next(iter(processes))
        work = {
            f"worker {queue}": partial(serve, app, queue, number, queue == first) for queue, number in processes.items()
        }
        if not options["no_beat"]:
            work["beat"] = partial(give_turns, app)
        if options["metrics"]:
            work["metrics"] = partial(listen, *_read_address(options["metrics"]))
        sharing.prepare()
        Supervisor(work).run()


def load_once(app: Celery) -> None:
    """Does what each worker would do for itself: every page of memory that it writes to is no longer shared."""
    os.environ["CELERY_SKIP_CHECKS"] = "1"
    app.loader.import_default_modules()
    app.finalize()
    for module in SHARED:
        import_module(module)
    # Each process asks the kernel to end it with its parent (billiard.util.set_pdeathsig); cffi loads a parser of C for that.
    import_module("cffi").FFI().cdef("int prctl(int, ...);")
    # A worker that begins asks for them once more, and Django would be set up anew in each.
    app.loader.import_default_modules = list


def serve(app: Celery, queue: Queue, processes: int, says_machine: bool) -> None:
    os.nice(BEHIND.get(queue, 0))
    worker = _worker(app)(
        hostname=f"{queue}-{os.getpid()}@{gethostname()}", queues=[queue.value], concurrency=processes, loglevel="INFO",
        without_gossip=True, without_mingle=True, quiet=True,
    )  # fmt: skip
    end_when_stalled(queue)
    # Not before its processes are forked: they would have half of a connection.
    if says_machine:
        worker_ready.connect(lambda **kwargs: machines.begin(), weak=False)
    worker.start()
    sys.exit(worker.exitcode)


def _worker(app: Celery) -> type[WorkController]:
    class Worker(app.Worker):
        """Ends at once when Celery gives up, as it does when Valkey goes away at the wrong moment.

        It would wait for its tasks first, and nobody would take the others; who supervises begins a new one.
        """

        def stop(self, in_sighandler: bool = False, exitcode: int | None = None) -> None:
            if exitcode == EX_FAILURE:
                os._exit(EX_FAILURE)
            super().stop(in_sighandler, exitcode)

    return Worker


def give_turns(app: Celery) -> None:
    Beat(app=app, scheduler_cls=Scheduler, loglevel="INFO", quiet=True).run()


def _read(argument: str) -> tuple[Queue, int]:
    name, _, number = argument.partition("=")
    if name not in list(Queue) or not number.isdecimal() or not 1 <= int(number) <= 64:
        raise CommandError(f"{argument}: write a queue and a number of processes: {'=1, '.join(Queue)}=1")
    return Queue(name), int(number)


def _read_address(argument: str) -> tuple[str, int]:
    host, _, port = argument.rpartition(":")
    if not host or not port.isdecimal() or not 1 <= int(port) <= 65_535:
        raise CommandError(f"{argument}: write an address and a port: 127.0.0.1:9101")
    return host, int(port)
