"""What a command prints of customers: with what is hidden masked, or whole with `--reveal`, which the journal tells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import click

from tui.cli.session import Session, option
from tui.locale import N_
from tui.model.errors import UnsupportedError
from tui.model.masking import OPEN, Mask, Masker, masker_of

if TYPE_CHECKING:
    from tui.config import Profile
    from tui.desk.customer_reader import Reading
    from tui.desk.disk import Disk
    from tui.desk.reveals import Revealed
    from tui.model.change import Change
    from tui.model.columns import CustomerColumn
    from tui.model.customer import Customer, FieldSpec
    from tui.store.rows import Row


def _reveal(ctx: click.Context, parameter: click.Parameter, wanted: bool) -> None:
    if wanted:
        ctx.ensure_object(Session).reveal = True


reveal_option = option(
    "--reveal",
    is_flag=True,
    expose_value=False,
    callback=_reveal,
    help=N_("Print hidden values whole; the journal says whose were seen, and by whom."),
)
"""`--reveal` of a command that prints customers."""


class Shown:
    """Makes what is known of one profile's customers ready to be printed; `disk` is where their journal is.

    `specs` is the profile's field configuration; None where there is one, and nobody knows it. With `--reveal` nothing
    is masked, and the journal gets an entry of each customer of whom something hidden is printed.
    Raises: UnsupportedError where the configuration does not allow `--reveal`.
    """

    def __init__(
        self, session: Session, disk: Disk, specs: Sequence[FieldSpec] | None, profile: Profile | None = None
    ) -> None:
        config = session.read_config()
        if session.reveal and config.mask_is_locked and config.mask is not Mask.NONE:
            raise UnsupportedError(
                N_("--reveal is not allowed here: the host's configuration says what is hidden"),
                todo=N_("Reveal single values in the desk: m on a value."),
            )
        self._session, self._disk, self._specs = session, disk, specs or ()
        self._profile = profile or session.profile
        self._policy = masker_of(config.mask, specs)

    @property
    def masker(self) -> Masker:
        """What hides values; nothing with `--reveal`."""
        return OPEN if self._session.reveal else self._policy

    def customers(self, customers: Iterable[Customer]) -> tuple[Customer, ...]:
        """Return `customers` as they are printed."""
        found = tuple(customers)
        if not self._session.reveal:
            return tuple(map(self._policy.customer, found))
        from tui.desk.reveals import hidden_in

        self._tell(hidden_in(found, self._policy, self._specs))
        return found

    def customer(self, customer: Customer) -> Customer:
        """Return `customer` as it is printed."""
        (shown,) = self.customers([customer])
        return shown

    def rows(self, rows: Sequence[Row], columns: Sequence[CustomerColumn]) -> Sequence[Row]:
        """Return `rows` as they are printed under `columns`."""
        from tui.desk.reveals import Revealed
        from tui.store.rows import shown_row

        if not self._session.reveal:
            return [shown_row(row, columns, self._policy) for row in rows]
        hidden = [column for column in columns if self._policy.covers(column)]
        for_each = [(row, {one.key: one.label for one in hidden if row.value(one.key)}) for row in rows]
        self._tell([Revealed(row.id, fields, row.name) for row, fields in for_each if fields])
        return rows

    def row(self, row: Row, columns: Sequence[CustomerColumn]) -> Row:
        """Return the row of a customer whom `customers` made ready, with what `columns` have beside it."""
        from tui.store.rows import shown_row

        return shown_row(row, columns, self.masker)

    def changes(self, changes: Iterable[Change]) -> list[Change]:
        """Return `changes` as they are printed."""
        from tui.desk.reveals import Revealed

        found = list(changes)
        if not self._session.reveal:
            return list(map(self._policy.change, found))
        hidden = [(one, self._policy.change(one)) for one in found]
        self._tell(
            [
                Revealed(one.customer_id, {one.kind.value: f"{one.kind.value} {one.id}"}, one.customer_name)
                for one, masked in hidden
                if one != masked
            ]
        )
        return found

    def _tell(self, revealed: Sequence[Revealed]) -> None:
        if revealed:
            from tui.app.opening import settings_of
            from tui.desk.reveals import entries_of

            entries = entries_of(settings_of(self._profile, self._session.read_config()), revealed)
            self._disk.run_now(lambda store: store.journal.append(entries))


async def shown_by(session: Session, desk: Reading, profile: Profile | None = None) -> Shown:
    """Return what makes `desk`'s customers ready to be printed, once its field configuration was asked for."""
    return Shown(session, desk.disk, await desk.specs_for_masking(), profile)
