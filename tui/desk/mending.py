"""What it takes to send a change of the outbox with other values in its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.desk.merging import with_values
from tui.desk.values import from_json
from tui.model.change import Change, Kind
from tui.model.customer import Customer
from tui.model.errors import KehuError

if TYPE_CHECKING:
    from tui.desk.desk import Desk


async def record_of(desk: Desk, change: Change) -> Customer:
    """Return the record that `change` is about: as it is now, as it was last seen, or what the change knows of it."""
    try:
        return (await desk.customer(change.customer_id)).customer
    except KehuError:
        seen = await desk.seen_customer(change.customer_id)
    if seen is not None:
        return seen.customer
    customer = Customer(id=change.customer_id, union_id=change.union_id, name=change.customer_name)
    before = (change.before or {}).get("values") if change.kind is Kind.UPDATE else None
    return with_values(customer, from_json(before)) if before else customer
