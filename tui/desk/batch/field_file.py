"""A file of customers to create or to edit: its headings are fields by label or code, its cells their values."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b

from tui.desk.batch.file_columns import ALIASES, CUSTOMER, UNION_ID, JsonPairs, refuse_doubles
from tui.desk.batch.import_file import FileRow, Problem, RowRefusal, read_rows, refuse
from tui.desk.batch.items import BatchItem, ImportFile, digest_of
from tui.desk.checks import check_masks
from tui.desk.defaults import with_defaults
from tui.desk.table_file import join_values, split_values
from tui.desk.values import to_json
from tui.locale import _
from tui.model.change import Kind
from tui.model.characters import fold
from tui.model.columns import COLUMNS
from tui.model.customer import FieldSpec, FieldType, FieldValue
from tui.model.errors import N_, InvalidError
from tui.model.field_names import OWN_NAMES, find_field
from tui.model.masking import STARS
from tui.model.naming import CUSTOM, nearest
from tui.model.typed_values import parse_value
from tui.model.validate import check_values

NOT_READ = ""
"""The column of a heading that is known, and holds nothing that could be written."""

_OF_JSON = frozenset(
    {"profile", "profiles", "dialect", "follow_users", "created_at", "updated_at", "last_contact", "next_contact"}
)
"""Names of a customer's JSON that are no fields."""

ROW = "row"
"""In a change's request: which row of the file it is, from 0. By it the same file finds what it sent before."""


@dataclass
class FieldColumns:
    """The columns of a file of fields, which `kind` of change needs; `mapping` says what some headings mean.

    `kept` are such mappings of earlier files, by their headings (`headings_key`).
    """

    kind: Kind
    specs: Sequence[FieldSpec]
    mapping: Mapping[str, str] = field(default_factory=dict)
    kept: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    meant: dict[str, str] = field(default_factory=dict)
    """What each heading was taken for: a field's code, the customer's id, or `NOT_READ`; in their order."""
    headings: str = ""
    """What the file is known by among those with a mapping."""

    def begin(self, headings: Sequence[str]) -> None:
        """Take what was said earlier of a file with the same headings, under what is said now."""
        if not self.headings:
            self.headings = headings_key(self.kind, headings)
            given = {fold(heading): name for heading, name in self.mapping.items()}
            if strange := set(given) - set(map(fold, headings)):
                raise InvalidError(
                    N_("the file has no column {name}"),
                    todo=N_("There are: {known}."),
                    name=", ".join(sorted(strange)),
                    known=", ".join(headings),
                )
            self.mapping = {**self.kept.get(self.headings, {}), **given}

    def find(self, heading: str) -> str | None:
        """Return the code of the field that `heading` means."""
        if heading not in self.meant:
            found = self._find(fold(heading)) if heading.strip() else None
            if found is None:
                return None
            self.meant[heading] = found
        return self.meant[heading]

    def _find(self, name: str) -> str | None:
        if name in self.mapping:
            wanted = self.mapping[name]
            if not wanted:
                return NOT_READ
            return self._key(fold(wanted)) or find_field(self.specs, wanted).code
        if key := self._key(name):
            return key if self.kind is Kind.UPDATE else NOT_READ
        spec = self._field(name)
        if spec is not None:
            return spec.code if spec.editable and spec.enabled else NOT_READ
        known = (column for column in COLUMNS.values() if name in {fold(one) for one in _names(column.label, column)})
        return NOT_READ if name in _OF_JSON or next(known, None) is not None else None

    def _key(self, name: str) -> str:
        """Return which of the customer's ids `name` is; empty for none."""
        alias = ALIASES.get(name.replace(" ", "_"), name.replace(" ", "_"))
        return alias if alias in (CUSTOMER, UNION_ID) else ""

    def _field(self, name: str) -> FieldSpec | None:
        """Return the field with the code or the label `name`, or the one that a list shows under it."""
        for spec in self.specs:
            if name in (fold(spec.code), fold(CUSTOM + spec.code)):
                return spec
        own = [spec for spec in self.specs if name in (fold(spec.label), fold(_(spec.label)))]
        if own:
            return own[0] if len(own) == 1 else None
        codes = {spec.code: spec for spec in self.specs}
        for column in COLUMNS.values():
            if name in {fold(one) for one in _names(column.label, column)}:
                shown = (column.key, column.sort_field, *sorted(column.fields))
                return next((codes[code] for code in shown if code in codes and code in OWN_NAMES), None)
        return None

    def unknown(self, heading: str, file: str, line: int) -> InvalidError:
        """Return the error for a `heading` that is no field."""
        called = [spec.code for spec in self.specs if fold(heading) in (fold(spec.label), fold(_(spec.label)))]
        names = {spec.label: spec.label for spec in self.specs} | {spec.code: spec.code for spec in self.specs}
        close = " / ".join(called) or nearest(heading, names)
        return InvalidError(
            N_("{file}, line {line}: there is no field {name}"),
            todo=(
                N_("Did you mean {nearest}? Say so with --map '{name}={nearest}'; --map '{name}=' leaves it out.")
                if close
                else N_(
                    "Say what it is with --map '{name}=FIELD' (kehu fields lists them); --map '{name}=' leaves it out."
                )
            ),
            file=file,
            line=line,
            name=heading.strip() or '""',
            nearest=close,
        )

    def check(self, found: Sequence[str], file: str, line: int) -> None:
        """See that a header has what it must, and nothing twice."""
        refuse_doubles(found, file, line)
        keys = {CUSTOMER, UNION_ID} & set(found)
        if self.kind is Kind.UPDATE and not keys:
            raise InvalidError(
                N_("{file}, line {line}: no column says which customer is meant"),
                todo=N_("Add a column id, or say which one it is with --map 'HEADING=id'."),
                file=file,
                line=line,
            )
        if not set(found) - keys:
            raise InvalidError(
                N_("{file}, line {line}: no column is a field that can be written"),
                todo=N_("See which there are with: kehu fields"),
                file=file,
                line=line,
            )

    def cells_of(self, heading: str, value: object) -> Iterable[tuple[str, object]]:
        """Return headings and texts of `value`, as a customer's JSON has it: contacts, tags, `custom`."""
        if heading == "custom" and isinstance(value, list):
            for custom in value:
                if isinstance(custom, JsonPairs):
                    told = dict(custom)
                    yield from self.cells_of(str(told.get("code") or told.get("label") or ""), told.get("value"))
        elif isinstance(value, list) and not isinstance(value, JsonPairs):
            texts = [_text(item) for item in value]
            yield heading, value if None in texts else join_values(text for text in texts if text is not None)
        else:
            yield heading, value


