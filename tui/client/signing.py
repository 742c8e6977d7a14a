"""Signatures of calls: a digest or an HMAC over a few parts of the call, as text.

How useasy and ima sign is not on their pages; the defaults are in vendor-docs/README.md, and a profile can change
every part of them (`[profiles.NAME.signing]`).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from string import Formatter

from tui.client.service import ALGORITHMS, ENCODINGS
from tui.model.errors import N_, ConfigError

_ENCODERS: Mapping[str, Callable[[bytes], str]] = {
    "base64": lambda digest: base64.b64encode(digest).decode("ascii"),
    "hex": bytes.hex,
    "HEX": lambda digest: digest.hex().upper(),
}

_HMAC = "hmac-"


def sign(secret: str, algorithm: str, message: str, encoding: str, **parts: str) -> str:
    """The signature of one call.

    `message` is a template such as `{app_id}{nonce}{timestamp}`; it may name `parts` and `secret`, and nothing else.

    Raises: ConfigError where the algorithm, the encoding or a name in the template is not known.
    """
    _check("algorithm", algorithm, ALGORITHMS)
    _check("encoding", encoding, ENCODINGS)
    known = {**parts, "secret": secret}
    text = "".join(
        literal if name is None else literal + known[name] for literal, name in _pieces(message, tuple(known))
    ).encode()
    if algorithm.startswith(_HMAC):
        digest = hmac.new(secret.encode(), text, algorithm.removeprefix(_HMAC)).digest()
    else:
        digest = hashlib.new(algorithm, text, usedforsecurity=False).digest()
    return _ENCODERS[encoding](digest)


def _check(setting: str, found: str, known: tuple[str, ...]) -> None:
    if found not in known:
        raise ConfigError(
            N_("signing {setting} {found!r} is not known"),
            todo=N_("Use one of {known}."),
            setting=setting,
            found=found,
            known=", ".join(known),
        )


def _pieces(message: str, known: tuple[str, ...]) -> list[tuple[str, str | None]]:
    """The template in pieces: text, and the part that follows it. Plain names alone: no attributes, no formats."""
    try:
        parsed = list(Formatter().parse(message))
    except ValueError:
        parsed = [(message, "", None, None)]
    for _, name, form, conversion in parsed:
        if name is not None and (name not in known or form or conversion):
            raise ConfigError(
                N_("signing message {found!r} has something other than the parts of a call"),
                todo=N_("Put names in braces, each one of {known}."),
                found=message,
                known=", ".join(f"{{{part}}}" for part in known),
            )
    return [(literal, name) for literal, name, _, _ in parsed]
