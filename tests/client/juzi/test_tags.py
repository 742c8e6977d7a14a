"""Corp tags."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.client.juzi.conftest import Open
from tests.client.juzi.samples import TOKEN
from tests.client.loopback import Answer, Loopback
from tui.model.customer import Tag, TagGroup, TagKind


async def test_corp_tags_are_read_in_the_vendors_order(vendor: Loopback, juzi: Open) -> None:
    groups = [
        {
            "id": "g1",
            "name": "等级",
            "createTimestamp": 1604048292000,
            "order": 2,
            "tags": [
                {"id": "t2", "name": "普通", "createTimestamp": 0, "order": 2},
                {"id": "t1", "name": "重要", "createTimestamp": 0, "order": "1"},
            ],
        },
        {"id": "g2", "name": "来源", "createTimestamp": 0, "order": 1, "tags": None},
    ]
    vendor.then(Answer({"errcode": 0, "errmsg": "ok", "data": groups}))
    assert await juzi().tags() == (
        TagGroup(
            id="g1",
            name="等级",
            order=2,
            created_at=datetime(2020, 10, 30, 8, 58, 12, tzinfo=UTC),
            tags=(
                Tag(name="重要", group="等级", kind=TagKind.CORP, id="t1"),
                Tag(name="普通", group="等级", kind=TagKind.CORP, id="t2"),
            ),
        ),
        TagGroup(id="g2", name="来源", order=1),
    )
    await juzi().tags(sync=True)
    assert [seen.path for seen in vendor.seen] == ["/api/v1/tag/list"] * 2
    assert [seen.query for seen in vendor.seen] == [{"token": TOKEN}, {"token": TOKEN, "isSync": "true"}]