def _names(label: str, column: object) -> tuple[str, ...]:
    return (getattr(column, "key"), label, _(label), *getattr(column, "aliases"))  # noqa: B009


def _text(item: object) -> str | None:
    """Return an item of a list in JSON as one value of a cell; None for what is none."""
    if isinstance(item, str):
        return item
    if not isinstance(item, JsonPairs):
        return None
    told = dict(item)
    name = told.get("value", told.get("name"))
    if not isinstance(name, str):
        return None
    memo = told.get("memo")
    return f"{name}|{memo}" if isinstance(memo, str) and memo else name


def headings_key(kind: Kind, headings: Iterable[str]) -> str:
    """Return what files with these `headings`, in any order, are known by."""
    names = sorted({fold(heading) for heading in headings if heading.strip()})
    return blake2b(json.dumps([kind, names]).encode(), digest_size=8).hexdigest()


def read_fields(
    data: bytes, name: str, columns: FieldColumns, user_id: str, *, sheet: str = "", clear: bool = False
) -> ImportFile:
    """Return the customers to create, or to edit, that the file `name` with the content `data` asks for.

    An empty cell says nothing of its field; with `clear` it clears it, as an empty text in JSON lines always does.
    Raises: InvalidError where the file as a whole makes no sense.
    """
    entries = read_rows(data, name, columns, sheet)
    specs = {spec.code: spec for spec in columns.specs}
    checked = [
        _item(entry, number, columns, specs, user_id, clear=clear) if isinstance(entry, FileRow) else entry
        for number, entry in enumerate(entries)
    ]
    return ImportFile(
        columns.kind,
        name,
        digest_of(columns.kind, entries, f"{user_id} clear" if clear else user_id),
        tuple(item for item in checked if isinstance(item, BatchItem)),
        tuple(item for item in checked if isinstance(item, RowRefusal)),
        {code: _(spec.label) for code, spec in specs.items()},
    )


def _item(
    row: FileRow, number: int, columns: FieldColumns, specs: Mapping[str, FieldSpec], user_id: str, *, clear: bool
) -> BatchItem | RowRefusal:
    creating = columns.kind is Kind.CREATE
    customer, union_id = (row.cells.get(key) or "" for key in (CUSTOMER, UNION_ID))
    problems = list(row.problems)
    wrong = {problem.column for problem in problems}
    values: dict[str, FieldValue] = {}
    masked: list[str] = []
    if not creating and not customer and not union_id and CUSTOMER not in wrong:
        problems.append(Problem(CUSTOMER, "customer", _("no customer is named")))
    for code, cell in row.cells.items():
        if code in (CUSTOMER, UNION_ID) or code in wrong or (cell is None and not (clear and not creating)):
            continue
        if not creating and cell and STARS in cell:  # of a list that was exported: it says nothing of the field
            masked.append(code)
            continue
        try:
            values[code] = parse_value(specs[code], _rows(specs[code], cell or ""), zone=None)
        except InvalidError as error:
            problems.append(_problem(code, error))
    if not problems and not values and masked:
        problems.append(Problem(masked[0], "masked", _("it is masked, and nothing else is given")))
    if not problems:
        try:
            if creating:
                values = with_defaults(columns.specs, values)
            check_masks(columns.specs, values)
            values = check_values(columns.specs, values, creating=creating)
        except InvalidError as error:
            problems.append(_problem(error.field, error))
    if problems:
        return refuse(row.line, problems, customer or union_id)
    return BatchItem(
        line=row.line,
        customer=customer,
        union_id=union_id,
        user_id=user_id,
        request={"values": to_json(values), ROW: number},
        masked=tuple(masked),
    )


def _problem(column: str, error: InvalidError) -> Problem:
    return Problem(column, "value", " · ".join(filter(None, (error.message(_), error.hint(_)))))


def _rows(spec: FieldSpec, cell: str) -> Sequence[str]:
    """Return the values that the `cell` of the field `spec` holds."""
    several = spec.contacts or spec.code == "tags" or spec.type in (FieldType.CHOICES, FieldType.CASCADE)
    return split_values(cell) if several else [cell] if cell else []
