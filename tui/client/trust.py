"""Who is trusted and what is shown: the certificates of a profile, and the TLS context that is made of them."""

from __future__ import annotations

import os
import re
import shlex
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tui.model.errors import N_, RoadError

FILE_VARIABLE, FOLDER_VARIABLE = "SSL_CERT_FILE", "SSL_CERT_DIR"
"""Variables that name authorities, as OpenSSL reads them; the file goes before the folder."""

_HASHED = re.compile(r"[0-9a-f]{8}\.\d+")
"""How an authority's file is called where OpenSSL finds it in a folder: by a hash of its name."""

_LOOK = N_("Look at it with: openssl x509 -noout -text -in {quoted}")


@dataclass(frozen=True)
class Trust:
    """Authorities of one kind; `source` is the setting or the variable that names them, or `path`, where they are."""

    kind: Literal["bundled", "system", "file", "folder"]
    path: str = ""
    source: str = ""


def trusted(trust: str, ca_file: str, environ: Mapping[str, str]) -> tuple[Trust, ...]:
    """The authorities of a profile: whom its `trust` and `ca_file` name, else `environ`, else the program's own."""
    named = (Trust("file", ca_file, "ca_file"),) if ca_file else ()
    if trust == "system":
        return (Trust("system", source="trust"), *named)
    if named or trust == "bundled":
        return named or (Trust("bundled", source="trust"),)
    if path := environ.get(FILE_VARIABLE):
        return (Trust("file", path, FILE_VARIABLE),)
    if path := environ.get(FOLDER_VARIABLE):
        return (Trust("folder", path, FOLDER_VARIABLE),)
    return (Trust("bundled"),)


def tls_context(trusts: tuple[Trust, ...], client_cert: str, profile: str) -> ssl.SSLContext:
    """What TLS is spoken with: it trusts `trusts`, and shows the certificate in `client_cert`, where there is one.

    Raises: RoadError naming the setting or the variable, the file, and what is wrong with it.
    """
    # Not ssl.create_default_context: it writes keys to SSLKEYLOGFILE, and fails where that cannot be written.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if any(trust.kind == "system" for trust in trusts):
        import truststore

        context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    for trust in trusts:
        file = _File(profile, trust.source, trust.path)
        if trust.kind == "bundled":
            import certifi

            context.load_verify_locations(certifi.where())
        elif trust.kind == "file":
            file.trust_in(context)
        elif trust.kind == "folder":
            file.trust_folder_in(context)
    if client_cert:
        _File(profile, "client_cert", client_cert).show_in(context)
    return context


class _Encrypted(Exception):
    """The key asks for a passphrase, which OpenSSL would ask the terminal for."""


@dataclass(frozen=True)
class _File:
    """The file, or folders, that a setting or a variable of a profile names."""

    profile: str
    source: str
    path: str

    def trust_in(self, context: ssl.SSLContext) -> None:
        """Have `context` trust the authorities in it."""
        if b"-----BEGIN " not in self._content():
            raise self._no_certificate()
        try:
            context.load_verify_locations(self.path)
        except (OSError, ssl.SSLError) as error:
            if getattr(error, "reason", "") == "NO_CERTIFICATE_OR_CRL_FOUND":
                raise self._no_certificate() from None
            raise self._mistake(
                N_("profile {profile}: {source} names {path}, and a certificate in it is damaged"), _LOOK
            ) from None

    def trust_folder_in(self, context: ssl.SSLContext) -> None:
        """Have `context` trust the authorities in them: several folders stand between colons."""
        folders = [folder for folder in self.path.split(os.pathsep) if folder]
        try:
            if not any(_HASHED.fullmatch(name) for folder in folders for name in os.listdir(folder)):
                raise self._mistake(
                    N_("profile {profile}: {source} names {path}, which holds no certificate that OpenSSL finds"),
                    N_("Name each by its hash: openssl rehash {quoted}"),
                )
        except OSError as error:
            raise self._unreadable(error) from None
        context.load_verify_locations(capath=self.path)

    def show_in(self, context: ssl.SSLContext) -> None:
        """Have `context` show the certificate in it to whoever asks for one."""
        content = self._content()
        if b"-----BEGIN CERTIFICATE-----" not in content:
            raise self._no_certificate()
        if b"PRIVATE KEY-----" not in content:
            raise self._mistake(
                N_("profile {profile}: {source} names {path}, which holds a certificate and no private key"),
                N_("Put both into one file: cat CERTIFICATE KEY > {quoted}"),
            )

        def passphrase() -> str:
            raise _Encrypted

        try:
            context.load_cert_chain(self.path, password=passphrase)
        except _Encrypted:
            raise self._mistake(
                N_("profile {profile}: {source} names {path}, whose private key is encrypted"),
                N_("Decrypt it, and keep the file private (chmod 600): openssl pkey -in {quoted}"),
            ) from None
        except (OSError, ssl.SSLError) as error:
            if getattr(error, "reason", "") == "KEY_VALUES_MISMATCH":
                raise self._mistake(
                    N_("profile {profile}: {source} names {path}, whose private key belongs to another certificate"),
                    N_("Put the certificate first, then those that vouch for it, and the key that it was made for."),
                ) from None
            raise self._mistake(
                N_("profile {profile}: {source} names {path}, whose certificate or private key is damaged"), _LOOK
            ) from None

    def _content(self) -> bytes:
        try:
            return Path(self.path).read_bytes()
        except (OSError, ValueError) as error:
            raise self._unreadable(error) from None

    def _unreadable(self, error: Exception) -> RoadError:
        return self._mistake(
            N_("profile {profile}: {source} names {path}, which cannot be read: {reason}"),
            N_("Set {source} right, or take it away."),
            reason=getattr(error, "strerror", None) or type(error).__name__,
        )

    def _no_certificate(self) -> RoadError:
        return self._mistake(
            N_("profile {profile}: {source} names {path}, which holds no certificate"),
            N_("Name a file with a line -----BEGIN CERTIFICATE----- (PEM) in it."),
        )

    def _mistake(self, what: str, todo: str, **facts: object) -> RoadError:
        error = RoadError(what, todo=todo, profile=self.profile, source=self.source, path=self.path)
        error.facts.update(facts, quoted=shlex.quote(self.path))
        return error
