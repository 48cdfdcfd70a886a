"""The HTTP side: one thread per connection on 127.0.0.1."""

import socket
import struct
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit

from xsim.web import Request, Response

BODY_LIMIT = 65536
_POLL_SECONDS = 0.02
_HARD_CLOSE = struct.pack("ii", 1, 0)

Answer = Callable[[Request], Response]


@contextmanager
def running(answer: Answer, port: int) -> Iterator[str]:
    """Serve until the block ends; yields http://127.0.0.1:<port>."""
    httpd = _Server(answer, port)
    Thread(target=httpd.serve_forever, args=(_POLL_SECONDS,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{httpd.server_address[1]}"
    finally:
        httpd.shutdown()
        httpd.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, answer: Answer, port: int) -> None:
        self.answer = answer
        super().__init__(("127.0.0.1", port), _Handler)

    def handle_error(self, request: socket.socket | tuple[bytes, socket.socket], client_address: object) -> None:
        """Callers that hang up are part of the game; anything else would be a bug and is shown."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 30
    server: _Server

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        headers = {name.title(): value for name, value in self.headers.items()}
        self._send(self.server.answer(Request(self.command, parts.path, parts.query, headers, self._body())))

    do_POST = do_PUT = do_DELETE = do_GET

    def log_message(self, format: str, *args: object) -> None:
        """No access log: /_sim/requests has it."""

    def _body(self) -> bytes:
        length = self.headers.get("Content-Length", "0")
        return self.rfile.read(min(int(length), BODY_LIMIT)) if length.isdecimal() else b""

    def _send(self, response: Response) -> None:
        if response.wire in ("closed", "reset"):
            self._hang_up(hard=response.wire == "reset")
            return
        self.send_response_only(response.status)
        headers = {"Content-Length": str(len(response.body)), **response.headers}
        for name, value in headers.items():
            if value is not None:
                self.send_header(name, value)
        self.end_headers()
        if response.wire == "cut_short":
            self.close_connection = True
            response.body = response.body[: len(response.body) // 2]
        self.wfile.write(response.body)

    def _hang_up(self, hard: bool) -> None:
        if hard:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _HARD_CLOSE)
        self.close_connection = True
