"""JuziBot's result codes (page, "Error Code"), and those of WeCom behind it that come through."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tui.client.errors import N_, AuthError, KehuError, ProtocolError, VendorError
from tui.client.faults import CHECK_CREDENTIAL, CHECK_PERMISSION
from tui.client.reading import WAIT_OR_ASK, text_of
from tui.client.replies import Reply

SUCCESS = "0"

NO_CONTACT = "84061"
"""Whoever is meant is no external contact: of a detail call, that there is no such customer."""


@dataclass(frozen=True)
class Code:
    """What a code means and what to do; `passing` where waiting helps."""

    what: str
    """Without facts, so that it can stand for the vendor's words where there are none."""
    todo: str = ""
    kind: type[AuthError] | type[VendorError] = VendorError
    passing: bool = False


_NOT_ACCEPTED = Code(N_("the vendor does not accept the token"), CHECK_CREDENTIAL, AuthError)

CODES: Mapping[str, Code] = {
    "-1": Code(N_("the remark is longer than the vendor allows"), N_("Shorten the remark.")),
    "-2": Code(N_("the description is longer than the vendor allows"), N_("Shorten the description.")),
    "40001": _NOT_ACCEPTED,
    "40014": _NOT_ACCEPTED,
    "41001": Code(N_("the vendor found no token in the call"), CHECK_CREDENTIAL, AuthError),
    "42001": Code(N_("the token has run out"), N_("Get a new token from the vendor's console."), AuthError),
    "45009": Code(N_("the vendor was called too often"), N_("Wait a minute, then try again."), passing=True),
    "45033": Code(N_("the vendor was called too many times at once"), N_("Try again in a moment."), passing=True),
    "48002": Code(N_("the token has no permission for this call"), CHECK_PERMISSION, AuthError),
    NO_CONTACT: Code(
        N_("this colleague does not follow the customer"), N_("Choose a colleague who follows the customer.")
    ),
}
"""Every code whose meaning is known; vendor-docs/README.md says where each comes from."""

_REFUSED = Code(N_("the vendor refused"))


def code_error(code: str, words: str, profile: str) -> KehuError:
    """The error that CODE stands for, with the vendor's WORDS."""
    known = CODES.get(code, _REFUSED)
    if known.kind is AuthError:
        return AuthError(known.what, todo=known.todo, code=code, detail=words, profile=profile)
    return VendorError(known.what, todo=known.todo, code=code, detail=words, passing=known.passing, profile=profile)


def judge(reply: Reply, profile: str) -> None:
    """Return where the answer says that it succeeded.

    Raises: the error that its `errcode` stands for; ProtocolError where it has none: silence is not a success.
    """
    code = text_of(reply.data.get("errcode"))
    if not code:
        raise ProtocolError(N_("the answer does not say whether the call succeeded"), todo=WAIT_OR_ASK)
    if code != SUCCESS:
        raise code_error(code, text_of(reply.data.get("errmsg")), profile)
