"""JuziBot's result codes, a table for each call: a code means one thing in one call, and another in the next.

The page ("Error Code") has -1 and -2, of set_remark alone; all others are WeCom's, which is behind it and whose codes
come through, at the top level as in a `fail_list`. There -1 is "system busy, try again", in every call.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from tui.client.error_mapping import CHECK_CREDENTIAL, CHECK_PERMISSION, IN_TROUBLE
from tui.client.json_values import WAIT_OR_ASK, list_of, text_of, whole_of
from tui.client.response_reader import Reply
from tui.model.errors import N_, AuthError, KehuError, NotFoundError, ProtocolError, VendorError

LIST = "api/v1/customer/list"
DETAIL = "api/v1/customer/detail"
SET_REMARK = "api/v1/customer/set_remark"
ADD_FOLLOW = "api/v1/customer/add_follow"
TAGS = "api/v1/tag/list"

SUCCESS = "0"

NO_CONTACT = "84061"
"""Whoever is meant is no external contact: of a list, that the colleague has none at all."""

BUSY = "-1"


@dataclass(frozen=True)
class Code:
    """What a code means in one call, and what to do."""

    what: str
    """Without facts, so that it can stand for the vendor's words where there are none."""
    todo: str = ""
    kind: type[AuthError | NotFoundError | VendorError] = VendorError
    passing: bool = False
    """Waiting helps."""
    unclear: bool = False
    """It says nothing of whether a write was applied (`tui.client.certainty`)."""

    def error(self, code: str, words: str, profile: str) -> KehuError:
        """The error that `code` stands for, with the vendor's `words`."""
        error = self.kind(self.what, todo=self.todo, code=code, detail=words, profile=profile)
        error.unclear = self.unclear
        if isinstance(error, VendorError):
            error.passing = self.passing
        return error


_NOT_ACCEPTED = Code(N_("the vendor does not accept the token"), CHECK_CREDENTIAL, AuthError)
_BUSY = Code(N_("the vendor is busy"), N_("Try again in a moment."), passing=True, unclear=True)
_REFUSED = Code(N_("the vendor refused"))
_TROUBLE = Code(N_("the vendor's server is in trouble"), N_("Try again in a moment."), passing=True, unclear=True)
_NOT_FOLLOWED = Code(
    N_("this colleague does not follow the customer"), N_("Choose a colleague who follows the customer.")
)

EVERY_CALL: Mapping[str, Code] = {
    BUSY: _BUSY,
    "40001": _NOT_ACCEPTED,
    "40014": _NOT_ACCEPTED,
    "41001": Code(N_("the vendor found no token in the call"), CHECK_CREDENTIAL, AuthError),
    "42001": Code(N_("the token has run out"), N_("Get a new token from the vendor's console."), AuthError),
    "45009": Code(N_("the vendor was called too often"), N_("Wait a minute, then try again."), passing=True),
    "45033": Code(N_("the vendor was called too many times at once"), N_("Try again in a moment."), passing=True),
    "48002": Code(N_("the token has no permission for this call"), CHECK_PERMISSION, AuthError),
}
"""WeCom's codes that mean the same in every call; vendor-docs/README.md says where each comes from."""

CODES: Mapping[str, Mapping[str, Code]] = {
    LIST: {
        **EVERY_CALL,
        NO_CONTACT: Code(
            N_("the vendor has no customer for this list"), N_("Choose another colleague."), NotFoundError
        ),
    },
    DETAIL: {
        **EVERY_CALL,
        NO_CONTACT: Code(
            N_("the vendor has no such customer"), N_("Check the id, and that it is this tenant's."), NotFoundError
        ),
    },
    SET_REMARK: {**EVERY_CALL, NO_CONTACT: _NOT_FOLLOWED},
    ADD_FOLLOW: {**EVERY_CALL, NO_CONTACT: _NOT_FOLLOWED},
    TAGS: EVERY_CALL,
}
"""What each code means, by the call that it answers."""

TOO_LONG: Mapping[str, Code] = {
    "-1": Code(N_("the remark is longer than the vendor allows"), N_("Shorten the remark.")),
    "-2": Code(N_("the description is longer than the vendor allows"), N_("Shorten the description.")),
}
"""What the page says of set_remark. A remark is measured before it is sent, so that -1 is this only where the vendor's
words speak of a limit; else it is WeCom's, and the vendor is busy. WeCom has no -2."""

_OF_LENGTH = re.compile(r"exceed|too\s+long|length|超|过长|太长|长度|字数", re.IGNORECASE)


def meaning(call: str, code: str, words: str) -> Code | None:
    """What `code` means in the answer to `call`, or in an item of its `fail_list`, beside the vendor's `words`; None
    where nobody knows."""
    if call == SET_REMARK and code in TOO_LONG and (code != BUSY or _OF_LENGTH.search(words)):
        return TOO_LONG[code]
    known = CODES.get(call, EVERY_CALL).get(code)
    return _TROUBLE if known is None and code in IN_TROUBLE else known


def code_of(value: object) -> str:
    """An `errcode`, a number or the text of one, as text; empty where it is none."""
    number = whole_of(value)
    return "" if number is None else str(number)


def judge(reply: Reply, profile: str) -> None:
    """Return where the answer says that it succeeded.

    Raises: the error that its `errcode` stands for in this call; ProtocolError where it has none: silence is not a
    success.
    """
    code = code_of(reply.data.get("errcode"))
    if not code:
        raise ProtocolError(N_("the answer does not say whether the call succeeded"), todo=WAIT_OR_ASK)
    if code != SUCCESS:
        words = text_of(reply.data.get("errmsg"))
        error = (meaning(reply.path, code, words) or _REFUSED).error(code, words, profile)
        if list_of(reply.data.get("fail_list")):
            error.unclear = True  # it names those that failed, which leaves the others open
        raise error
