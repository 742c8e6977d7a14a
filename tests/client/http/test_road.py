"""Where a call fails tells whether it can have left: on real sockets, counted at the vendor."""

from __future__ import annotations

import asyncio
import datetime
import ssl
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
import trustme

from tests.client.http.stand_ins import OK, Open, failure
from tests.client.loopback import HANG_UP, Loopback, Seen, Told
from tests.roads import VENDOR, Deaf, HttpProxy, Machine, SocksProxy, TlsFront, closed_port, server_context
from tui.client.http import Effect, Transport
from tui.client.service import RoadSettings
from tui.model.errors import NetworkError, OutcomeUnknownError

PATIENT, HASTY = 10.0, 0.2
"""Seconds of a time-out that must not come, and of one that must."""

YESTERDAY = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=1)


@dataclass(frozen=True)
class Authority:
    """Who vouches for the test's machines, and the file that says so."""

    ca: trustme.CA
    file: Path

    def context(self, *names: str, **options: object) -> ssl.SSLContext:
        """A vendor's side of TLS under `names`."""
        return server_context(self.ca.issue_cert(*(names or (VENDOR, "127.0.0.1")), **options))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    ca = trustme.CA()
    file = tmp_path_factory.mktemp("authority") / "ca.pem"
    ca.cert_pem.write_to_path(file)
    return Authority(ca, file)


@dataclass
class Scene:
    """A way to a vendor that is blocked, and how to clear it."""

    transport: Transport
    clear: Callable[[], None] | None = None


Setting = Callable[[ExitStack, Loopback, Open, Authority], Scene]


def proxied(fault: str, *, hasty: bool = False) -> Setting:
    """Open the road through an HTTP proxy with `fault` to a vendor behind TLS."""

    def set_up(stack: ExitStack, vendor: Loopback, connect: Open, authority: Authority) -> Scene:
        front = stack.enter_context(TlsFront(vendor.port, authority.context()))
        proxy = stack.enter_context(HttpProxy(front.port))
        proxy.fault = fault
        road = RoadSettings(proxy=f"http://127.0.0.1:{proxy.port}", ca_file=str(authority.file))
        transport = connect(base_url=f"https://{VENDOR}", road=road, timeout=HASTY if hasty else PATIENT)
        return Scene(transport, lambda: setattr(proxy, "fault", ""))

    return set_up


def socksed(fault: str = "", *, hasty: bool = False, login: tuple[str, str] | None = None, given: str = "") -> Setting:
    """Open the road through a SOCKS proxy with `fault`, or one that wants a `login` and is `given` another."""

    def set_up(stack: ExitStack, vendor: Loopback, connect: Open, authority: Authority) -> Scene:
        proxy = stack.enter_context(SocksProxy(vendor.port, login))
        proxy.fault = fault
        road = RoadSettings(proxy=f"socks5://{given}127.0.0.1:{proxy.port}")
        transport = connect(base_url=f"http://{VENDOR}", road=road, timeout=HASTY if hasty else PATIENT)

        def clear() -> None:
            proxy.fault, proxy.login = "", (("rocky", "wrong") if given else None)

        return Scene(transport, clear)

    return set_up


def fronted(
    fault: str = "",
    *names: str,
    hasty: bool = False,
    through: bool = False,
    adjust: Callable[[ssl.SSLContext], None] | None = None,
    trusting: bool = True,
    **options: object,
) -> Setting:
    """Straight, or `through` a proxy, to a front whose TLS has a `fault`, other `names`, or is ADJUSTed."""

    def set_up(stack: ExitStack, vendor: Loopback, connect: Open, authority: Authority) -> Scene:
        wrong = authority.context(*names, **options)
        if adjust is not None:
            adjust(wrong)
        front = stack.enter_context(TlsFront(vendor.port, wrong))
        front.fault = fault
        road = RoadSettings(ca_file=str(authority.file) if trusting else "")
        address = f"https://127.0.0.1:{front.port}"
        if through:
            proxy = stack.enter_context(HttpProxy(front.port))
            address, road = f"https://{VENDOR}", RoadSettings(f"http://127.0.0.1:{proxy.port}", ca_file=road.ca_file)
        transport = connect(base_url=address, road=road, timeout=HASTY if hasty else PATIENT)

        def clear() -> None:
            front.fault, front.tls = "", authority.context()

        return Scene(transport, clear if trusting else None)

    return set_up


def old_tls(context: ssl.SSLContext) -> None:
    context.set_ciphers("DEFAULT@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1_1 is deprecated"):
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1


