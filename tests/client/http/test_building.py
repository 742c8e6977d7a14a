"""The line to a vendor is built from what the profile and the environment say, and what is wrong with it is named."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from pathlib import Path

import pytest
import trustme
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

from tests.client.http.stand_ins import OK, Open, failure
from tests.client.loopback import Loopback
from tests.roads import VENDOR, HttpProxy, SocksProxy, TlsFront, server_context
from tui.client.http import Effect
from tui.client.road import find_road
from tui.client.service import RoadSettings, ServiceSettings
from tui.model.errors import ConfigError, NetworkError, RoadError

PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def road_of(environ: dict[str, str], base_url: str = "https://crm.example.com", **road: str) -> str:
    """Where calls go first, and what names it."""
    settings = ServiceSettings("crm", "useasy", base_url, "secret", road=RoadSettings(**road))
    found = find_road(settings, environ)
    return f"{found.proxy.place} {found.proxy.source}" if found.proxy else f"straight {found.avoided} {found.left_out}"


A, B, C = "http://a.example:1", "http://b.example:2", "socks5://c.example:3"

FOUND = [
    ({}, "straight  "),
    ({"HTTPS_PROXY": A}, f"{A} HTTPS_PROXY"),
    ({"https_proxy": B, "HTTPS_PROXY": A}, f"{B} https_proxy"),
    ({"https_proxy": "", "HTTPS_PROXY": A}, "straight  "),
    ({"https_proxy": "", "ALL_PROXY": C}, f"{C} ALL_PROXY"),
    ({"HTTP_PROXY": A}, "straight  "),
    ({"HTTP_PROXY": "socks4://wrong:port", "ALL_PROXY": C}, f"{C} ALL_PROXY"),
    ({"all_proxy": C, "HTTPS_PROXY": A}, f"{A} HTTPS_PROXY"),
    ({"ALL_PROXY": C, "NO_PROXY": "fd00::/8,.example.com"}, "straight ALL_PROXY .example.com"),
    ({"ALL_PROXY": "socks4://x", "no_proxy": "example.com"}, "straight ALL_PROXY example.com"),
    ({"ALL_PROXY": C, "no_proxy": "", "NO_PROXY": "*"}, f"{C} ALL_PROXY"),
]


@pytest.mark.parametrize(("environ", "expected"), FOUND)
def test_the_environment_names_a_proxy_as_it_does_for_curl(environ: dict[str, str], expected: str) -> None:
    assert road_of(environ) == expected


def test_the_profiles_own_proxy_goes_before_the_environment_and_none_is_none() -> None:
    environ = {"HTTPS_PROXY": A, "NO_PROXY": "*"}
    assert road_of(environ, proxy=B) == f"{B} proxy"
    assert road_of(environ, "http://127.0.0.1:1", proxy=B) == f"{B} proxy"
    assert road_of({"HTTPS_PROXY": "nonsense://"}, proxy="none") == "straight  "


def test_a_proxy_of_the_environment_is_not_told_the_tokens_for_this_machine() -> None:
    assert road_of({"ALL_PROXY": "socks4://x"}, "http://127.0.0.1:8321") == "straight ALL_PROXY "


VARIABLES = {
    "ALL_PROXY": ("socks4://rocky:geheim@127.0.0.1:1", "only SOCKS5"),
    "https_proxy": ("http://rocky:geheim@127.0.0.1:99999", "its port"),
    "SSL_CERT_FILE": ("/none/cert.pem", "cannot be read: No such file or directory"),
    "SSL_CERT_DIR": ("/none", "cannot be read: No such file or directory"),
}


@pytest.mark.parametrize("name", VARIABLES)
async def test_a_variable_that_keeps_the_line_from_being_built_is_named_and_nothing_is_unknown(
    name: str, connect: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    value, said = VARIABLES[name]
    monkeypatch.setenv(name, value)
    for effect in Effect:
        told = await failure(connect(base_url=f"https://{VENDOR}"), effect)
        assert isinstance(told, RoadError)
        assert (told.kind, told.exit_code, told.unclear) == ("config", 3, False)
        assert name in told.message()
        assert said in told.message()
        assert "geheim" not in f"{told.message()}{told.hint()}{told.facts}"


async def test_plain_http_needs_no_authorities(
    vendor: Loopback, connect: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    vendor.then(OK)
    monkeypatch.setenv("SSL_CERT_FILE", "/none/cert.pem")
    monkeypatch.setenv("SSLKEYLOGFILE", "/none/keys")
    await connect().call("GET", "list")


async def test_keys_of_tls_are_written_nowhere(tmp_path: Path, connect: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys"))
    assert type(await failure(connect(base_url="https://127.0.0.1:1"))) is NetworkError
    monkeypatch.setenv("SSLKEYLOGFILE", "/none/keys")
    assert type(await failure(connect(base_url="https://127.0.0.1:1"))) is NetworkError
    assert not (tmp_path / "keys").exists()


def pem(*parts: bytes) -> Callable[[Path], Path]:
    def write(path: Path) -> Path:
        path.write_bytes(b"".join(parts))
        return path

    return write


CA = trustme.CA()
LEAF = CA.issue_cert("rocky@vendor.example")
CERTIFICATE, KEY = LEAF.cert_chain_pems[0].bytes(), LEAF.private_key_pem.bytes()
ENCRYPTED = load_pem_private_key(KEY, None).private_bytes(
    Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"geheim")
)
DAMAGED = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"


def folder(path: Path) -> Path:
    path.mkdir()
    return path


def unreadable(path: Path) -> Path:
    path.write_bytes(CERTIFICATE)
    path.chmod(0)
    try:
        path.read_bytes()
    except PermissionError:
        return path
    pytest.skip("nothing is unreadable to root")


AUTHORITIES: dict[str, tuple[Callable[[Path], Path], str]] = {
    "missing": (lambda path: path, "cannot be read: No such file"),
    "a folder": (folder, "cannot be read: Is a directory"),
    "unreadable": (unreadable, "cannot be read: Permission denied"),
    "empty": (pem(b""), "holds no certificate"),
    "not PEM": (pem(b"\x30\x82\x01\x00"), "holds no certificate"),
    "a key alone": (pem(KEY), "holds no certificate"),
    "damaged": (pem(DAMAGED), "a certificate in it is damaged"),
    "damaged further on": (pem(CERTIFICATE, DAMAGED), "a certificate in it is damaged"),
}


@pytest.mark.parametrize("source", ["SSL_CERT_FILE", "ca_file"])
@pytest.mark.parametrize("name", AUTHORITIES)
async def test_a_file_of_authorities_that_cannot_be_used_is_named_with_the_reason(
    name: str, source: str, tmp_path: Path, connect: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    make, said = AUTHORITIES[name]
    path = str(make(tmp_path / "ca.pem"))
    road = RoadSettings(ca_file=path) if source == "ca_file" else RoadSettings()
    if source == "SSL_CERT_FILE":
        monkeypatch.setenv(source, path)
    told = await failure(connect(base_url=f"https://{VENDOR}", road=road), Effect.ONCE)
    assert isinstance(told, RoadError)
    assert f"{source} names {path}" in told.message()
    assert said in told.message()
    assert told.hint()


CLIENT_CERTIFICATES: dict[str, tuple[Callable[[Path], Path], str]] = {
    **{name: AUTHORITIES[name] for name in ("missing", "a folder", "unreadable", "empty", "a key alone")},
    "no key": (pem(CERTIFICATE), "a certificate and no private key"),
    "an encrypted key": (pem(CERTIFICATE, ENCRYPTED), "private key is encrypted"),
    "another key": (pem(CERTIFICATE, CA.private_key_pem.bytes()), "belongs to another certificate"),
    "damaged": (pem(DAMAGED, KEY), "is damaged"),
}


@pytest.mark.parametrize("name", CLIENT_CERTIFICATES)
async def test_a_client_certificate_that_cannot_be_used_is_named_with_the_reason_and_nobody_is_asked_for_a_passphrase(
    name: str, tmp_path: Path, connect: Open
) -> None:
    make, said = CLIENT_CERTIFICATES[name]
    path = str(make(tmp_path / "rocky.pem"))
    told = await failure(connect(base_url=f"https://{VENDOR}", road=RoadSettings(client_cert=path)), Effect.ONCE)
    assert isinstance(told, RoadError)
    assert f"client_cert names {path}" in told.message()
    assert said in told.message()
    assert told.hint()


def test_a_folder_of_authorities_without_hashes_names_the_command_that_makes_them(
    tmp_path: Path, connect: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "ca.pem").write_bytes(CERTIFICATE)
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    with pytest.raises(RoadError, match="no certificate that OpenSSL finds") as caught:
        connect(base_url=f"https://{VENDOR}").require_road()
    assert "openssl rehash" in caught.value.hint()


async def test_a_file_that_is_put_right_needs_no_new_start(tmp_path: Path, vendor: Loopback, connect: Open) -> None:
    vendor.then(OK)
    file = tmp_path / "ca.pem"
    with TlsFront(vendor.port, server_context(CA.issue_cert("127.0.0.1"))) as front:
        transport = connect(base_url=f"https://127.0.0.1:{front.port}", road=RoadSettings(ca_file=str(file)))
        assert isinstance(await failure(transport, Effect.ONCE), RoadError)
        CA.cert_pem.write_to_path(file)
        await transport.write("GET", "list", Effect.ONCE)
        await transport.aclose()
    assert len(vendor.seen) == 1


@pytest.mark.parametrize("trust", ["system", ""])
async def test_the_environments_authorities_count_for_this_machine_too(
    trust: str, tmp_path: Path, vendor: Loopback, connect: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    vendor.then(OK)
    CA.cert_pem.write_to_path(tmp_path / "ca.pem")
    with TlsFront(vendor.port, server_context(CA.issue_cert("localhost"))) as front:
        address = f"https://localhost:{front.port}"
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
        trusting = connect(base_url=address, road=RoadSettings(trust=trust))
        await trusting.call("GET", "list")
        await trusting.aclose()
        told = await failure(connect(base_url=address, road=RoadSettings(trust="bundled")))
        assert "is not trusted" in str(told)


async def test_a_password_with_every_sign_arrives_at_the_proxy(vendor: Loopback, connect: Open) -> None:
    vendor.then(OK)
    with SocksProxy(vendor.port, ("ro#cky", "p@ss/w:rd? ü")) as socks:
        road = RoadSettings(f"socks5://ro#cky:p@ss/w:rd? ü@127.0.0.1:{socks.port}")
        transport = connect(base_url=f"http://{VENDOR}", road=road)
        await transport.call("GET", "list")
        await transport.aclose()
        assert socks.asked == [VENDOR]
    with HttpProxy(vendor.port) as proxy:
        transport = connect(base_url=f"http://{VENDOR}", road=RoadSettings(f"http://rocky:p#@127.0.0.1:{proxy.port}"))
        await transport.call("GET", "list")
        await transport.aclose()
        assert proxy.logins == ["Basic cm9ja3k6cCM="]
    assert len(vendor.seen) == 2


@pytest.mark.parametrize("address", ["https://crm.example.com:0", "https://crm.example.com:99999", "https://xn--a.com"])
def test_an_address_that_cannot_be_called_is_a_mistake_in_the_configuration(address: str, connect: Open) -> None:
    with pytest.raises(ConfigError, match="base_url of profile team"):
        connect(base_url=address)


@pytest.mark.parametrize("address", ["https://例子.example", "https://[::1]:8443/api", "https://a_b.example"])
def test_an_address_in_other_letters_or_by_number_is_fine(address: str, connect: Open) -> None:
    connect(base_url=address).require_road()


def test_a_machine_that_cannot_speak_tls_says_so(connect: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> ssl.SSLContext:
        raise ssl.SSLError("no ciphers")

    monkeypatch.setattr("tui.client.trust.ssl.SSLContext", broken)
    with pytest.raises(RoadError, match="this machine cannot speak TLS"):
        connect(base_url=f"https://{VENDOR}").require_road()
