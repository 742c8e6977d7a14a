"""How a tenant writes the values of its fields, where the vendor's page does not tell: learnt from its records."""

from __future__ import annotations

from collections.abc import Iterable

from tui.client.json_values import list_of, text_of
from tui.model.customer import FieldSpec


class FieldEncoding:
    """In which shapes values came, by the vendor's own names of their fields (`param`).

    What is written takes the shape of what was read: a list, a number, a choice's key or its label. `lists` are the
    params whose values the vendor's page itself shows as lists.
    """

    def __init__(self, lists: Iterable[str] = ()) -> None:
        self._lists = set(lists)
        self._numbers: set[str] = set()
        self._keys: set[str] = set()
        self._labels: set[str] = set()

    def learn(self, param: str, value: object, spec: FieldSpec | None) -> None:
        """Note in which shape a record holds `value` for `param`, whose field is `spec` where it is known."""
        if isinstance(value, list):
            self._lists.add(param)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            self._numbers.add(param)
        texts = {text_of(item) for item in list_of(value)} if spec is not None and spec.choices else set()
        if spec is not None and texts:
            if texts & {choice.key for choice in spec.choices}:
                self._keys.add(param)
            if texts & {choice.label for choice in spec.choices if choice.label != choice.key}:
                self._labels.add(param)

    @property
    def lists(self) -> frozenset[str]:
        """The params whose values are lists, even where it is a list of one."""
        return frozenset(self._lists)

    def is_number(self, param: str) -> bool:
        """Whether the tenant holds `param`'s value as a JSON number."""
        return param in self._numbers

    def writes_labels(self, param: str) -> bool:
        """Whether the tenant's records hold the labels of `param`'s choices, and never their keys."""
        return param in self._labels and param not in self._keys
