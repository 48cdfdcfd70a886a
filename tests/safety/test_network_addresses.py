"""Nobody's network address is left anywhere: not in the database, not in Valkey, not in a log, not in a mail."""

import ipaddress
import logging

import pytest
from django.test import Client

from core.crypto import tokens
from petitions import tasks
from tests import factories
from tests.factories import typed
from tests.login import PASSWORD, make_staff
from tests.safety.test_privacy import dump, traces, valkey_file

pytestmark = pytest.mark.django_db
ADDRESSES = ["203.0.113.77", "2001:db8:77:77::77"]


@pytest.mark.requirement("S5")
@pytest.mark.parametrize("address", ADDRESSES)
def test_no_network_address_is_kept_anywhere(live, smtp, capfd, caplog, monkeypatch, address):
    caplog.set_level(logging.DEBUG)
    client = Client(REMOTE_ADDR=address, raise_request_exception=False)
    user = make_staff("ana@example.org")
    row = factories.signature(live.petition, confirmed=False)
    client.post("/accounts/login/", {"login": user.email, "password": "wrong"})
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    client.post("/accounts/password/reset/", {"email": user.email})
    client.post(f"/c/{live.slug}/sign/", typed())
    client.post(f"/c/{live.slug}/sign/", {})
    client.post(f"/c/{live.slug}/act/go/x/", {"text": "x"})
    client.post("/my/", {"email": "ana@example.org"})
    client.post(f"/confirm/{tokens.make('confirm', row.pk)}/", typed(email=""))
    for path in ("/nowhere/", "/my/forged/", "/confirm/forged/", "/admin/", "/accounts/login/?next=http://["):
        client.get(path)
    monkeypatch.setattr("public.views.reading.public_figures", lambda campaign: 1 / 0)
    assert client.get(live.get_absolute_url()).status_code == 500
    tasks.send_confirmations()
    said = "".join(capfd.readouterr()) + caplog.text
    assert "ZeroDivisionError" in said
    everything = dump() + valkey_file() + said.encode() + b"".join(envelope.content for envelope in smtp.received)
    packed = ipaddress.ip_address(address).packed
    for trace in (*traces(address), packed, packed.hex().encode()):
        assert trace not in everything, trace
