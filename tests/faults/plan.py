"""Seeded plans: which writes, killed at which steps, against a vendor that does what wrong."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle, product
from typing import Final

from tests.faults.steps import RECORDING, STEPS

ROUTES: Final = {
    "create-useasy": "POST /useasy/openapi/crm/add",
    "create-ima": "POST /ima",
    "update-useasy": "POST /useasy/openapi/crm/update",
    "update-ima": "PUT /ima",
    "delete": "POST /useasy/openapi/crm/delete",
    "remark": "set_remark",
    "follow": "add_follow",
}
"""Every kind of write, and the sandbox's address for it."""

REPEATABLE: Final = ("update-useasy", "update-ima", "remark")

FAULTS: Final = (
    "",
    "drop-before",
    "drop-after",
    "stall:seconds=0.5",
    "garbage",
    "truncate",
    "html",
    "status:status=503",
    "status:status=429",
    "code",
)
"""What the vendor does to a write; nothing, or one of the sandbox's faults."""

COUNTS: Final = (1, 4)
"""How often: once, which a call that may be repeated gets over by itself, or for a whole call and the next."""

SECOND_DEATHS: Final = 0.3
"""The share of runs in which the process that puts things right dies too."""


@dataclass(frozen=True)
class Death:
    """A process that dies at `step` (or lives) while the vendor has the fault `fault`."""

    step: str
    fault: str


@dataclass(frozen=True)
class Run:
    """One write: of which `kind`, and the processes that see to it before one is left in peace."""

    kind: str
    deaths: tuple[Death, ...]


def plan(seed: int) -> Iterator[Run]:
    """Runs without end: every kind at every step, each kind's faults dealt out evenly, in an order that `seed`
    makes.
    """
    dice = random.Random(seed)
    steps = [*STEPS, ""]
    later = [step for step in steps if step not in RECORDING]  # who only sends again records nothing
    dealt = {kind: cycle(dice.sample(FAULTS, len(FAULTS))) for kind in ROUTES}
    while True:
        rounds = list(product(ROUTES, steps))
        dice.shuffle(rounds)
        for kind, step in rounds:
            deaths = [Death(step, _fault(kind, next(dealt[kind]), dice))]
            while dice.random() < SECOND_DEATHS:
                deaths.append(Death(dice.choice(later), _fault(kind, dice.choice(FAULTS), dice)))
            yield Run(kind, tuple(deaths))


def _fault(kind: str, fault: str, dice: random.Random) -> str:
    """`fault` as the sandbox takes it, on `kind`'s address alone."""
    if not fault:
        return ""
    name, _, options = fault.partition(":")
    count = f"count={dice.choice(COUNTS)}"
    return f"{name}:{ROUTES[kind]}:{','.join(filter(None, (options, count)))}"
