"""The command line where the vendor cannot be called: what is in the way is named, and nothing typed is unknown."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import trustme

from tests.cli.conftest import Kehu, Server, profile_text
from tests.roads import VENDOR, HttpProxy, SocksProxy, TlsFront, server_context

WriteConfig = Callable[[str], Path]

VARIABLES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*VARIABLES, *(name.upper() for name in VARIABLES), *CERTIFICATES):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def socks(server: Server) -> Iterator[SocksProxy]:
    with SocksProxy(int(server.address.rpartition(":")[2])) as proxy:
        yield proxy


def away(server: Server, dialect: str = "juzi", *, name: str = "team", secure: bool = False, **settings: str) -> str:
    """A profile at a vendor that only a proxy finds, as TOML."""
    path = server.credentials[dialect]["base_url"].removeprefix(server.address)
    allowed = "" if secure else "allow_http = true\n"
    address = f"{'https' if secure else 'http'}://{VENDOR}{path}"
    return profile_text(server, dialect, name, base_url=address, **settings) + allowed


COMMANDS = ("list", "show x", "fields", "remark x --remark y", "follow x --text y", "sync", "profile test", "doctor")


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ALL_PROXY", "socks4://rocky:geheim@127.0.0.1:1080"),
        ("HTTPS_PROXY", "http://rocky:geheim@127.0.0.1:99999"),
        ("SSL_CERT_FILE", "/none/cert.pem"),
    ],
)
def test_a_variable_that_cannot_be_used_ends_every_command_with_3_and_is_named(
    kehu: Kehu,
    config: WriteConfig,
    server: Server,
    monkeypatch: pytest.MonkeyPatch,
    command: str,
    name: str,
    value: str,
) -> None:
    dialect = "useasy" if command == "fields" else "juzi"
    config(away(server, dialect, secure=True))
    monkeypatch.setenv(name, value)
    run = kehu(*command.split())
    told = run.out + run.err
    assert run.code == 3, told
    assert name in told
    assert "geheim" not in told
    assert "Traceback" not in told
    if command != "doctor":
        told = kehu(*command.split(), "--json").err
        assert json.loads(told)["error"]["kind"] == "config"
        assert "geheim" not in told


@pytest.mark.parametrize("command", ["outbox", "journal", "find li", "profile list", "config", "--version"])
def test_a_command_that_calls_nobody_does_not_mind(
    kehu: Kehu, config: WriteConfig, server: Server, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    config(away(server, secure=True))
    monkeypatch.setenv("ALL_PROXY", "socks4://127.0.0.1:1080")
    assert "ALL_PROXY" not in kehu(*command.split()).err


def test_socks_in_the_environment_leads_to_the_vendor_and_no_proxy_past_it(
    kehu: Kehu, config: WriteConfig, server: Server, socks: SocksProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    config(away(server))
    monkeypatch.setenv("ALL_PROXY", f"socks5h://127.0.0.1:{socks.port}")
    run = kehu("list", "--size", "2", "--json")
    assert (run.code, len(run.json()["items"])) == (0, 2)
    assert socks.asked == [VENDOR]
    assert f"through socks5h://127.0.0.1:{socks.port}" in kehu("profile", "test").err
    monkeypatch.setenv("NO_PROXY", "fd00::/8,.example")
    run = kehu("list", "--size", "2")
    assert (run.code, run.err.splitlines()[0]) == (4, f"kehu: the name {VENDOR} does not resolve")


@pytest.fixture
def known(kehu: Kehu, config: WriteConfig, server: Server) -> list[dict[str, Any]]:
    """Customers whom rocky follows, and who were seen here."""
    config(profile_text(server, "juzi"))
    items = kehu("list", "--owner", "rocky", "--json").json()["items"]
    return [item for item in items if item["union_id"]][:3]


@pytest.fixture
def file(known: list[dict[str, Any]], tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """Follow-ups of their own for them."""
    path = tmp_path / "follow.csv"
    rows = "".join(f"{item['id']},rocky,{request.node.name} {item['id']}\n" for item in known)
    path.write_text(f"customer,user_id,content\n{rows}")
    return path


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize("setting", [{"proxy": "socks4://127.0.0.1:1"}, {"ca_file": "/none/ca.pem"}])
def test_follow_ups_of_a_file_wait_while_a_setting_is_wrong_and_the_same_file_sends_them_once(
    kehu: Kehu, config: WriteConfig, server: Server, file: Path, setting: dict[str, str]
) -> None:
    config(profile_text(server, "juzi", **setting))
    run = kehu("follow", "--yes", "--file", str(file))
    assert (run.code, "unknown" in run.out + run.err) == (3, False)
    assert next(iter(setting)) in run.err
    config(profile_text(server, "juzi"))
    assert "3 follow-ups saved" in kehu("follow", "--yes", "--file", str(file)).err
    assert "0 follow-ups saved" not in kehu("outbox").out
    states = [item["state"] for item in kehu("journal", "--json").json()]
    assert states == ["sent"] * 3


@pytest.mark.parametrize("fault", ["hang up", "reset", "garbage", "forbidden"])
def test_follow_ups_of_a_file_wait_while_a_proxy_does_not_lead_on_and_the_same_file_sends_them_once(
    kehu: Kehu, config: WriteConfig, server: Server, socks: SocksProxy, file: Path, fault: str
) -> None:
    config(away(server, proxy=f"socks5://127.0.0.1:{socks.port}"))
    socks.go_wrong(fault)
    run = kehu("follow", "--yes", "--file", str(file))
    assert run.code == 4, run.err
    assert f"socks5://127.0.0.1:{socks.port}" in run.err
    assert [item["state"] for item in kehu("outbox", "--json").json()] == ["pending"] * 3
    socks.go_wrong("")
    assert "3 follow-ups saved" in kehu("follow", "--yes", "--file", str(file)).err
    assert [item["state"] for item in kehu("journal", "--json").json()] == ["sent"] * 3


def test_a_linked_profile_that_cannot_be_called_costs_its_own_part_alone(
    kehu: Kehu, config: WriteConfig, server: Server
) -> None:
    link = '[profiles.team.links.desk]\ntheirs = "external_id"\nours = "id"\n'
    config(profile_text(server, "juzi") + link + profile_text(server, "ima", "desk", proxy="socks4://127.0.0.1:1"))
    customer = kehu("list", "--size", "1", "--json").json()["items"][0]["id"]
    run = kehu("show", customer, "--linked")
    assert customer in run.out
    assert "profile desk: proxy is socks4://127.0.0.1:1" in run.out + run.err


def findings(kehu: Kehu, code: int) -> dict[str, dict[str, Any]]:
    run = kehu("doctor", "--json")
    assert run.code == code, run.out
    return {item["topic"]: item for item in run.json()}


def test_the_doctor_tells_the_proxy_the_authorities_and_the_certificate_that_are_in_force(
    kehu: Kehu, config: WriteConfig, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ca = trustme.CA()
    ca.cert_pem.write_to_path(tmp_path / "ca.pem")
    mine = tmp_path / "rocky.pem"
    ca.issue_cert("rocky@vendor.example").private_key_and_cert_chain_pem.write_to_path(mine)
    mine.chmod(0o644)
    port = int(server.address.rpartition(":")[2])
    with (
        TlsFront(port, server_context(ca.issue_cert(VENDOR))) as front,
        HttpProxy(front.port) as proxy,
    ):
        other = away(server, "useasy", name="crm", secure=True, trust="system")
        config(away(server, secure=True, ca_file="ca.pem", client_cert="rocky.pem") + other)
        monkeypatch.setenv("HTTPS_PROXY", f"http://rocky:geheim@127.0.0.1:{proxy.port}")
        found = findings(kehu, 0)
        assert found["proxy"]["found"] == f"http://127.0.0.1:{proxy.port} (HTTPS_PROXY)"
        assert found["certificates"]["found"] == f"the authorities in {tmp_path}/ca.pem (ca_file)"
        assert found["client certificate"]["todo"] == f"chmod 600 {mine}"
        assert found["address"]["ok"] is True
        assert "crm: http://127.0.0.1" in found["other profile"]["found"]
        assert "this machine's authorities" in found["other profile"]["found"]
        for fault, said in (("407", "user name and password"), ("503", "did not reach"), ("hang up", "hung up")):
            proxy.go_wrong(fault)
            found = findings(kehu, 4)
            assert said in found["address"]["found"]
            assert "HTTPS_PROXY" in found["address"]["todo"]
        assert "geheim" not in json.dumps(found)


def test_the_doctor_tells_why_no_proxy_is_used_and_whose_variables_are_not_read(
    kehu: Kehu, config: WriteConfig, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    config(away(server, secure=True))
    monkeypatch.setenv("ALL_PROXY", "socks4://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "10.0.0.0/8,fe80::/10,*.example")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/etc/corp.pem")
    found = findings(kehu, 4)
    assert found["proxy"]["found"] == (
        f"none: NO_PROXY has *.example, and so the proxy of ALL_PROXY is not for {VENDOR}"
    )
    assert found["certificates"]["found"] == "the authorities that come with kehu"
    assert "REQUESTS_CA_BUNDLE" in found["certificates"]["todo"]
    assert found["address"]["found"] == f"the name {VENDOR} does not resolve"


def test_the_doctor_names_what_cannot_be_used_and_still_looks_at_the_rest(
    kehu: Kehu, config: WriteConfig, server: Server
) -> None:
    other = profile_text(server, "ima", "desk", client_cert="/none/rocky.pem")
    config(profile_text(server, "juzi", proxy="socks4://127.0.0.1:1") + other)
    found = findings(kehu, 3)
    assert found["proxy"]["ok"] is False
    assert found["credential"]["ok"] is True
    assert "address" not in found
    assert found["other profile"]["found"].startswith("profile desk: client_cert names /none/rocky.pem")


def test_a_token_with_a_line_break_is_exit_code_3_and_not_shown(
    kehu: Kehu, config: WriteConfig, server: Server
) -> None:
    config(profile_text(server, "juzi", token="geh\neim"))
    run = kehu("list", "--json")
    assert (run.code, run.error()["kind"]) == (3, "config")
    assert "U+000A" in run.error()["message"]
    assert "geh" not in run.err


def test_a_silent_proxy_is_not_the_vendor(kehu: Kehu, config: WriteConfig, server: Server) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        text = away(server, secure=True, proxy=f"http://127.0.0.1:{port}")
        config(text + "timeout = 0.2\n")
        run = kehu("list")
    assert run.code == 4
    assert run.err.splitlines()[0] == (
        f"kehu: the proxy http://127.0.0.1:{port} was silent for 0.2 s when asked for {VENDOR}"
    )