def wants_certificate(version: ssl.TLSVersion) -> Callable[[ssl.SSLContext], None]:
    def adjust(context: ssl.SSLContext) -> None:
        context.verify_mode = ssl.CERT_REQUIRED
        context.minimum_version = context.maximum_version = version

    return adjust


def unreachable(address: Callable[[ExitStack], str], *, proxy: str = "", hasty: bool = False) -> Setting:
    """To an `address` at which nobody answers, or by a `proxy` at one."""

    def set_up(stack: ExitStack, vendor: Loopback, connect: Open, authority: Authority) -> Scene:
        place = address(stack)
        base = f"http://{VENDOR}" if proxy else f"http://{place}"
        road = RoadSettings(proxy=f"{proxy}://{place}" if proxy else "")
        return Scene(connect(base_url=base, road=road, timeout=HASTY if hasty else PATIENT))

    return set_up


def nobody(stack: ExitStack) -> str:
    return "nobody.invalid:80"


def closed(stack: ExitStack) -> str:
    return f"127.0.0.1:{closed_port()}"


def deaf(stack: ExitStack) -> str:
    return f"127.0.0.1:{stack.enter_context(Deaf()).port}"


def secure_proxy(*, plain: bool) -> Setting:
    """By a proxy that is spoken to by TLS, and whose certificate nobody vouches for, or which speaks none."""

    def set_up(stack: ExitStack, vendor: Loopback, connect: Open, authority: Authority) -> Scene:
        tls = server_context(trustme.CA().issue_cert("127.0.0.1"))
        proxy = stack.enter_context(TlsFront(vendor.port, tls) if plain else HttpProxy(vendor.port, tls))
        proxy.fault = "plain" if plain else ""
        road = RoadSettings(f"https://127.0.0.1:{proxy.port}", ca_file=str(authority.file))
        return Scene(connect(base_url=f"https://{VENDOR}", road=road, timeout=PATIENT))

    return set_up


def read_by_proxy(fault: str) -> Setting:
    """Through a proxy that reads the calls, which are in plain HTTP."""

    def set_up(stack: ExitStack, vendor: Loopback, connect: Open, authority: Authority) -> Scene:
        proxy = stack.enter_context(HttpProxy(vendor.port))
        proxy.fault = fault
        road = RoadSettings(f"http://127.0.0.1:{proxy.port}")
        transport = connect(base_url=f"http://{VENDOR}", road=road, timeout=PATIENT)
        return Scene(transport, lambda: setattr(proxy, "fault", ""))

    return set_up


