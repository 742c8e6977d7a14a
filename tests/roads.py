"""Machines on the way to a vendor: proxies and a TLS front, on loopback, that do right or wrong as a test says.

Each runs in a thread of its own, so that a program under test may block or run its own event loop.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Coroutine
from contextlib import closing, suppress
from typing import Any, Self

import trustme

VENDOR = "vendor.example"
"""A vendor that only a proxy finds."""

BACKLOG_FILLERS = 3
"""Connections after which a listener with no backlog takes no more."""


class Machine:
    """Listens on a free port of 127.0.0.1 while it is entered. `fault` is what it does wrong; empty: nothing."""

    def __init__(self) -> None:
        self.fault = ""
        self.connections = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._tasks: set[asyncio.Task[None]] = set()

    def __enter__(self) -> Self:
        self._thread.start()
        self._server: asyncio.Server = self._run(self._listen())
        self.port: int = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        self._run(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _listen(self) -> asyncio.Server:
        return await asyncio.start_server(self._accept, "127.0.0.1", 0)

    async def _stop(self) -> None:
        self._server.close()
        await self._cut()

    def go_wrong(self, fault: str) -> None:
        """Do `fault` from now on; the lines that are open end."""
        self.fault = fault
        self._run(self._cut())

    async def _cut(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.connections += 1
        try:
            await self.serve(reader, writer)
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # the other end went away, or the test is over
        finally:
            self._tasks.discard(task)
            writer.close()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Do what this machine does on a connection."""
        raise NotImplementedError

    async def fail(self, writer: asyncio.StreamWriter) -> None:
        """Do what every machine can do wrong."""
        match self.fault:
            case "silent":
                await asyncio.Event().wait()
            case "hang up":
                pass
            case "reset":
                sock = writer.get_extra_info("socket")
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                writer.transport.abort()
            case "garbage":
                writer.write(b"220 mail.example ESMTP\r\n\r\n")
                await writer.drain()
            case other:
                raise AssertionError(other)


