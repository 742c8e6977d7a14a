"""How the house has to stand: see `tests/house.py`, which says how it does."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import house

MOST_FILES = 400
"""Source files, `__init__` aside. More than that is no sin, but a reason to look what could be folded."""


@pytest.fixture(scope="module")
def modules() -> list[house.Module]:
    return house.modules()


def test_no_modules_import_one_another(modules: list[house.Module]) -> None:
    assert house.cycles(house.imports(modules)) == []


def test_no_file_name_and_no_class_name_stands_twice(modules: list[house.Module]) -> None:
    assert house.files_twice(modules) == {}
    assert house.classes_twice(modules) == {}


def test_what_libraries_keep_to_themselves_is_used_in_two_files_alone(modules: list[house.Module]) -> None:
    places = {access.partition(":")[0] for access in house.private_accesses(modules)}
    assert places - house.UPSTREAM == set()
    assert "widgets/upstream.py" in places, "the search itself finds nothing any more"


def test_there_are_no_more_files_than_a_stranger_can_look_through(modules: list[house.Module]) -> None:
    assert sum(module.path.stem != "__init__" for module in modules) <= MOST_FILES


def test_the_search_finds_names_of_a_library_that_a_class_of_ours_replaces_or_uses(tmp_path: Path) -> None:
    import ast

    node = ast.parse(
        "class A(B):\n def _build_driver(self): super()._close_all()\n def x(self): self._driver; self.public"
    ).body[0]
    assert isinstance(node, ast.ClassDef)
    assert {name for name, _line in house._uses(node) if name.startswith("_")} == {
        *("_build_driver", "_close_all", "_driver")
    }
    from textual.app import App

    assert {"_build_driver", "_driver", "_close_messages_no_wait"} <= house._private_parts(App)