HOLDS_BACK: dict[str, tuple[Setting, str]] = {
    "the vendor's name does not resolve": (unreachable(nobody), "the name nobody.invalid does not resolve"),
    "the vendor refuses the connection": (unreachable(closed), "127.0.0.1 refused the connection"),
    "the vendor takes no connection": (unreachable(deaf, hasty=True), "127.0.0.1 did not answer within"),
    "the proxy's name does not resolve": (unreachable(nobody, proxy="http"), "the name of the proxy http://nobody"),
    "the proxy refuses the connection": (unreachable(closed, proxy="http"), "the proxy http://127.0.0.1:"),
    "the proxy takes no connection": (unreachable(deaf, proxy="socks5", hasty=True), "did not answer within"),
    "the SOCKS proxy refuses the connection": (unreachable(closed, proxy="socks5h"), "refused the connection"),
    "CONNECT is not answered": (proxied("silent", hasty=True), "was silent for 0.2 s when asked for vendor.example"),
    "the proxy hangs up at CONNECT": (proxied("hang up"), "hung up when asked for vendor.example"),
    "the proxy resets at CONNECT": (proxied("reset"), "hung up when asked for vendor.example"),
    "the proxy does not speak HTTP": (proxied("garbage"), "is no such proxy"),
    "CONNECT is answered with 407": (proxied("407"), "does not accept this user name and password"),
    "CONNECT is answered with 403": (proxied("403"), "does not let this machine through to vendor.example: 403"),
    "CONNECT is answered with 503": (proxied("503"), "did not reach vendor.example: 503 Told By The Proxy"),
    "CONNECT is answered with 302": (proxied("302"), "did not reach vendor.example: 302"),
    "the SOCKS proxy is silent": (socksed("silent", hasty=True), "was silent for 0.2 s when asked for vendor.example"),
    "the SOCKS proxy hangs up": (socksed("hang up"), "hung up, or is no such proxy"),
    "the SOCKS proxy resets": (socksed("reset"), "hung up when asked for vendor.example"),
    "the SOCKS proxy speaks something else": (socksed("garbage"), "hung up, or is no such proxy"),
    "the SOCKS proxy wants a login": (socksed(login=("rocky", "right")), "does not accept this user name and password"),
    "the SOCKS proxy wants another login": (
        socksed(login=("rocky", "right"), given="rocky:wrong@"),
        "does not accept this user name and password",
    ),
    "the SOCKS proxy forbids it": (socksed("forbidden"), "does not let this machine through"),
    "the SOCKS proxy reaches nobody": (socksed("unreachable"), "did not reach vendor.example: Host unreachable"),
    "the proxy's certificate is not trusted": (secure_proxy(plain=False), "the certificate of the proxy https://"),
    "the proxy speaks no TLS": (secure_proxy(plain=True), "does not speak TLS as it should"),
    "the certificate is of an unknown authority": (
        fronted(trusting=False),
        "the certificate of 127.0.0.1 is not trusted: unable to get local issuer certificate",
    ),
    "the certificate is out of date": (fronted(not_after=YESTERDAY), "certificate has expired"),
    "the certificate is another machine's": (fronted("", "other.example"), "IP address mismatch"),
    "the certificate is for another name": (fronted("", "other.example", through=True), "Hostname mismatch"),
    "the certificate is out of date, through a proxy": (fronted(not_after=YESTERDAY, through=True), "has expired"),
    "there is no common version of TLS": (fronted(adjust=old_tls), "no version of TLS in common"),
    "plain HTTP on the TLS port": (fronted("plain"), "does not speak TLS as it should"),
    "something else on the TLS port": (fronted("garbage"), "does not speak TLS as it should"),
    "a reset in the handshake": (fronted("reset"), "hung up in the TLS handshake"),
    "a hang-up in the handshake": (fronted("hang up"), "hung up in the TLS handshake"),
    "a hang-up in the handshake, through a proxy": (fronted("hang up", through=True), "hung up in the TLS handshake"),
    "silence in the handshake": (fronted("silent", hasty=True), "was silent for 0.2 s in place of a TLS handshake"),
    "a client certificate is wanted (TLS 1.2)": (
        fronted(adjust=wants_certificate(ssl.TLSVersion.TLSv1_2)),
        "127.0.0.1 refused the TLS handshake: handshake failure",
    ),
    "a client certificate is wanted (TLS 1.3)": (
        fronted(adjust=wants_certificate(ssl.TLSVersion.TLSv1_3)),
        "127.0.0.1 wants a certificate from this machine",
    ),
    "a proxy that reads the calls wants a login": (read_by_proxy("407"), "does not accept this user name and password"),
}
"""What keeps a call from leaving, and what is said of it."""


@pytest.mark.parametrize("name", HOLDS_BACK)
async def test_what_failed_before_it_left_is_not_unknown_names_the_road_and_goes_once_when_it_is_clear(
    name: str, vendor: Loopback, connect: Open, authority: Authority
) -> None:
    set_up, said = HOLDS_BACK[name]
    vendor.then(OK)
    with ExitStack() as stack:
        scene = set_up(stack, vendor, connect, authority)
        for effect in Effect:
            told = await failure(scene.transport, effect)
            assert type(told) is NetworkError, told
            assert said in str(told)
            assert not told.unclear
            assert told.hint()
        assert vendor.seen == []
        if scene.clear is not None:
            scene.clear()
            await scene.transport.write("GET", "list", Effect.ONCE)
            assert len(vendor.seen) == 1
        await scene.transport.aclose()


async def silence(seen: Seen) -> Told:
    await asyncio.Event().wait()
    return OK


IN_THE_HEAD = b"HTTP/1.1 200 OK\r\nContent-Le"
IN_THE_BODY = b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n" + b'{"code": "0", '

STRAIGHT = fronted()
"""To a vendor behind TLS, with nothing wrong on the road."""

ROADS: dict[str, Setting] = {
    "straight": STRAIGHT,
    "through an HTTP proxy": proxied(""),
    "through a SOCKS proxy": socksed(),
    "by a proxy that reads the calls": read_by_proxy(""),
}


