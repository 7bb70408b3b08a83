import ipaddress
from urllib.parse import urlsplit

import pytest

from watchparty.services.addresses import for_others, local_url, network_urls


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_a_server_for_this_machine_alone_has_no_network_address(host: str) -> None:
    assert network_urls(host, 8080, "http") == []


def test_a_server_on_one_address_is_found_there() -> None:
    assert network_urls("192.168.1.20", 80, "https") == ["https://192.168.1.20:80"]
    assert local_url("192.168.1.20", 80, "https") == "https://192.168.1.20:80"
    assert local_url("0.0.0.0", 8080, "http") == "http://localhost:8080"


def test_no_address_of_this_machine_alone_is_told_to_the_network() -> None:
    for url in network_urls("0.0.0.0", 8080, "http"):
        address = ipaddress.ip_address(urlsplit(url).hostname or "")
        assert not address.is_loopback and not address.is_link_local


@pytest.mark.parametrize("origin", ["http://localhost:8080", "http://127.0.0.1:8080", "http://[::1]:8080"])
def test_a_link_made_on_the_servers_own_machine_leads_others_there_too(origin: str) -> None:
    assert for_others(origin, ["http://192.168.1.20:8080"]) == "http://192.168.1.20:8080"
    assert for_others(origin, []) == origin


def test_a_link_made_elsewhere_keeps_the_address_that_worked() -> None:
    assert for_others("http://tv.local:8080", ["http://192.168.1.20:8080"]) == "http://tv.local:8080"
