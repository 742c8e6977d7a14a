"""How the house stands, in figures: `uv run python -m tests.house`.

Counts the source files and lines of `tui/`, `widgets/` and `styles/`, the import cycles (those under `TYPE_CHECKING`
included), the file and class names that stand twice, and the accesses to what a library keeps private: underscored
names of things that are not the module's own, modules with such a name, and what classes of ours replace or use, as
their own, of the parts that Textual's and Rich's classes keep to themselves.
`tests/test_house.py` holds the limits; this prints what there is, so that a change can be compared before and after.
"""

from __future__ import annotations

import ast
import importlib
import inspect
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
ROOMS = ("tui", "widgets", "styles")
"""The folders that are installed."""

DIALECTS = "tui/client/"
"""Where each dialect has a folder, whose files are called alike."""

FEATURES = frozenset({"batch", "drafts", "duplicates", "insights", "journal", "linked", "outbox", "sync", "team"})
"""What one feature is called in every room that has a part of it."""

PUBLIC = frozenset({"_asdict", "_exit", "_fields", "_make", "_replace"})
"""Names with an underscore that Python's documentation gives to everybody."""


@dataclass(frozen=True, slots=True)
class Module:
    """A source file: its dotted name, its path below the project's folder, its text parsed."""

    name: str
    path: Path
    lines: int
    tree: ast.Module


def modules(root: Path = ROOT) -> list[Module]:
    """Return every module below `root`'s rooms, in the order of their names."""
    found = []
    for room in ROOMS:
        for path in (root / room).rglob("*.py"):
            inside = path.relative_to(root)
            name = ".".join(inside.with_suffix("").parts).removesuffix(".__init__")
            text = path.read_text(encoding="utf-8")
            found.append(Module(name, inside, text.count("\n"), ast.parse(text)))
    return sorted(found, key=lambda module: module.name)


def imports(found: list[Module]) -> dict[str, set[str]]:
    """Return which of the project's modules each one imports, wherever in the file the import stands."""
    names = {module.name for module in found}
    graph: dict[str, set[str]] = {name: set() for name in names}
    for module in found:
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Import):
                graph[module.name] |= {alias.name for alias in node.names} & names
            elif isinstance(node, ast.ImportFrom) and node.module in names:
                whole = {f"{node.module}.{alias.name}" for alias in node.names}
                graph[module.name] |= whole & names or {node.module}
    return {name: used - {name} for name, used in graph.items()}


def cycles(graph: Mapping[str, set[str]]) -> list[list[str]]:
    """Return the groups of modules that import one another, the largest first (Tarjan's algorithm)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    open_: list[str] = []
    groups: list[list[str]] = []

    def visit(name: str) -> None:
        index[name] = low[name] = len(index)
        open_.append(name)
        for other in sorted(graph[name]):
            if other not in index:
                visit(other)
                low[name] = min(low[name], low[other])
            elif other in open_:
                low[name] = min(low[name], index[other])
        if low[name] == index[name]:
            group = open_[open_.index(name) :]
            del open_[open_.index(name) :]
            if len(group) > 1:
                groups.append(sorted(group))

    for name in sorted(graph):
        if name not in index:
            visit(name)
    return sorted(groups, key=len, reverse=True)


def files_twice(found: list[Module]) -> dict[str, list[str]]:
    """Return the file names that stand at two places, the parallel names of dialects and features aside."""
    places: dict[str, set[str]] = {}
    for module in found:
        name, path, room = module.path.stem, module.path.as_posix(), module.path.parts[0]
        if not name.startswith("__") and name not in FEATURES and path not in UPSTREAM and room != "styles":
            places.setdefault(name, set()).add(DIALECTS if path.startswith(DIALECTS) else path)
    return {name: sorted(where) for name, where in places.items() if len(where) > 1}


def classes_twice(found: list[Module]) -> dict[str, list[str]]:
    """Return the class names that are defined in two modules."""
    places: dict[str, list[str]] = {}
    for module in found:
        for node in module.tree.body:
            if isinstance(node, ast.ClassDef):
                places.setdefault(node.name, []).append(module.name)
    return {name: where for name, where in places.items() if len(where) > 1}


UPSTREAM = frozenset({"tui/app/upstream.py", "widgets/upstream.py"})
"""The files where such accesses may stand, each with why."""

LIBRARIES = frozenset({"rich", "textual"})
"""Whose classes ours are made from."""


def inherited_accesses(found: list[Module]) -> list[str]:
    """Return what of a library class's private parts a class of ours that is one replaces, sets or reads."""
    told = []
    for module in found:
        classes = [node for node in module.tree.body if isinstance(node, ast.ClassDef) and node.bases]
        if not classes or not _knows_library(module):
            continue
        loaded = importlib.import_module(module.name)
        for node in classes:
            names = _private_parts(getattr(loaded, node.name))
            told += [f"{module.path.as_posix()}:{line} {name}" for name, line in _uses(node) if name in names]
    return told


