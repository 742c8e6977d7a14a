"""`read_only`: nothing is changed, by whichever way."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Kehu, Server, profile_text

WriteConfig = Callable[[str], Path]


def test_every_change_is_refused_with_the_reason_and_nothing_is_recorded(
    kehu: Kehu, config: WriteConfig, server: Server, tmp_path: Path
) -> None:
    config(profile_text(server, "useasy") + "read_only = true\n")
    key = kehu("list", "--size", "1", "--json").json()["items"][0]["id"]
    sheet = tmp_path / "follow.csv"
    sheet.write_text(f"customer,user_id,text\n{key},8310,x\n")
    for arguments in (
        ("add", "--set", "name=x"),
        ("edit", key, "--set", "name=x"),
        ("delete", key, "--yes"),
        ("follow", key, "--user", "8310", "--text", "x"),
        ("follow", "--file", str(sheet), "--user", "8310", "--yes"),
    ):
        run = kehu(*arguments)
        assert run.code == 2, (arguments, run)
        assert "read-only" in run.err, arguments
    assert kehu("journal", "--json").json() == []
    assert kehu("outbox", "--json").json() == []


def test_what_waited_before_is_not_sent_nor_again_nor_undone(kehu: Kehu, config: WriteConfig, server: Server) -> None:
    text = profile_text(server, "juzi")
    path = config(text)
    key = kehu("list", "--size", "1", "--json").json()["items"][0]["id"]
    assert kehu("remark", key, "--user", "rocky", "--remark", "changed").code == 0
    done = kehu("journal", "--json").json()[0]
    server.fail("drop-after:add_follow")
    assert kehu("follow", key, "--user", "rocky", "--text", "waits").code == 8
    server.fail()
    path.write_text(text + "read_only = true\n")
    (waiting,) = kehu("outbox", "--json").json()
    assert waiting["state"] == "unknown"
    for arguments in (("journal", "--undo", str(done["id"])), ("outbox", "retry", str(waiting["id"]), "--yes")):
        run = kehu(*arguments)
        assert run.code == 2, run
        assert "read-only" in run.err
    assert [one["state"] for one in kehu("outbox", "--json").json()] == ["unknown"]


def test_a_host_locks_it_for_all_and_no_profile_gets_round_it(
    kehu: Kehu, config: WriteConfig, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = tmp_path / "xdg/kehu/config.toml"
    host.parent.mkdir(parents=True)
    host.write_text('read_only = true\nlocked = ["read_only"]\n')
    monkeypatch.setenv("XDG_CONFIG_DIRS", str(tmp_path / "xdg"))
    config("read_only = false\n" + profile_text(server, "useasy") + "read_only = false\n")
    run = kehu("add", "--set", "name=x")
    assert run.code == 2
    assert "read_only is locked" in run.err
    assert "read-only" in run.err
    assert all(item["read_only"] for item in kehu("profile", "list", "--json").json())


@pytest.mark.usefixtures("data_dir")
def test_the_demo_is_read_only_too_where_all_is(kehu: Kehu, config: WriteConfig) -> None:
    config("read_only = true\n")
    key = kehu("list", "--size", "1", "--json").json()["items"][0]["id"]
    run = kehu("remark", key, "--remark", "x")
    assert run.code == 2
    assert "read-only" in run.err
    assert kehu("profile", "test").code == 0
