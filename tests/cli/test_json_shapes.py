"""The JSON of the command line has the agreed keys, no more and no fewer, for all three vendors."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from tests.cli.conftest import CUSTOMERS, Kehu

CUSTOMER = """
    id union_id name company gender kind phones emails wechat qq tags owner description custom follow_users
    created_at updated_at profile dialect
"""
FIELD = "code label type required editable enabled sensitive default choices cascade"
TYPES = "text textarea number percent date datetime choice choices cascade phone email attachment unknown"


def check_customer(customer: dict[str, object]) -> None:
    assert set(customer) == set(CUSTOMER.split())
    for name in ("phones", "emails", "wechat", "qq"):
        rows = customer[name]
        assert isinstance(rows, list)
        assert all(set(row) == {"value", "memo"} for row in rows)
    custom, users, tags = customer["custom"], customer["follow_users"], customer["tags"]
    assert isinstance(custom, list)
    assert isinstance(users, list)
    assert isinstance(tags, list)
    assert all(set(row) == {"code", "label", "value", "remark"} for row in custom)
    for user in users:
        assert set(user) == {"user_id", "name", "remark", "description", "added_at", "tags"}
        assert datetime.fromisoformat(user["added_at"]).tzinfo is not None
        tags = [*tags, *user["tags"]]
    assert all(set(tag) == {"group", "name", "kind", "id"} for tag in tags)
    for name in ("created_at", "updated_at"):
        moment = customer[name]
        assert moment is None or datetime.fromisoformat(str(moment)).tzinfo is not None


@pytest.mark.parametrize("profile", ["demo-juzi", "demo-useasy"])
def test_a_page(kehu: Kehu, data_dir: Path, profile: str) -> None:
    run = kehu("list", "--profile", profile, "--size", "7", "--page", "2", "--json")
    page = run.json()
    assert run.code == 0
    assert set(page) == {"page", "size", "total", "items"}
    assert (page["page"], page["size"], len(page["items"])) == (2, 7, 7)
    assert 7 < page["total"] <= CUSTOMERS
    for customer in page["items"]:
        check_customer(customer)
        assert (customer["profile"], customer["dialect"]) == (profile, profile.removeprefix("demo-"))


def test_one_customer_of_each_vendor_and_the_same_person(kehu: Kehu, data_dir: Path) -> None:
    juzi = kehu("list", "--size", "1", "--json").json()["items"][0]
    shown = kehu("show", juzi["id"], "--json").json()
    check_customer(shown)
    assert shown == juzi
    ima = kehu("--profile", "demo-ima", "show", juzi["id"], "--by", "external_id", "--json").json()
    check_customer(ima)
    assert ima["dialect"] == "ima"
    assert kehu("--profile", "demo-ima", "show", ima["id"], "--json").json()["id"] == ima["id"]


@pytest.mark.parametrize("profile", ["demo-useasy", "demo-ima"])
def test_the_field_configuration(kehu: Kehu, data_dir: Path, profile: str) -> None:
    fields = kehu("fields", "--profile", profile, "--json").json()
    assert {field["type"] for field in fields} <= set(TYPES.split())
    for field in fields:
        assert set(field) == set(FIELD.split())
        assert all(set(choice) == {"key", "label", "default"} for choice in field["choices"])
        if field["cascade"] is not None:
            check_cascade(field["cascade"])
    assert any(field["choices"] for field in fields)
    assert any(field["cascade"] for field in fields) == (profile == "demo-useasy")


def check_cascade(cascade: dict[str, object]) -> None:
    assert set(cascade) == {"levels", "required_levels", "children"}
    children = cascade["children"]
    while children:
        assert isinstance(children, list)
        assert set(children[0]) == {"key", "label", "children"}
        children = children[0]["children"]