async def pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int, first: bytes = b"") -> None:
    """Carry bytes between a connection and `port` of this machine, until either end closes."""
    there, here = await asyncio.open_connection("127.0.0.1", port)
    here.write(first)

    async def carry(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await source.read(65536):
                target.write(data)
                await target.drain()
        target.close()

    try:
        await asyncio.gather(carry(reader, here), carry(there, writer))
    finally:
        here.close()


class HttpProxy(Machine):
    """An HTTP proxy by which `vendor_port` of this machine is reached, under whatever name.

    `fault` is one of `Machine.fail`'s, or the status that it answers in place of the vendor, such as `407`.
    """

    def __init__(self, vendor_port: int, tls: ssl.SSLContext | None = None) -> None:
        super().__init__()
        self.vendor_port = vendor_port
        self.asked: list[str] = []
        self.logins: list[str] = []
        self._tls = tls

    async def _listen(self) -> asyncio.Server:
        return await asyncio.start_server(self._accept, "127.0.0.1", 0, ssl=self._tls)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Read one request's head, and lead on."""
        head = await reader.readuntil(b"\r\n\r\n")
        method, target, _ = head.split(b" ", 2)
        self.asked.append(target.decode())
        self.logins += [
            line.partition(b": ")[2].decode()
            for line in head.split(b"\r\n")
            if line.lower().startswith(b"proxy-authorization")
        ]
        if self.fault.isdigit():
            page = b"<html>a proxy's page</html>"
            status = f"HTTP/1.1 {self.fault} Told By The Proxy\r\nContent-Length: {len(page)}\r\n\r\n"
            writer.write(status.encode() + page)
            await writer.drain()
        elif self.fault:
            await self.fail(writer)
        elif method == b"CONNECT":
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            await pipe(reader, writer, self.vendor_port)
        else:
            path = b"/" + target.split(b"/", 3)[3]
            await pipe(reader, writer, self.vendor_port, head.replace(target, path, 1))


SOCKS_CODES = {"general": 1, "forbidden": 2, "unreachable": 4, "refused": 5}
"""What a SOCKS proxy answers where it does not lead on (RFC 1928)."""


class SocksProxy(Machine):
    """A SOCKS5 proxy by which `vendor_port` is reached. `login` is the user name and password that it wants.

    `fault` is one of `Machine.fail`'s or of `SOCKS_CODES`.
    """

    def __init__(self, vendor_port: int, login: tuple[str, str] | None = None) -> None:
        super().__init__()
        self.vendor_port = vendor_port
        self.login = login
        self.asked: list[str] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Agree on a login, and lead on."""
        _, count = await reader.readexactly(2)
        methods = await reader.readexactly(count)
        if self.fault and self.fault not in SOCKS_CODES:
            await self.fail(writer)
            return
        method = 0 if self.login is None else 2
        writer.write(bytes((5, method if method in methods else 0xFF)))
        if method not in methods or not await self._admits(reader, writer):
            return
        kind = (await reader.readexactly(4))[3]
        length = {1: 4, 4: 16}.get(kind) or (await reader.readexactly(1))[0]
        host = await reader.readexactly(length)
        await reader.readexactly(2)
        self.asked.append(host.decode("latin-1"))
        writer.write(bytes((5, SOCKS_CODES.get(self.fault, 0), 0, 1, 0, 0, 0, 0, 0, 0)))
        if not self.fault:
            await pipe(reader, writer, self.vendor_port)

    async def _admits(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        if self.login is None:
            return True
        await reader.readexactly(1)
        given = [await reader.readexactly((await reader.readexactly(1))[0]) for _ in self.login]
        right = given == [word.encode() for word in self.login]
        writer.write(bytes((1, 0 if right else 1)))
        return right


class TlsFront(Machine):
    """What stands before a vendor on `vendor_port`, and speaks TLS by `tls`.

    `fault` is what comes in place of a handshake: one of `Machine.fail`'s, or `plain` HTTP.
    """

    def __init__(self, vendor_port: int, tls: ssl.SSLContext) -> None:
        super().__init__()
        self.vendor_port = vendor_port
        self.tls = tls

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Secure the connection, and carry what goes over it. asyncio's own TLS does not say why it refuses one."""
        if self.fault == "plain":
            await reader.read(1)
            writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
            await writer.drain()
            return
        if self.fault:
            await reader.read(1)
            await self.fail(writer)
            return
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        tls = self.tls.wrap_bio(incoming, outgoing, server_side=True)
        there, here = await asyncio.open_connection("127.0.0.1", self.vendor_port)
        try:
            await _converse(tls.do_handshake, incoming, outgoing, reader, writer)

            async def answers() -> None:
                while data := await there.read(65536):
                    tls.write(data)
                    writer.write(outgoing.read())
                    await writer.drain()
                writer.close()

            answering = asyncio.create_task(answers())
            try:
                while data := await _converse(lambda: tls.read(65536), incoming, outgoing, reader, writer):
                    here.write(data)
                    await here.drain()
            finally:
                answering.cancel()
        except ssl.SSLError:
            pass  # the client knows
        finally:
            here.close()


async def _converse(
    step: Callable[[], Any],
    incoming: ssl.MemoryBIO,
    outgoing: ssl.MemoryBIO,
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
) -> Any:
    """What `step` of TLS comes to, once the client has said enough."""
    while True:
        try:
            return step()
        except ssl.SSLWantReadError:
            pass
        finally:
            writer.write(outgoing.read())
            await writer.drain()
        if data := await reader.read(65536):
            incoming.write(data)
        else:
            incoming.write_eof()


def closed_port() -> int:
    """A port of this machine on which nobody listens."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        port: int = server.getsockname()[1]
        return port


class Deaf:
    """A port that takes no connection and refuses none, while it is entered."""

    def __enter__(self) -> Self:
        self._server = socket.create_server(("127.0.0.1", 0), backlog=0)
        self.port: int = self._server.getsockname()[1]
        self._fillers = [socket.socket() for _ in range(BACKLOG_FILLERS)]
        for filler in self._fillers:
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.1", self.port))
        return self

    def __exit__(self, *_: object) -> None:
        for sock in (*self._fillers, self._server):
            sock.close()


def server_context(
    certificate: trustme.LeafCert, adjust: Callable[[ssl.SSLContext], None] | None = None
) -> ssl.SSLContext:
    """A server's side of TLS with `certificate`."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    if adjust is not None:
        adjust(context)
    return context
