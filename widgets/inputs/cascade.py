"""An input of a path through a tree: province, city, district."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from widgets.inputs.base import Value, as_keys
from widgets.inputs.messages import ENGLISH, Words
from widgets.inputs.picker import PickerInput, PickOption

_STOP = ""
"""The key of the row that ends a path above its last level; no vendor's key is empty."""

_JOINT = " › "


@dataclass(frozen=True)
class CascadeNode:
    """One node of the tree."""

    key: str
    label: str
    children: tuple[CascadeNode, ...] = ()


class CascadeInput(PickerInput):
    """A path chosen level by level; the value is the keys, outermost first.

    The list goes a level deeper with each pick, and closes after the last. Where `required_levels` are chosen, its
    first row ends the path there. Backspace goes a level up; Escape leaves the path as it was.
    """

    def __init__(
        self,
        nodes: Sequence[CascadeNode],
        *,
        required_levels: int = 0,
        clearable: bool = True,
        words: Words = ENGLISH,
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(clearable=clearable, words=words, name=name, id=id, classes=classes)
        self._roots = tuple(nodes)
        self.required_levels = required_levels
        self._keys: tuple[str, ...] = ()
        self._path: tuple[str, ...] = ()
        """What was picked since the list opened."""

    def offer(self, nodes: Sequence[CascadeNode]) -> None:
        """Have the tree of `nodes` to choose from; where it is another than before, nothing is chosen."""
        if self._roots and tuple(nodes) != self._roots:
            self._keys = ()
        self._roots = tuple(nodes)
        self.refresh()

    @property
    def value(self) -> Value:
        return self._keys

    def set_value(self, value: Value) -> None:
        self._keys = as_keys(value)
        self.refresh()

    @property
    def problem(self) -> str | None:
        nodes = self._roots
        for key in self._keys:
            node = _find(nodes, key)
            if node is None:
                return self.words.not_choice.format(value=key)
            nodes = node.children
        if not self._keys or len(self._keys) >= self.required_levels or not nodes:
            return None
        return self.words.more_levels.format(required=self.required_levels, chosen=len(self._keys))

    def summary(self) -> str:
        keys = self._path if self.is_open else self._keys
        labels, nodes = [], self._roots
        for key in keys:
            node = _find(nodes, key)
            labels.append(node.label if node else key)
            nodes = node.children if node else ()
        deeper = self.is_open and labels
        return _JOINT.join([*labels, "…"] if deeper else labels)

    def choices(self) -> list[PickOption]:
        nodes = self._level(self._path)
        stop = (
            [PickOption(_STOP, self.words.up_to_here)] if self._path and len(self._path) >= self.required_levels else []
        )
        more = [PickOption(node.key, node.label, detail="›" if node.children else "") for node in nodes]
        return stop + more

    @property
    def start_key(self) -> str:
        depth = len(self._path)
        return self._keys[depth] if self._keys[:depth] == self._path and depth < len(self._keys) else _STOP

    def open(self, text: str = "") -> None:
        if not self.is_open:
            self._path = ()
        super().open(text)

    def pick(self, choice: PickOption) -> None:
        if choice.key != _STOP:
            self._path = (*self._path, choice.key)
            if self._level(self._path):
                self.open()
                self.refresh()
                return
        chosen = self._path
        self.close()
        self._choose(chosen)

    def action_backspace(self) -> None:
        if self._options is not None and not self._options.filter and self._path:
            self._path = self._path[:-1]
            self.open()
            self.refresh()
        elif self._options is None or self._options.filter:
            super().action_backspace()

    def clear(self) -> None:
        self._choose(())

    def _choose(self, keys: tuple[str, ...]) -> None:
        if keys != self._keys:
            self._keys = keys
            self.post_message(self.Changed(self))
        self.refresh()

    def _level(self, path: tuple[str, ...]) -> tuple[CascadeNode, ...]:
        nodes = self._roots
        for key in path:
            node = _find(nodes, key)
            nodes = node.children if node else ()
        return nodes


def _find(nodes: Sequence[CascadeNode], key: str) -> CascadeNode | None:
    return next((node for node in nodes if node.key == key), None)
