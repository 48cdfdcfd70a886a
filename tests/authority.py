"""A time-stamp authority as there are real ones: openssl behind a small HTTP server, with a CA of its own."""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

CONFIG = """[tsa]
default_tsa = it
[it]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = {digests}
ess_cert_id_alg = sha256
"""


class Authority:
    """`url` is where it takes requests, `root` the certificate of its CA. `answer` may be replaced: query → (status, headers, body in
    pieces, each sent as it comes). `asked`: the queries so far."""

    def __init__(self, folder: Path, name: str = "Example Time Stamps") -> None:
        self.folder, self.root, self.asked = folder, folder / "ca.pem", list[bytes]()
        self.answer: Callable[[bytes], tuple[int, dict[str, str], Any]] = self.stamped
        # Its own name is long: what openssl then adds of the CA stands out of order (DER).
        subject = f"/O={name} and the Long Name of Whom It Is Of/CN={name}"
        key = ("req", "-newkey", "rsa:2048", "-nodes")
        self.openssl(*key, "-x509", "-days", "2", "-subj", "/CN=CA", "-keyout", "ca.key", "-out", "ca.pem")
        self.openssl(*key, "-subj", subject, "-keyout", "tsa.key", "-out", "tsa.csr")
        (folder / "extensions").write_text("extendedKeyUsage = critical, timeStamping\nbasicConstraints = CA:FALSE\n")
        signs = ("-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", "extensions")
        self.openssl("x509", "-req", "-in", "tsa.csr", "-out", "tsa.pem", *signs)
        self.configure()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://user:SECRET@127.0.0.1:{self.server.server_port}/tsr/"

    def configure(self, digests: str = "sha256", more: str = "") -> None:
        (self.folder / "tsa.cnf").write_text(CONFIG.format(folder=self.folder, digests=digests) + more)

    def openssl(self, *arguments: str) -> bytes:
        return subprocess.run(["openssl", *arguments], cwd=self.folder, check=True, capture_output=True).stdout

    def reply(self, query: bytes) -> bytes:
        (self.folder / "query").write_bytes(query)
        self.openssl("ts", "-reply", "-config", "tsa.cnf", "-queryfile", "query", "-out", "reply")
        return (self.folder / "reply").read_bytes()

    def stamped(self, query: bytes) -> tuple[int, dict[str, str], list[bytes]]:
        return 200, {"Content-Type": "application/timestamp-reply"}, [self.reply(query)]

    def says(self, *pieces: bytes, status: int = 200, wait: float = 0, **headers: str) -> None:
        """From now on, whatever it is asked; so many seconds lie before each piece."""

        def slowly() -> Any:
            for piece in pieces:
                time.sleep(wait)
                yield piece

        self.answer = lambda query: (status, headers, slowly())

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        authority = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                query = self.rfile.read(int(self.headers["Content-Length"]))
                authority.asked.append(query)
                assert self.headers["Content-Type"] == "application/timestamp-query"
                status, headers, pieces = authority.answer(query)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                try:
                    for piece in pieces:
                        self.wfile.write(piece)
                        self.wfile.flush()
                except OSError:
                    self.close_connection = True

            def log_message(self, *arguments: Any) -> None:
                pass

        return Handler
