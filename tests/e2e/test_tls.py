"""The shipped nginx files as they are installed: TLS, the way from http, limits, and what is not for the public."""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import socket
import ssl
import subprocess
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.smtp import free_port

ROOT = Path(__file__).resolve().parent.parent.parent
CLIENT = "127.0.0.78"
NAME = "outcry.example"


class Origin(BaseHTTPRequestHandler):
    """Answers everything, and says by what it was asked."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = f"{self.path} {self.headers['X-Forwarded-Proto']} {self.headers['X-Forwarded-For']}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def log_message(self, *arguments):
        pass


@pytest.fixture(scope="module")
def tls(tmp_path_factory):
    """(port of https, port of http, folder, the origin, the port of its stand-in)"""
    folder = tmp_path_factory.mktemp("tls")
    for part in (folder, *folder.parents[:2]):
        part.chmod(0o755)
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={NAME}"]
    subprocess.run([*made, "-keyout", folder / "key.pem", "-out", folder / "cert.pem"], check=True, capture_output=True)
    (folder / "static").mkdir()
    (folder / "static/a.css").write_text("a {}")
    (folder / ".well-known/acme-challenge").mkdir(parents=True)
    (folder / ".well-known/acme-challenge/word").write_text("answer")
    origin = ThreadingHTTPServer(("127.0.0.1", 0), Origin)
    threading.Thread(target=origin.serve_forever, daemon=True).start()
    secure, plain, beside = free_port(), free_port(), free_port()
    values = {
        "OUTCRY_CERTIFICATE_KEY": f"{folder}/key.pem",
        "OUTCRY_CERTIFICATE": f"{folder}/cert.pem",
        "OUTCRY_NAME": NAME,
        "OUTCRY_LISTEN": f"127.0.0.1:{secure} ssl http2; listen [::1]:{secure} ssl http2",
        "OUTCRY_PLAIN": f"127.0.0.1:{plain}; listen [::1]:{plain}",
        "OUTCRY_TLS": f"{folder}/nginx-tls.conf",
        "OUTCRY_ACME": str(folder),
        "OUTCRY_ORIGIN": f"127.0.0.1:{origin.server_address[1]}",
        "OUTCRY_BESIDE": f"127.0.0.1:{beside}",
        "OUTCRY_STATIC": f"{folder}/static",
        "OUTCRY_CACHE": f"{folder}/cache",
        "/etc/nginx/conf.d/outcry.conf": f"{folder}/nginx.conf",
    }
    for name in ("nginx.conf", "nginx-tls.conf", "nginx-main.conf"):
        text = (ROOT / "deploy" / name).read_text()
        for word, value in values.items():
            text = text.replace(word, value)
        (folder / name).write_text(text)
    binary = shutil.which("nginx") or "/usr/sbin/nginx"
    more = f"daemon off; pid {folder}/pid; {'user root;' if os.geteuid() == 0 else ''}"
    with (folder / "stderr").open("wb") as said:
        process = subprocess.Popen(
            [binary, "-c", folder / "nginx-main.conf", "-p", folder, "-e", "stderr", "-g", more], stderr=said
        )
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            ask(secure, "/")
            break
        except OSError:
            time.sleep(0.1)
    yield secure, plain, folder, origin, beside
    process.send_signal(signal.SIGTERM)
    process.wait(10)
    origin.shutdown()
    origin.server_close()


def ask(port, path, body=None, encrypted=True, lowest=None, highest=None):
    """(status, headers, body)"""
    source = (CLIENT, 0)
    if encrypted:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version, context.maximum_version = (
            lowest or ssl.TLSVersion.TLSv1_2,
            highest or ssl.TLSVersion.TLSv1_3,
        )
        connection = http.client.HTTPSConnection("127.0.0.1", port, timeout=10, source_address=source, context=context)
    else:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10, source_address=source)
    try:
        connection.request("POST" if body else "GET", path, body=body, headers={"Host": NAME})
        response = connection.getresponse()
        return response.status, dict(response.getheaders()), response.read()
    finally:
        connection.close()


def test_pages_come_by_tls_and_the_origin_is_told_so(tls):
    status, headers, body = ask(tls[0], "/c/x/")
    assert (status, body) == (200, f"/c/x/ https {CLIENT}".encode())
    assert headers["Server"] == "nginx"


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize(("version", "accepted"), [("TLSv1_1", False), ("TLSv1_2", True), ("TLSv1_3", True)])
def test_only_modern_protocols_are_spoken(tls, version, accepted):
    only = {"lowest": ssl.TLSVersion[version], "highest": ssl.TLSVersion[version]}
    if accepted:
        assert ask(tls[0], "/", **only)[0] == 200
    else:
        with pytest.raises(OSError, match=r"(?i)ssl|reset|alert"):
            ask(tls[0], "/", **only)


def test_http_leads_to_https_by_our_name(tls):
    status, headers, _ = ask(tls[1], "/c/x/?day=2026-01-01", encrypted=False)
    assert (status, headers["Location"]) == (301, f"https://{NAME}/c/x/?day=2026-01-01")


def test_the_issuer_of_certificates_gets_its_answer_by_http(tls):
    assert ask(tls[1], "/.well-known/acme-challenge/word", encrypted=False)[2] == b"answer"


def test_static_files_are_served_without_the_origin(tls):
    status, headers, body = ask(tls[0], "/static/a.css")
    assert (status, body) == (200, b"a {}")
    assert headers["Cache-Control"] == "max-age=31536000"
    assert ask(tls[0], "/static/../key.pem")[0] != 200 or b"PRIVATE" not in ask(tls[0], "/static/../key.pem")[2]


def test_metrics_are_not_for_the_public(tls):
    assert ask(tls[0], "/metrics")[0] == 404
    assert ask(tls[0], "/metrics?x=1")[0] == 404


@pytest.mark.parametrize(
    ("path", "size", "status"),
    [
        ("/c/x/sign/", 1_000_000, 200),
        ("/c/x/sign/", 1_100_000, 413),
        ("/administer/", 1_100_000, 413),
        ("/admin/campaigns/presskit/1/change/", 21_000_000, 200),
        ("/ar/admin/campaigns/presskit/1/change/", 21_000_000, 200),
    ],
)
def test_nobody_sends_more_than_django_takes(tls, path, size, status):
    try:
        assert ask(tls[0], path, body=b"x" * size)[0] == status
    except (BrokenPipeError, ConnectionResetError, ssl.SSLEOFError):
        assert status == 413  # it hung up on us


def test_nobody_waits_while_the_origin_is_replaced(tls):
    secure, _, _, origin, beside = tls
    stand_in = serving(("127.0.0.1", beside))
    origin.shutdown()
    origin.server_close()
    assert {ask(secure, f"/c/x/sign/?{number}", body=b"x=1")[0] for number in range(20)} == {200}
    # It stays for the tests that come after.
    serving(origin.server_address)
    assert {ask(secure, f"/c/x/sign/?{number}", body=b"x=1")[0] for number in range(20)} == {200}
    stand_in.shutdown()
    stand_in.server_close()
    assert {ask(secure, f"/c/x/sign/?{number}", body=b"x=1")[0] for number in range(20)} == {200}


def serving(address):
    server = ThreadingHTTPServer(address, Origin)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def test_no_client_is_written_down(tls):
    folder = tls[2]
    assert ask(tls[0], "/confirm/SECRET-TOKEN/", encrypted=False)[0] == 400
    for garbage in (b"\x16\x03\x01\x00\x05SECRET-TOKEN", b"\x00" * 40):
        with socket.create_connection(("127.0.0.1", tls[0]), source_address=(CLIENT, 0)) as raw:
            raw.sendall(garbage)
            raw.settimeout(5)
            with suppress(OSError):
                raw.recv(100)
    written = b"".join(path.read_bytes() for path in [folder / "stderr", *folder.rglob("*.log")])
    assert CLIENT.encode() not in written
    assert b"SECRET-TOKEN" not in written


def test_nginx_says_what_is_wrong_with_itself(tls):
    folder = tls[2]
    broken = folder / "broken.conf"
    broken.write_text((folder / "nginx-main.conf").read_text().replace("nginx.conf;", "nothing.conf;"))
    binary = shutil.which("nginx") or "/usr/sbin/nginx"
    result = subprocess.run([binary, "-t", "-c", broken, "-p", folder, "-e", "stderr"], capture_output=True, text=True)
    assert result.returncode == 1
    assert "nothing.conf" in result.stderr
