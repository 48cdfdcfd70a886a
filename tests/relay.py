"""A network between a process and its server that can lose what is under way without a word, as a firewall does."""

from __future__ import annotations

import selectors
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Relay:
    """Forwards each connection to one of its own; `connect` opens it."""

    def __init__(self, connect: Callable[[], socket.socket]) -> None:
        self.connect = connect
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.server.getsockname()[1]
        self.pairs: list[Pair] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                client, _address = self.server.accept()
            except OSError:
                return
            self.pairs.append(Pair(client, self.connect()))

    def lose(self) -> int:
        """Every connection that is open now stays open, and carries nothing any more. How many they were."""
        lost = [pair for pair in self.pairs if pair.carries]
        for pair in lost:
            pair.carries = False
        return len(lost)

    def close(self) -> None:
        self.server.close()
        for pair in self.pairs:
            pair.close()


class Pair:
    def __init__(self, client: socket.socket, server: socket.socket) -> None:
        self.ends = (client, server)
        self.carries = True
        threading.Thread(target=self._carry, daemon=True).start()

    def _carry(self) -> None:
        with selectors.DefaultSelector() as selector:
            for ends in (self.ends, self.ends[::-1]):
                selector.register(ends[0], selectors.EVENT_READ, ends)
            try:
                while True:
                    for key, _events in selector.select():
                        end, other = key.data
                        data = end.recv(65_536)
                        if self.carries:
                            if not data:
                                return
                            other.sendall(data)
                        elif not data:
                            selector.unregister(end)
            except OSError:
                pass
            finally:
                if self.carries:
                    self.close()

    def close(self) -> None:
        for end in self.ends:
            end.close()


@contextmanager
def relaying(connect: Callable[[], socket.socket]) -> Iterator[Relay]:
    relay = Relay(connect)
    try:
        yield relay
    finally:
        relay.close()
