"""What the sandbox can be told to do wrong: be slow, hang up, talk nonsense, refuse.

A fault is written `KIND[:MATCH[:OPTION=VALUE,…]]`, on the command line, over the control route and in tests alike:

- `latency::seconds=0.3`: every call waits 300 ms;
- `drop-after:add_follow:count=1`: the next follow-up is applied and never answered;
- `status:GET /juzi:status=429,retry_after=2,count=3`: three reads of juzi are asked to come back later;
- `refuse:set_remark:every=20,code=84061`: one remark in twenty lands in the `fail_list`.

MATCH is a part of `METHOD /path`, as in `PUT /ima`; without it a fault strikes every call.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from typing import Final, Self


class Dropped(ConnectionError):
    """The connection ends here without an answer, or in the middle of one.

    Called in-process the sandbox raises this to its caller, whose transport turns it into its own read error;
    served over TCP the connection is closed.
    """


class FaultKind(StrEnum):
    """What goes wrong, and whether the call was applied when it does."""

    LATENCY = "latency"
    """The call waits before anything is done."""
    DROP_BEFORE = "drop-before"
    """The connection is closed; nothing was applied."""
    STATUS = "status"
    """A bare HTTP status; nothing was applied."""
    HTML = "html"
    """A gateway's HTML page, status 502 unless told otherwise; nothing was applied."""
    CODE = "code"
    """The vendor's own envelope with an error code; nothing was applied."""
    REFUSE = "refuse"
    """Single remarks or follow-ups of a batch are refused in its `fail_list`; the others are applied."""
    STALL = "stall"
    """The call is applied, and the answer waits."""
    DROP_AFTER = "drop-after"
    """The call is applied, and the connection closed without an answer."""
    GARBAGE = "garbage"
    """The call is applied, and the answer is not JSON."""
    TRUNCATE = "truncate"
    """The call is applied, and the connection closed half-way through the answer."""


_STATUS: Final = {FaultKind.HTML: 502, FaultKind.STATUS: 500}
"""The status of a fault that answers with one, when it names none."""


@dataclass(frozen=True, slots=True)
class InjectedFault:
    """One thing that goes wrong; `parse` says how it is written."""

    kind: FaultKind
    match: str = ""
    count: int | None = None
    """How often it strikes before it is spent; None: for ever."""
    every: int = 1
    """It strikes each n-th matching call (for `refuse`: each n-th item of a batch)."""
    seconds: float = 0.0
    status: int = 0
    retry_after: str = ""
    code: str = ""
    message: str = ""

    @classmethod
    def parse(cls, text: str) -> "InjectedFault":
        """Read one fault as the module's page writes it.

        Raises:
            ValueError: the kind or an option is unknown, or a value is not what the option takes.
        """
        name, _, rest = text.partition(":")
        match, _, options = rest.partition(":")
        try:
            kind = FaultKind(name.strip())
        except ValueError:
            known = ", ".join(kind.value for kind in FaultKind)
            raise ValueError(f"unknown fault {name!r} in {text!r}; expected one of: {known}") from None
        fault = cls(kind, match, status=_STATUS.get(kind, 0))
        for option in filter(None, options.split(",")):
            key, _, value = option.partition("=")
            if key not in _OPTIONS:
                raise ValueError(f"unknown option {key!r} in {text!r}; expected one of: {', '.join(_OPTIONS)}")
            try:
                fault = _OPTIONS[key](fault, value)
            except ValueError:
                raise ValueError(f"{value!r} in {text!r} is not a number") from None
        if fault.every < 1 or fault.seconds < 0 or (fault.count is not None and fault.count < 1):
            raise ValueError(f"every and count are at least 1 and seconds at least 0, not as in {text!r}")
        return fault

    def __str__(self) -> str:
        options = ",".join(
            f"{option.name}={getattr(self, option.name)}"
            for option in fields(self)
            if option.name in _OPTIONS and getattr(self, option.name) != option.default
        )
        return f"{self.kind.value}:{self.match}:{options}".rstrip(":")


_OPTIONS: Final[Mapping[str, Callable[[InjectedFault, str], InjectedFault]]] = {
    "count": lambda fault, value: replace(fault, count=int(value)),
    "every": lambda fault, value: replace(fault, every=int(value)),
    "seconds": lambda fault, value: replace(fault, seconds=float(value)),
    "status": lambda fault, value: replace(fault, status=int(value)),
    "retry_after": lambda fault, value: replace(fault, retry_after=value),
    "code": lambda fault, value: replace(fault, code=value),
    "message": lambda fault, value: replace(fault, message=value),
}
"""The options of a fault, each with what sets it from its text."""


@dataclass(slots=True)
class _Armed:
    """A fault and how far it has come."""

    fault: InjectedFault
    seen: int = 0
    struck: int = 0

    def strikes(self, call: str) -> bool:
        fault = self.fault
        if fault.match not in call or (fault.count is not None and self.struck >= fault.count):
            return False
        self.seen += 1
        if self.seen % fault.every:
            return False
        self.struck += 1
        return True


@dataclass(slots=True)
class Faults:
    """The faults that are set now; they can be changed while the sandbox runs."""

    _armed: list[_Armed] = field(default_factory=list)

    @classmethod
    def parse(cls, *texts: str) -> Self:
        """The faults that these texts describe, in this order.

        Raises:
            ValueError: one of them is not a fault.
        """
        faults = cls()
        faults.set(InjectedFault.parse(text) for text in texts)
        return faults

    def set(self, faults: Iterable[InjectedFault]) -> None:
        """Replace all faults; no fault ends them."""
        self._armed = [_Armed(fault) for fault in faults]

    def strike(self, call: str) -> dict[FaultKind, InjectedFault]:
        """Which faults strike this call (`METHOD /path`), one of a kind at most; counts them as having struck."""
        return {
            armed.fault.kind: armed.fault
            for armed in self._armed
            if armed.fault.kind is not FaultKind.REFUSE and armed.strikes(call)
        }

    def refusal(self, call: str) -> InjectedFault | None:
        """The fault by which the next item of this batch is refused, if any; counts it as having struck."""
        for armed in self._armed:
            if armed.fault.kind is FaultKind.REFUSE and armed.strikes(call):
                return armed.fault
        return None

    def report(self) -> list[dict[str, object]]:
        """Each fault as it is written, and how often it has struck."""
        return [{"fault": str(armed.fault), "struck": armed.struck} for armed in self._armed]
