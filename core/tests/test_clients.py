import ipaddress

import pytest
import time_machine

from core.privacy.clients import client_hash, network_address


def request(rf, remote="203.0.113.9", forwarded=None):
    headers = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    return rf.get("/", REMOTE_ADDR=remote, **headers)


def test_a_forged_header_changes_nothing(rf):
    assert network_address(request(rf, forwarded="198.51.100.1")) == "203.0.113.9"


@pytest.mark.parametrize(
    ("forwarded", "client"),
    [
        ("198.51.100.1", "198.51.100.1"),
        ("192.0.2.66, 198.51.100.1", "198.51.100.1"),
        ("192.0.2.66, 198.51.100.1, 10.0.0.2", "198.51.100.1"),
        ("192.0.2.66, 198.51.100.1, ::ffff:10.0.0.2", "198.51.100.1"),
        ("nonsense, 10.0.0.2", "10.0.0.2"),
        ("", "10.0.0.1"),
    ],
)
def test_the_nearest_network_address_that_is_no_proxy_of_ours(rf, settings, forwarded, client):
    settings.TRUSTED_PROXIES = [ipaddress.ip_network("10.0.0.0/8")]
    assert network_address(request(rf, "10.0.0.1", forwarded)) == client


@pytest.mark.requirement("A8")
@pytest.mark.parametrize("named", ["10.0.0.0/8", "::ffff:10.0.0.0/104"])
def test_a_proxy_is_known_in_both_ways_to_write_its_address(rf, settings, named):
    """A server that listens on IPv4 and IPv6 at once sees it as ::ffff:10.0.0.1: all visitors would be one client."""
    settings.TRUSTED_PROXIES = [ipaddress.ip_network(named)]
    assert network_address(request(rf, "::ffff:10.0.0.1", "198.51.100.1")) == "198.51.100.1"
    assert network_address(request(rf, "::ffff:203.0.113.9", "198.51.100.1")) == "::ffff:203.0.113.9"


@pytest.mark.requirement("A8")
def test_a_proxy_on_a_unix_socket_is_this_machine(rf, settings):
    assert network_address(request(rf, "", "198.51.100.1")) == "127.0.0.1"
    settings.TRUSTED_PROXIES = [ipaddress.ip_network("127.0.0.1/32")]
    assert network_address(request(rf, "", "198.51.100.1")) == "198.51.100.1"


def test_a_hash_is_the_same_all_day_and_another_one_tomorrow(rf):
    with time_machine.travel("2026-06-15T10:00:00Z", tick=False):
        morning = client_hash(request(rf))
        assert morning == client_hash(request(rf))
        assert morning != client_hash(request(rf, "203.0.113.10"))
        assert len(morning) == 16
    with time_machine.travel("2026-06-16T00:00:01Z", tick=False):
        assert morning != client_hash(request(rf))


def test_an_ipv6_client_is_its_network(rf):
    first, second = request(rf, "2001:db8:1:2:3::4"), request(rf, "2001:db8:1:2:ffff::1")
    assert client_hash(first) == client_hash(second) != client_hash(request(rf, "2001:db8:1:3::4"))
    assert client_hash(request(rf, "::ffff:203.0.113.9")) == client_hash(request(rf, "203.0.113.9"))
