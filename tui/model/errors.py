"""Everything that can go wrong between the desk and a vendor.

KehuError
├── ConfigError          a setting is missing or makes no sense          exit 3
│   └── RoadError        … so that no vendor can be called: it waits     exit 3
├── AuthError            the vendor does not accept the credential       exit 7
├── NetworkError         the vendor was not reached                      exit 4
├── VendorError          the vendor answered, and refused                exit 1
├── ProtocolError        the vendor answered something that is no answer exit 1
├── NotFoundError        the vendor has no such record                   exit 5
├── ConflictError        the record changed since it was read            exit 6
├── UnsupportedError     this vendor or profile has no such call         exit 2
├── InvalidError         a value breaks a rule; nothing was sent         exit 2
├── StorageError         the desk's own disk refused                     exit 3
├── OutcomeUnknownError  a write went out and no clear answer came back  exit 8
└── OwnFaultError        kehu itself failed while a change was sent      exit 70

No token, signature, secret or signed address is ever part of one: an address is kept without its query.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar


def N_(text: str) -> str:
    """`text` itself, marked for the message catalogue: it is translated where it is shown."""
    return text


def _untranslated(text: str) -> str:
    return text


def sentence_of(template: str, facts: Mapping[str, object], translate: Callable[[str], str] = _untranslated) -> str:
    """The sentence that `template`, in the agent's language, and `facts` make; of an error, its own sentence."""
    told = {name: fact.sentence(translate) if isinstance(fact, KehuError) else fact for name, fact in facts.items()}
    return translate(template).format(**told)


class KehuError(Exception):
    """One clear error: what happened, to what, and what to do.

    `what` and `todo` are templates (`"page size {size} is over {limit}"`) filled from `facts`, so that they can be
    shown in the agent's language; wrap them in `N_`. A fact that is an error itself is told by its `sentence`. `code`
    is the vendor's own code, `detail` the vendor's own words.
    """

    kind: ClassVar[str] = "error"
    exit_code: ClassVar[int] = 1
    unclear: bool = False
    """A write may have been applied all the same; that it was not is certain where this is False."""

    def __init__(
        self,
        what: str,
        *,
        todo: str = "",
        code: str = "",
        detail: str = "",
        method: str = "",
        address: str = "",
        status: int | None = None,
        trace_id: str = "",
        answer: Mapping[str, Any] | None = None,
        **facts: object,
    ) -> None:
        super().__init__(what)
        self.what = what
        self.todo = todo
        self.code = code
        self.detail = detail
        self.method = method
        self.address = address
        """Scheme, host, port and path; never a query."""
        self.status = status
        self.trace_id = trace_id
        """The vendor's own number of the call, which its support asks for."""
        self.answer = answer
        """All that the vendor said, for the journal (`tui.client.response_log`); None where it said nothing."""
        self.facts = facts

    def sentence(self, translate: Callable[[str], str] = _untranslated) -> str:
        """What happened, in our words alone."""
        return sentence_of(self.what, self.facts, translate)

    def message(self, translate: Callable[[str], str] = _untranslated) -> str:
        """What happened, in one sentence, the vendor's words included."""
        text = self.sentence(translate)
        if self.detail:
            text = f"{text}: {self.detail}"
        marks = [
            translate(mark).format(number=number)
            for mark, number in ((N_("code {number}"), self.code), (N_("trace {number}"), self.trace_id))
            if number
        ]
        return f"{text} ({', '.join(marks)})" if marks else text

    def hint(self, translate: Callable[[str], str] = _untranslated) -> str:
        """What to do about it; may be empty."""
        return translate(self.todo).format(**self.facts) if self.todo else ""

    def __str__(self) -> str:
        return self.message()


class ConfigError(KehuError):
    """A setting is missing, unreadable or makes no sense."""

    kind = "config"
    exit_code = 3


class AuthError(KehuError):
    """The vendor does not accept the credential."""

    kind = "auth"
    exit_code = 7


class NetworkError(KehuError):
    """The vendor was not reached, or the line broke before an answer came; no write was applied, but see `unclear`."""

    kind = "network"
    exit_code = 4


class RoadError(ConfigError, NetworkError):
    """A setting, or a variable of the environment, keeps the vendor from being called at all: nothing was sent.

    It is a mistake in the configuration, and to whatever waits for the line, a line that is down.
    """


class VendorError(KehuError):
    """The vendor answered, and refused."""

    kind = "vendor"
    exit_code = 1

    def __init__(self, what: str, *, retry_after: float | None = None, passing: bool = False, **rest: object) -> None:
        super().__init__(what, **rest)  # type: ignore[arg-type]  # the base class names what it takes
        self.retry_after = retry_after
        """Seconds the vendor asks to wait, where it says."""
        self.passing = passing
        """True where waiting helps: too many calls, a server that is down."""


class ProtocolError(KehuError):
    """The vendor answered something that is no answer: not JSON, or not the documented shape."""

    kind = "protocol"
    exit_code = 1


class NotFoundError(KehuError):
    """The vendor has no such record."""

    kind = "not_found"
    exit_code = 5
    certain: bool = True
    """The vendor itself says so. Where this is False a bare status did (404), which may be a gateway's: the record
    may be there all the same."""


class ConflictError(KehuError):
    """The record changed since the agent read it."""

    kind = "conflict"
    exit_code = 6


class UnsupportedError(KehuError):
    """This vendor, or this profile, has no such call."""

    kind = "unsupported"
    exit_code = 2


class InvalidError(KehuError):
    """A value breaks a documented rule; nothing was sent. `field` names it."""

    kind = "invalid"
    exit_code = 2

    def __init__(self, what: str, *, field: str = "", **rest: object) -> None:
        super().__init__(what, **rest)  # type: ignore[arg-type]  # the base class names what it takes
        self.field = field
        self.facts["field"] = field


class StorageError(KehuError):
    """The desk's own disk refused; nothing was sent that could not be recorded."""

    kind = "storage"
    exit_code = 3


class OutcomeUnknownError(KehuError):
    """A write that must not be repeated went out, and no clear answer came back: it may have been applied."""

    kind = "unknown"
    exit_code = 8
    unclear = True


class OwnFaultError(KehuError):
    """A fault of kehu's own came in place of an answer; the crash log says where it is."""

    kind = "fault"
    exit_code = 70
