"""`kehu list --all` and `kehu sync` while rows come and go, and at a vendor that gives fewer rows a page than asked."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Kehu
from tests.client.loopback import Answer, Loopback, Seen
from tests.client.useasy.tenant import good
from tests.pace import first_is_fast
from tests.vendor_list import ListVendor, record

pytestmark = pytest.mark.usefixtures("data_dir")

COUNT = 95


class Elsewhere:
    """A loopback vendor in a thread of its own: the command blocks this one."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        self.server = Loopback()
        asyncio.run_coroutine_threadsafe(self.server.start(), self._loop).result()

    def close(self) -> None:
        asyncio.run_coroutine_threadsafe(self.server.stop(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    elsewhere = Elsewhere()
    yield elsewhere
    elsewhere.close()


@pytest.fixture
def juzi(elsewhere: Elsewhere, config: Callable[[str], Path]) -> ListVendor:
    vendor = ListVendor(elsewhere.server, COUNT)
    config(f'[profiles.team]\ndialect = "juzi"\nbase_url = "{vendor.url}"\ntoken = "t"\n')
    return vendor


class Useasy:
    """A useasy tenant with a limit of rows a page."""

    def __init__(self, server: Loopback, count: int) -> None:
        self.people = [{"_id": str(10**17 + number), "customerName": f"客户{number}"} for number in range(count)]
        self.limit = 30
        self.refuses = False
        self.holds: Callable[[dict[str, Any]], bool] = lambda person: True
        """Whom the vendor shows; the others it only counts."""
        self.before_page: Callable[[int], None] = lambda page: None
        self.searches: list[Any] = []
        server.handler = self._answer

    async def _answer(self, seen: Seen) -> Answer:
        if not seen.path.endswith("/crm/list"):
            return Answer(good([]))
        assert isinstance(seen.body, dict)
        page, size = seen.body["page"], seen.body["limit"]
        self.searches.append(seen.body["search"])
        self.before_page(page)
        if size > self.limit and self.refuses:
            return Answer({"success": False, "code": "1001", "message": "limit超出范围"})
        size = min(size, self.limit)
        people = self.people
        for search in seen.body["search"]:
            people = [one for one in people if one.get(search["field"]) in search["value"]]
        some = [one for one in people[(page - 1) * size : page * size] if self.holds(one)]
        return Answer(good({"list": some, "count": len(people)}))


@pytest.fixture
def useasy(elsewhere: Elsewhere, config: Callable[[str], Path]) -> Useasy:
    config(
        f'[profiles.crm]\ndialect = "useasy"\nbase_url = "{elsewhere.server.url}"\napp_id = "1"\nsecret = "s"\n'
        "page_size = 40\n"
    )
    return Useasy(elsewhere.server, 1234)


def listed(run: Any) -> list[str]:
    return [json.loads(line)["id"] for line in run.out.splitlines()]


def every_page(vendor: ListVendor, *changes: str) -> Callable[[int], None]:
    """Before each page somebody comes to the head (`+`) or goes from it (`-`); at most so often as to end some time."""
    left = [60]
    number = iter(range(5000, 9000))

    def change(page: int) -> None:
        for what in changes if left[0] else ():
            left[0] -= 1
            if what == "+":
                vendor.people.insert(0, record(next(number)))
            else:
                del vendor.people[0]

    return change


@pytest.mark.parametrize("extra", [(), ("--owner", "rocky")])
@pytest.mark.parametrize(
    "changes", first_is_fast([("+", "-"), ("+",), ("-",), ("-", "+"), ("+", "+", "-"), ("-", "-"), ("+",) * 3])
)
def test_each_customer_is_listed_once_while_rows_come_and_go_at_the_head(
    kehu: Kehu, juzi: ListVendor, changes: tuple[str, ...], extra: tuple[str, ...]
) -> None:
    stayed = {person["externalUserId"] for person in juzi.people}
    juzi.before_page = every_page(juzi, *changes)
    run = kehu("list", "--all", "--size", "10", *extra)
    stayed &= {person["externalUserId"] for person in juzi.people}
    ids = listed(run)
    assert len(set(ids)) == len(ids)
    if run.code == 0:
        assert stayed <= set(ids)
        assert run.err == ""
    else:
        assert run.code == 1
        assert "list them again" in run.err


def test_a_list_that_moved_once_is_listed_whole(kehu: Kehu, juzi: ListVendor) -> None:
    def change(page: int) -> None:
        if page == 4:
            juzi.before_page = lambda page: None
            del juzi.people[5:8]
            juzi.people.insert(0, record(7000))

    juzi.before_page = change
    run = kehu("list", "--all", "--size", "10")
    assert (run.code, run.err) == (0, "")
    assert {person["externalUserId"] for person in juzi.people} <= set(listed(run))


def test_whom_the_vendor_counts_and_never_shows_is_told(kehu: Kehu, juzi: ListVendor) -> None:
    juzi.hidden = 7
    run = kehu("list", "--all", "--size", "10")
    assert (run.code, len(listed(run))) == (1, COUNT)
    assert "102" in run.err
    assert "7" in run.err


def test_an_id_that_the_vendor_lists_twice_is_listed_once(kehu: Kehu, juzi: ListVendor) -> None:
    juzi.people[7] = juzi.people[5]
    run = kehu("list", "--all", "--size", "10")
    assert (run.code, run.err) == (0, "")
    assert len(listed(run)) == COUNT - 1


@pytest.mark.parametrize("refuses", [False, True])
@pytest.mark.parametrize("limit", first_is_fast([30, 7, 100, 333, 1000]))
def test_a_vendor_with_a_smaller_page_is_listed_whole(kehu: Kehu, useasy: Useasy, limit: int, refuses: bool) -> None:
    useasy.limit, useasy.refuses = max(limit, 10) if refuses else limit, refuses
    run = kehu("list", "--all")
    assert (run.code, run.err) == (0, "")
    assert listed(run) == [person["_id"] for person in useasy.people]


@pytest.mark.parametrize("refuses", [False, True])
def test_a_sync_of_a_vendor_with_a_smaller_page_is_whole(kehu: Kehu, useasy: Useasy, refuses: bool) -> None:
    useasy.refuses = refuses
    run = kehu("sync", "--json")
    assert run.code == 0, run.err
    assert run.json()["held"] == len(useasy.people)
    assert kehu("find", "客户1233").out.split()


def test_a_page_of_the_desks_size_is_whole_at_a_vendor_with_a_smaller_one(kehu: Kehu, useasy: Useasy) -> None:
    for page in (1, 2, 31):
        found = kehu("list", "--page", str(page), "--json").json()
        ids = [person["_id"] for person in useasy.people[(page - 1) * 40 : page * 40]]
        assert [item["id"] for item in found["items"]] == ids
        assert (found["size"], found["total"]) == (40, len(useasy.people))


def test_a_vendor_that_hides_some_rows_has_no_smaller_page(kehu: Kehu, useasy: Useasy) -> None:
    useasy.limit = 1000
    useasy.holds = lambda person: int(person["_id"]) % 5 != 0
    run = kehu("list", "--all", "--size", "100")
    assert run.code == 1
    assert listed(run) == [person["_id"] for person in useasy.people if useasy.holds(person)]


def test_a_search_at_a_vendor_that_moves_lists_each_once(kehu: Kehu, useasy: Useasy) -> None:
    for person in useasy.people:
        person["createMethod"] = "API"
    number = iter(range(60))

    def change(page: int) -> None:
        if (count := next(number, None)) is not None:
            useasy.people.insert(0, {"_id": f"9{count}", "customerName": "新", "createMethod": "API"})

    useasy.before_page = change
    run = kehu("list", "--all", "--where", "createMethod:eq:API")
    ids = listed(run)
    assert len(set(ids)) == len(ids) >= 1234
    assert run.code == 0, run.err


@pytest.mark.parametrize(
    "typed", ["+86 132 3130 7283", "0086-13231307283", "１３２３１３０７２８３", "tel:+86-132-3130-7283"]
)
@pytest.mark.parametrize("kept", ["13231307283", "+8613231307283"])
def test_a_phone_is_searched_at_the_vendor_as_it_is_kept_there(
    kehu: Kehu, useasy: Useasy, typed: str, kept: str
) -> None:
    useasy.people[3]["mobile"] = kept
    run = kehu("list", "--json", "--where", f"phones:eq:{typed}")
    assert [item["id"] for item in run.json()["items"]] == [useasy.people[3]["_id"]]
    assert useasy.searches[0][0]["value"] == ["13231307283"]


def test_every_page_of_a_search_is_of_the_spelling_that_found_somebody(kehu: Kehu, useasy: Useasy) -> None:
    for person in useasy.people[:95]:
        person["mobile"] = "+8613231307283"
    run = kehu("list", "--all", "--size", "40", "--where", "phones:eq:132 3130 7283")
    assert (run.code, run.err) == (0, "")
    assert listed(run) == [person["_id"] for person in useasy.people[:95]]
