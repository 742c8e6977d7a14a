"""Serve the team's app: where it listens, with TLS or without, and how it ends."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import ipaddress
import os
import signal
import socket
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import uvicorn

from tui.model.errors import N_, ConfigError
from tui.team.server.asgi import TeamServer
from tui.team.server.engine import TeamDatabase
from tui.team.server.limits import Limits

UNIX: Final = "unix:"

PORT: Final = 8443
"""Where an address names none."""

_GRACE_SECONDS: Final = 5
"""How long calls under way may take once the server is told to end."""

_BACKLOG: Final = 512


@dataclass(frozen=True, slots=True)
class Address:
    """Where the server listens: a Unix socket's file, or a host and a port."""

    path: Path | None = None
    host: str = ""
    port: int = 0

    @property
    def is_local(self) -> bool:
        """Whether what is sent there never leaves this machine."""
        if self.path is not None or self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    @classmethod
    def parse(cls, text: str) -> Address:
        """Read `unix:PATH`, `HOST:PORT`, `HOST`, `[IPV6]:PORT` or `:PORT` (every address of this machine).

        Raises: ConfigError.
        """
        if text.startswith(UNIX) and len(text) > len(UNIX):
            return cls(path=Path(text.removeprefix(UNIX)).expanduser().absolute())
        host, colon, port = text.rpartition(":")
        if not colon or text.endswith("]"):
            host, port = text, str(PORT)
        if not port.isdecimal() or int(port) > 65535 or text.startswith(UNIX) or "/" in text:
            raise ConfigError(
                N_("{found} is no address to listen at"), todo=N_("Write HOST:PORT or unix:PATH."), found=text
            )
        return cls(host=host.strip("[]"), port=int(port))


@dataclass(frozen=True, slots=True)
class Tls:
    """The files of a certificate, with those that lead to its issuer, and of its key."""

    cert: Path
    key: Path | None = None


def serve(
    url: str,
    address: Address,
    tls: Tls | None = None,
    *,
    shared: bool = True,
    limits: Limits | None = None,
    announce: Callable[[str], None],
) -> None:
    """Serve the team in the database at `url` until SIGINT or SIGTERM; call it in the main thread.

    A Unix socket is for this user and, where it is `shared`, their group. `announce` is told the server's address once
    it listens.

    Raises: ConfigError where TLS is needed and there is none, the address cannot be had, or the database cannot be.
    """
    if tls is None and not address.is_local:
        raise ConfigError(
            N_("{host} is reached by other machines, and there is no certificate"),
            todo=N_("Name one with --cert and --key, or listen at 127.0.0.1 or unix:PATH."),
            host=address.host or "*",
        )
    config = configuration(tls)
    database = TeamDatabase(url)
    with _listener(address, shared=shared) as listener:
        asyncio.run(
            _serve(TeamServer(database, limits), config, listener, lambda: announce(_told(address, listener, tls)))
        )


async def _serve(app: TeamServer, config: uvicorn.Config, listener: socket.socket, ready: Callable[[], None]) -> None:
    try:
        try:
            await app.start()
        except Exception as error:
            if not app.context.database.is_away(error):
                raise
            raise app.context.database.away(error) from error
        server = GracefulServer(config, app, ready)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, server.end)
        await server.serve([listener])
    finally:
        await app.close()


class GracefulServer(uvicorn.Server):
    """A server that says when it is ready, and whose streams end when it is to end."""

    def __init__(self, config: uvicorn.Config, app: TeamServer, ready: Callable[[], None]) -> None:
        config.app = app
        super().__init__(config)
        self._app = app
        self._ready = ready

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to whoever calls `end`."""
        yield

    def end(self) -> None:
        """Take no more calls, and end once those under way are answered."""
        self.should_exit = True
        self._app.context.feed.stop()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()


def configuration(tls: Tls | None = None) -> uvicorn.Config:
    """Return how uvicorn serves the team: quietly, as what it is called with holds tokens.

    Raises: ConfigError where the certificate cannot be used.
    """
    config = uvicorn.Config(
        "",
        http="h11",
        ws="none",
        loop="asyncio",
        lifespan="off",
        log_config=None,
        log_level="error",
        access_log=False,
        date_header=False,
        server_header=False,
        proxy_headers=False,  # whoever calls could say that they are somebody else
        timeout_keep_alive=75,
        timeout_graceful_shutdown=_GRACE_SECONDS,
        h11_max_incomplete_event_size=16 * 1024,
        ssl_certfile=None if tls is None else str(tls.cert),
        ssl_keyfile=None if tls is None or tls.key is None else str(tls.key),
    )
    if tls is not None:
        for file in (tls.cert, tls.key):
            if file is not None and not os.access(file, os.R_OK):
                raise ConfigError(N_("the certificate or key {file} cannot be read"), file=file)
        import ssl

        try:
            ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(tls.cert, tls.key, password=lambda: b"")
        except (ssl.SSLError, OSError, ValueError) as error:
            raise ConfigError(
                N_("the certificate {file} cannot be used with its key: {reason}"),
                todo=N_("Both are PEM files; the key has no passphrase."),
                file=tls.cert,
                reason=str(error),
            ) from error
    return config


@contextlib.contextmanager
def _listener(address: Address, *, shared: bool) -> Iterator[socket.socket]:
    try:
        if address.path is not None:
            listener = _unix_socket(address.path, 0o660 if shared else 0o600)
        else:
            family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
            listener = socket.create_server((address.host, address.port), family=family, backlog=_BACKLOG)
            # asyncio sees to it for sockets that name TCP alone; else head and body of an answer are 40 ms apart.
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except OSError as error:
        raise ConfigError(
            N_("{place} cannot be listened at: {reason}"),
            todo=N_("Choose another with --listen."),
            place=_name(address),
            reason=error.strerror or str(error),
        ) from error
    with listener:
        try:
            yield listener
        finally:
            if address.path is not None:
                with contextlib.suppress(OSError):
                    address.path.unlink()


def _unix_socket(path: Path, mode: int) -> socket.socket:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.exists() and stat.S_ISSOCK(path.stat().st_mode):
        with socket.socket(socket.AF_UNIX) as other:
            other.settimeout(1)
            if other.connect_ex(str(path)) == 0:
                raise OSError(errno.EADDRINUSE, "a server listens there already")
        path.unlink()  # of a server that was ended by force
    listener = socket.socket(socket.AF_UNIX)
    try:
        before = os.umask(0o777 & ~mode)
        try:
            listener.bind(str(path))
        finally:
            os.umask(before)
        listener.listen(_BACKLOG)
    except BaseException:
        listener.close()
        raise
    return listener


def _name(address: Address) -> str:
    if address.path is not None:
        return f"{UNIX}{address.path}"
    host = f"[{address.host}]" if ":" in address.host else address.host
    return f"{host}:{address.port}"


def _told(address: Address, listener: socket.socket, tls: Tls | None) -> str:
    if address.path is not None:
        return _name(address)
    there = Address(host=address.host or socket.gethostname(), port=listener.getsockname()[1])
    return f"{'http' if tls is None else 'https'}://{_name(there)}"
