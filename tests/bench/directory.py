"""A directory of as many customers as one wants, filled past every network: `python -m tests.bench.directory FILE N`.

Its people are the sandbox's, each with a company, phones, tags and custom fields as in 51ima's record, and with the
colleagues who follow them and their remarks as JuziBot tells them, so that everything that can be searched is there.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Final

from tui.client.ima.records import read_detail
from tui.client.json_values import time_of
from tui.model.customer import Customer, FollowUser
from tui.sandbox.sample_people import SamplePerson, people, shown
from tui.sandbox.seed import DEFAULT_SEED
from tui.sandbox.stored_records import ima_detail
from tui.sandbox.vocabulary import STAFF
from tui.store.store import Store

SAVED_AT_ONCE: Final = 1000
"""Customers a transaction, as in a page of a sync."""

Progress = Callable[[int, int], None]
"""Called with how many customers are there, and how many will be."""


def fill(path: Path, customers: int, *, progress: Progress | None = None) -> None:
    """Make the store at `path` with `customers` in its directory; one that has them already is left as it is.

    It takes some four minutes for 1,000,000 and goes on where it was stopped.
    """
    store = Store.open(path)
    try:
        known = store.directory.count()
        everyone = everybody(known + 1, customers)
        while batch := list(islice(everyone, SAVED_AT_ONCE)):
            store.directory.save(batch, time.time(), listed=True)
            known += len(batch)
            if progress is not None:
                progress(known, customers)
    finally:
        store.close()


def everybody(first: int, last: int) -> Iterator[Customer]:
    """The customers from one ordinal to another, both included."""
    return map(_customer, map(shown, people(DEFAULT_SEED, first, last)))


def _customer(person: SamplePerson) -> Customer:
    follow_users = tuple(
        FollowUser(
            user_id=STAFF[follow.staff].user_id,
            name=STAFF[follow.staff].name,
            remark=follow.remark,
            description=follow.description or "",
            added_at=time_of(follow.added * 1000),
        )
        for follow in person.follows
    )
    return read_detail(ima_detail(person), {}).model_copy(update={"follow_users": follow_users})


def main() -> None:
    """Fill the FILE and tell how it goes."""
    path, customers = Path(sys.argv[1]), int(sys.argv[2])

    def told(done: int, total: int) -> None:
        if done % 50_000 == 0 or done == total:
            print(f"{done:,} of {total:,}, {path.stat().st_size / done:,.0f} bytes each", file=sys.stderr)

    fill(path, customers, progress=told)


if __name__ == "__main__":
    main()