def _knows_library(module: Module) -> bool:
    text = {name.partition(".")[0] for name in _imported(module.tree)}
    return bool(text & (LIBRARIES | {"widgets"}))


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def _uses(node: ast.ClassDef) -> Iterator[tuple[str, int]]:
    """Give the underscored names that the class defines, or has of itself or of what it is made from, and where."""
    for part in ast.walk(node):
        if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef):
            yield part.name, part.lineno
        elif isinstance(part, ast.Attribute) and (_is_self(part.value) or _is_super(part.value)):
            yield part.attr, part.lineno


def _is_super(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "super"


def _private_parts(cls: type) -> set[str]:
    """Return the underscored names that the library's classes among the bases of `cls` define or set on themselves."""
    bases = [base for base in cls.__mro__ if base.__module__.partition(".")[0] in LIBRARIES]
    names = set().union(*map(vars, bases), *(_set_on_self(base.__module__) for base in bases))
    return {name for name in names if name.startswith("_") and not name.startswith("__")}


@cache
def _set_on_self(module: str) -> frozenset[str]:
    """Return the names that the methods in a library's `module` set on their own objects."""
    tree = ast.parse(inspect.getsource(importlib.import_module(module)))
    return frozenset(
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and _is_self(node.value)
    )


def private_accesses(found: list[Module]) -> list[str]:
    """Return the accesses to an underscored name of something that is not the module's own, as `path:line name`."""
    told = inherited_accesses(found)
    for module in found:
        told += [
            f"{module.path.as_posix()}:0 {name}"
            for name in _imported(module.tree)
            if any(part.startswith("_") and not part.startswith("__") for part in name.split("."))
        ]
        own = set(_defined(module.tree))
        for node in ast.walk(module.tree):
            if not isinstance(node, ast.Attribute) or not node.attr.startswith("_") or node.attr.startswith("__"):
                continue
            if node.attr not in own | PUBLIC and not _is_self(node.value):
                told.append(f"{module.path.as_posix()}:{node.lineno} {node.attr}")
    return told


def _defined(tree: ast.Module) -> Iterator[str]:
    """Give the underscored names that the module defines: methods, attributes that it sets, slots, fields."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and _is_self(node.value):
            yield node.attr
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isidentifier():
            yield node.value


def _is_self(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id in ("self", "cls")


def report(root: Path = ROOT) -> str:
    """Return the figures as text, a line each, with what stands behind those that should be zero."""
    found = modules(root)
    circles = cycles(imports(found))
    same_files, same_classes, private = files_twice(found), classes_twice(found), private_accesses(found)
    rooms = Counter(module.path.parts[0] for module in found)
    lines = [
        f"source files       {len(found)} ({', '.join(f'{room} {count}' for room, count in sorted(rooms.items()))})",
        f"  without __init__ {sum(module.path.stem != '__init__' for module in found)}",
        f"source lines       {sum(module.lines for module in found)}",
        f"import cycles      {len(circles)}",
        *(f"  {' '.join(group)}" for group in circles),
        f"file names twice   {len(same_files)}",
        *(f"  {name}: {' '.join(where)}" for name, where in sorted(same_files.items())),
        f"class names twice  {len(same_classes)}",
        *(f"  {name}: {' '.join(where)}" for name, where in sorted(same_classes.items())),
        f"private accesses   {len(private)}, in {len({one.partition(':')[0] for one in private})} files",
        *(f"  {one}" for one in private if one.partition(":")[0] not in UPSTREAM),
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    print(report())
