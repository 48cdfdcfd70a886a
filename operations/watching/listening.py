"""/metrics without a token, for a machine on which no web server runs, or that only monitoring can reach."""

from __future__ import annotations

from collections.abc import Iterable
from socketserver import ThreadingMixIn
from typing import TYPE_CHECKING
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.db import connections

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Handler(WSGIRequestHandler):
    timeout = 10

    def log_message(self, format: str, *arguments: object) -> None:
        """Says nothing."""


def listen(host: str, port: int) -> None:
    """Answers for as long as the process lives."""
    with make_server(host, port, answer, Server, Handler) as server:
        server.serve_forever()


def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    from operations.watching import reading

    if environ["PATH_INFO"] != "/metrics" or environ["REQUEST_METHOD"] != "GET":
        start_response("404 Not Found", [])
        return [b""]
    try:
        body = reading.text()
    finally:
        connections.close_all()
    start_response("200 OK", [("Content-Type", reading.CONTENT_TYPE)])
    return [body]
