"""A real SMTP server on loopback that keeps what it is given."""

from __future__ import annotations

import asyncio
import importlib.util
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import metadata


@contextmanager
def _atpublic() -> Iterator[None]:
    """Let aiosmtpd import the package `public` of the distribution atpublic, though one of our apps has that name."""
    ours = {name: module for name, module in sys.modules.items() if name.partition(".")[0] == "public"}
    for name in ours:
        del sys.modules[name]
    path = metadata.distribution("atpublic").locate_file("public/__init__.py")
    spec = importlib.util.spec_from_file_location("public", path)
    sys.modules["public"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(sys.modules["public"])
    try:
        yield
    finally:
        for name in [name for name in sys.modules if name.partition(".")[0] == "public"]:
            del sys.modules[name]
        sys.modules.update(ours)


with _atpublic():
    from aiosmtpd.controller import Controller


class Mailbox:
    """Answers to RCPT and DATA as it is told, after so many seconds."""

    def __init__(self, host="127.0.0.1"):
        self.host = host
        self.received, self.rcpt, self.data, self.port, self.seconds = [], "250 OK", "250 OK", 0, 0.0

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, server, session, envelope):
        await asyncio.sleep(self.seconds)
        if self.data.startswith("250"):
            self.received.append(envelope)
        return self.data

    def open(self):
        self.controller = Controller(self, hostname=self.host, port=self.port)
        self.controller.start()

    def close(self):
        """Nobody answers at its port until it is opened again; what it received stays."""
        self.controller.stop(no_assert=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def serving() -> Iterator[Mailbox]:
    mailbox = Mailbox()
    mailbox.port = free_port()
    mailbox.open()
    try:
        yield mailbox
    finally:
        mailbox.close()