@pytest.mark.parametrize(
    "raw", [HANG_UP, IN_THE_HEAD, IN_THE_BODY], ids=["before the answer", "in its head", "its body"]
)
@pytest.mark.parametrize("name", ROADS)
async def test_what_broke_after_it_left_is_unknown_on_every_road_and_counts_once_at_the_vendor(
    name: str, raw: bytes, vendor: Loopback, connect: Open, authority: Authority
) -> None:
    vendor.then(raw)
    with ExitStack() as stack:
        scene = ROADS[name](stack, vendor, connect, authority)
        assert isinstance(await failure(scene.transport, Effect.ONCE), OutcomeUnknownError)
        assert len(vendor.seen) == 1
        assert (await failure(scene.transport, Effect.REPEATABLE)).unclear
        await scene.transport.aclose()


@pytest.mark.parametrize("name", ["straight", "through an HTTP proxy", "through a SOCKS proxy"])
async def test_a_vendor_that_is_silent_once_it_has_the_call_leaves_it_unknown(
    name: str, vendor: Loopback, connect: Open, authority: Authority
) -> None:
    vendor.handler = silence
    setting = {
        "straight": fronted(hasty=True),
        "through an HTTP proxy": proxied("", hasty=True),
        "through a SOCKS proxy": socksed(hasty=True),
    }[name]
    with ExitStack() as stack:
        scene = setting(stack, vendor, connect, authority)
        told = await failure(scene.transport, Effect.ONCE)
        assert isinstance(told, OutcomeUnknownError)
        assert "was silent for 0.2 s" in str(told.__cause__)
        await scene.transport.aclose()


async def test_a_call_of_which_the_vendor_read_the_first_byte_alone_is_unknown(connect: Open) -> None:
    class FirstByte(Machine):
        async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readexactly(1)
            await self.fail(writer)

    with FirstByte() as machine:
        machine.fault = "reset"
        transport = connect(base_url=f"http://127.0.0.1:{machine.port}")
        assert isinstance(await failure(transport, Effect.ONCE), OutcomeUnknownError)
        assert machine.connections == 1


async def test_a_call_on_a_kept_line_that_the_vendor_closes_meanwhile_is_unknown(
    vendor: Loopback, connect: Open
) -> None:
    vendor.then(OK, HANG_UP)
    transport = connect()
    await transport.write("GET", "list", Effect.ONCE)
    assert isinstance(await failure(transport, Effect.ONCE), OutcomeUnknownError)
    assert vendor.connections == 1


async def test_a_gateway_page_of_a_proxy_that_reads_the_calls_leaves_a_write_unknown(
    vendor: Loopback, connect: Open, authority: Authority
) -> None:
    with ExitStack() as stack:
        scene = read_by_proxy("502")(stack, vendor, connect, authority)
        assert isinstance(await failure(scene.transport, Effect.ONCE), OutcomeUnknownError)


async def test_many_calls_that_broke_in_a_tunnel_leave_room_for_the_next_one(
    vendor: Loopback, connect: Open, authority: Authority
) -> None:
    vendor.then(OK)
    with ExitStack() as stack:
        scene = fronted("hang up", through=True)(stack, vendor, connect, authority)
        for _ in range(12):  # more than are under way at once
            assert "hung up" in str(await failure(scene.transport, Effect.ONCE))
        assert scene.clear is not None
        scene.clear()
        await scene.transport.write("GET", "list", Effect.ONCE)
        await scene.transport.aclose()
    assert len(vendor.seen) == 1


async def test_a_client_certificate_that_the_vendor_accepts_is_shown_and_another_one_is_named(
    vendor: Loopback, connect: Open, authority: Authority, tmp_path: Path
) -> None:
    def only_ours(context: ssl.SSLContext) -> None:
        authority.ca.configure_trust(context)
        wants_certificate(ssl.TLSVersion.TLSv1_3)(context)

    vendor.then(OK)
    certificates = {"ours": authority.ca, "theirs": trustme.CA()}
    with ExitStack() as stack:
        front = stack.enter_context(
            TlsFront(vendor.port, server_context(authority.ca.issue_cert("127.0.0.1"), only_ours))
        )
        for name, ca in certificates.items():
            file = tmp_path / f"{name}.pem"
            ca.issue_cert("rocky@vendor.example").private_key_and_cert_chain_pem.write_to_path(file)
            road = RoadSettings(ca_file=str(authority.file), client_cert=str(file))
            transport = connect(base_url=f"https://127.0.0.1:{front.port}", road=road)
            if name == "ours":
                await transport.write("GET", "list", Effect.ONCE)
            else:
                told = await failure(transport, Effect.ONCE)
                assert type(told) is NetworkError
                assert str(told) == "127.0.0.1 does not accept the certificate in client_cert: unknown ca"
            await transport.aclose()
    assert len(vendor.seen) == 1
