"""What `kehu doctor` tells of the configuration's keys."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cli.conftest import Kehu


@pytest.mark.usefixtures("data_dir")
def test_doctor_tells_every_key_that_is_not_in_force(kehu: Kehu, tmp_path: Path) -> None:
    file = tmp_path / "kehu.toml"
    file.write_text('[keys]\nedit = "ctl+x"\nfrom.next = "f6"\nremark = "d"\n', encoding="utf-8")
    run = kehu("doctor", "--config", str(file), "--json")
    found = [(one["ok"], one["found"]) for one in run.json() if one["topic"] == "keys"]
    assert [ok for ok, _found in found] == [False] * 3
    assert [re.search(r"keys\.\S+", text)[0] for _ok, text in found] == ["keys.edit", "keys.remark", "keys.from.next"]  # type: ignore[index]
    assert run.code == 3
    file.write_text('[keys]\nrefresh = "f5"\n', encoding="utf-8")
    assert "1 command has keys of its own" in kehu("doctor", "--config", str(file)).out
