"""A vendor that nobody foresaw: one class and one line of the registry, and the command line works on it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import cast
from urllib.parse import unquote, urlsplit

import pytest

from tests.cli.conftest import Kehu, kehu
from tui.client.service import DIALECTS, DialectEntry

__all__ = ["kehu"]


@pytest.fixture
def people() -> dict[str, dict[str, str]]:
    """What the vendor has, by id; the test changes and reads it as the vendor's own pages would."""
    return {"1": {"id": "1", "name": "李四", "company": "山田"}, "2": {"id": "2", "name": "Ann", "company": ""}}


@pytest.fixture
def vendor(people: dict[str, dict[str, str]]) -> Iterator[str]:
    """The address at which `people` are served over HTTP."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = unquote(urlsplit(self.path).path).removeprefix("/people").removeprefix("/")
            found = people.get(path, {"missing": path}) if path else {"people": list(people.values())}
            self.answer(found)

        def do_PUT(self) -> None:
            person = people[unquote(self.path).rpartition("/")[2]]
            person |= json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            self.answer(person)

        def answer(self, body: object) -> None:
            text = json.dumps(body).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, format: str, *args: object) -> None:
            """Print nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def profile(vendor: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A profile `fourth` of that vendor, chosen by the environment."""
    entry = DialectEntry("tests.client.fourth:FourthService", "Fourth", signed=False, fields=("id", "name", "company"))
    monkeypatch.setitem(cast("dict[str, DialectEntry]", DIALECTS), "fourth", entry)
    path = tmp_path / "kehu.toml"
    path.write_text(f'[profiles.fourth]\ndialect = "fourth"\nbase_url = "{vendor}"\ntoken = "secret"\n', "utf-8")
    path.chmod(0o600)
    monkeypatch.setenv("KEHU_CONFIG", str(path))
    monkeypatch.setenv("KEHU_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("KEHU_PROFILE", "fourth")


@pytest.mark.usefixtures("profile")
def test_a_fourth_vendor_is_listed_found_shown_and_edited(kehu: Kehu, people: dict[str, dict[str, str]]) -> None:
    assert [item["name"] for item in kehu("list", "--json").json()["items"]] == ["李四", "Ann"]
    assert kehu("find", "山田", "--json").json()["items"][0]["id"] == "1"
    assert kehu("edit", "2", "--set", "company=高山", "--json").code == 0
    assert people["2"]["company"] == "高山"
    assert kehu("show", "2", "--json").json()["company"] == "高山"


@pytest.mark.usefixtures("profile")
def test_what_a_fourth_vendor_lacks_is_refused_by_name(kehu: Kehu) -> None:
    run = kehu("delete", "1", "--yes", "--json")
    assert run.code == 2
    assert run.error()["kind"] == "unsupported"
    assert kehu("show", "3", "--json").error()["kind"] == "not_found"
