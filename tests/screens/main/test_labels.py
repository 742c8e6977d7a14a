"""A field is called by its name in the agent's language wherever the name stands."""

from __future__ import annotations

from tui.client.useasy.fields import STANDARD
from tui.desk.outbox.delivery_text import in_full, in_short
from tui.desk.outcome import ChangedSinceError, Conflict, Delivery, FieldChange, FieldConflict
from tui.locale import _, set_language
from tui.model.customer import Customer, FieldSpec
from tui.screens.outbox.changes import lines_of

OWNER: FieldSpec = next(spec for spec in STANDARD if spec.code == "owner")
CHANGE = FieldChange(OWNER.code, OWNER.label, "8310", "8311")


def test_a_field_of_the_vendors_page_is_named_in_chinese() -> None:
    set_language("zh_CN", {})
    assert lines_of([CHANGE], [OWNER]) == ["归属人: 8310 → 8311"]
    for delivery in (Delivery(surprises=(CHANGE,)), Delivery(meanwhile=(CHANGE,))):
        for note in (in_full(delivery, ""), in_short(delivery)):
            assert note.text.endswith("归属人")
    conflict_for = FieldConflict(OWNER.code, OWNER.label, "8310", "8311", "8312")
    error = ChangedSinceError(Conflict((conflict_for,), Customer(id="1", name="李四"), {}))
    assert error.message(_).endswith("归属人")
