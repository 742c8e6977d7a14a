"""Proxies' addresses as people paste them, and whom NO_PROXY leaves out."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.client.proxies import is_this_machine, left_out, read_proxy
from tui.model.errors import RoadError

PASSWORD = "geh#e@i/m?%20 ü"
"""Each of its signs ends another program's reading of an address."""

READ = {
    "http://proxy.example:3128": ("http://proxy.example:3128", "", ""),
    "HTTP://proxy.example:3128/": ("http://proxy.example:3128", "", ""),
    "proxy.example:3128": ("http://proxy.example:3128", "", ""),
    "proxy.example": ("http://proxy.example:80", "", ""),
    "https://proxy.example": ("https://proxy.example:443", "", ""),
    "socks5://127.0.0.1": ("socks5://127.0.0.1:1080", "", ""),
    "socks5h://rocky@127.0.0.1:1081": ("socks5h://127.0.0.1:1081", "rocky", ""),
    " http://[::1]:3128 ": ("http://[::1]:3128", "", ""),
    "http://[fd00::1]": ("http://[fd00::1]:80", "", ""),
    "http://rocky:a%40b@proxy.example:1": ("http://proxy.example:1", "rocky", "a@b"),
    f"http://rocky:{PASSWORD}@proxy.example:1": ("http://proxy.example:1", "rocky", "geh#e@i/m?  ü"),
    "rocky:a:b@proxy.example:1": ("http://proxy.example:1", "rocky", "a:b"),
    "http://ro:100%@proxy.example:1": ("http://proxy.example:1", "ro", "100%"),
    "http://@proxy.example:1": ("http://proxy.example:1", "", ""),
    "http://代理.example:1": ("http://代理.example:1", "", ""),
}


@pytest.mark.parametrize("text", READ)
def test_a_proxys_address_is_read_whatever_its_password_holds(text: str) -> None:
    proxy = read_proxy(text, "ALL_PROXY", "team")
    assert (proxy.place, proxy.user, proxy.password) == READ[text]
    assert "geh" not in repr(proxy)


REFUSED = {
    "socks4://proxy.example:1": "only SOCKS5",
    "socks4a://rocky:geheim@proxy.example:1": "only SOCKS5",
    "socks://proxy.example:1": "only SOCKS5",
    "ftp://rocky:geheim@proxy.example": "no such kind",
    "http://": "names no machine",
    "http://rocky:geheim@": "names no machine",
    "http://rocky:geheim@:3128": "names no machine",
    "http://pro xy:1": "names no machine",
    "http://[::1": "names no machine",
    "http://[proxy]:1": "names no machine",
    "http://..:1": "names no machine",
    "http://fd00::1": "port",
    "http://proxy.example:0": "port",
    "http://proxy.example:65536": "port",
    "http://proxy.example:99999999999999999999": "port",
    "http://proxy.example:-1": "port",
    "http://rocky:geheim": "port",
    "http://proxy.example:３１２８": "port",
    "http://rocky:\udcffgeheim@proxy.example": "not UTF-8",
    f"socks5://rocky:{'geheim' * 50}@proxy.example": "too long",
}


@pytest.mark.parametrize("text", REFUSED)
def test_an_address_that_leads_to_no_proxy_names_the_variable_what_it_holds_and_what_to_write(text: str) -> None:
    with pytest.raises(RoadError, match=REFUSED[text]) as caught:
        read_proxy(text, "ALL_PROXY", "team")
    error = caught.value
    assert error.exit_code == 3
    assert "ALL_PROXY" in error.message()
    assert error.hint()
    assert "geheim" not in f"{error.message()} {error.hint()} {error.facts}"


@given(st.text())
def test_no_text_at_all_in_a_proxys_variable_ends_the_program(text: str) -> None:
    with suppress(RoadError):
        read_proxy(text, "ALL_PROXY", "team")


LEFT_OUT = [
    ("*", "crm.example.com", True),
    (" , ,*", "crm.example.com", True),
    ("crm.example.com", "crm.example.com", True),
    ("CRM.Example.com.", "crm.example.com", True),
    ("example.com", "crm.example.com", True),
    (".example.com", "crm.example.com", True),
    ("*.example.com", "crm.example.com", True),
    (".example.com", "example.com", True),
    ("example.com", "notexample.com", False),
    ("m.example.com", "crm.example.com", False),
    ("a.example b.example\tcrm.example.com", "crm.example.com", True),
    ("https://crm.example.com/", "crm.example.com", True),
    ("crm.example.com:443", "crm.example.com", True),
    ("crm.example.com:8443", "crm.example.com", False),
    ("例子.example", "crm.例子.example", True),
    ("10.0.0.0/8", "10.1.2.3", True),
    ("10.0.0.7/8", "10.1.2.3", True),
    ("10.0.0.0/8", "11.1.2.3", False),
    ("10.1.2.3", "10.1.2.3", True),
    ("10.1.2.3:443", "10.1.2.3", True),
    ("10.0.0.0/8", "crm.example.com", False),
    ("fd00::/8", "fd12:3456::1", True),
    ("fe80::/10", "fd12:3456::1", False),
    ("[fd12:3456::1]", "fd12:3456::1", True),
    ("[fd12:3456::1]:443", "fd12:3456::1", True),
    ("[fd12:3456::1]:444", "fd12:3456::1", False),
    ("[fd00::]/8", "fd12:3456::1", True),
    ("FD12:3456:0::1", "fd12:3456::1", True),
    ("10.0.0.0/8", "::ffff:10.1.2.3", True),
    ("10.0.0.0/99,::/999,:,[,],a:b:c,%,.", "10.1.2.3", False),
    ("", "crm.example.com", False),
    (".", "crm.example.com", False),
]


@pytest.mark.parametrize(("no_proxy", "host", "expected"), LEFT_OUT)
def test_no_proxy_leaves_out_machines_those_below_them_and_ranges_of_addresses(
    no_proxy: str, host: str, expected: bool
) -> None:
    assert bool(left_out(no_proxy, host, 443)) is expected


@given(st.text(), st.sampled_from(["crm.example.com", "10.1.2.3", "fd00::1"]))
def test_no_text_at_all_in_no_proxy_ends_the_program(no_proxy: str, host: str) -> None:
    left_out(no_proxy, host, 443)


@pytest.mark.parametrize(
    ("host", "expected"),
    [("localhost", True), ("x.localhost", True), ("127.3.2.1", True), ("::1", True), ("localhost.example", False)],
)
def test_this_machine_is_known_by_its_name_and_its_addresses(host: str, expected: bool) -> None:
    assert is_this_machine(host) is expected
