"""Each vendor's records of one invented person, and where the three disagree.

All three have a person's juzi external user id: ima as `externalId`, useasy in its field 企微客户ID. About one person
in twenty has a phone, e-mail, company or name that differs between the vendors, or a phone written in another way.
"""

from collections.abc import Iterator, Sequence
from time import gmtime, strftime
from typing import Final, TypeVar

from tui.sandbox import ima_fields, useasy_fields
from tui.sandbox.demo import WECOM_FIELD
from tui.sandbox.ima import china_time, masked, new_detail
from tui.sandbox.sample_people import SamplePerson, phone
from tui.sandbox.useasy import PUBLIC_POOL
from tui.sandbox.vocabulary import COMPANIES, MEMOS, NOTES, STAFF, STREETS
from tui.sandbox.wire import useasy_id

T = TypeVar("T")
Row = tuple[object, ...]

NEWEST: Final = 1_763_632_800
"""2025-11-20 18:00 in China: the newest record of useasy was created then."""

_SPAN: Final = 5 * 365 * 86_400
"""The oldest record of useasy is five years older."""

_TWIN_OFFSET: Final = 75
"""A person's second record in useasy stands so many positions behind the first: odd, where first records are even."""

_COMPANY_FROM: Final = 100_000
"""The id of the first company in ima; ids have six digits."""

_OTHER: Final = 3_000_000
"""Added to an ordinal, it gives a phone number that nobody has: sandboxes end at a million or so."""


def company_rows() -> Iterator[Row]:
    """The rows of `ima_company`."""
    return ((_COMPANY_FROM + index, name) for index, name in enumerate(COMPANIES))


def juzi_row(person: SamplePerson) -> Row:
    """The row of `juzi_customer`."""
    return (
        person.ordinal,
        person.external_user_id,
        person.union_id,
        person.name,
        person.avatar,
        person.gender,
        person.kind,
    )


def juzi_follow_rows(person: SamplePerson, ranks: list[int]) -> Iterator[Row]:
    """The rows of `juzi_follow_user`; `ranks` counts each staff member's customers, and is counted on."""
    for place, follow in enumerate(person.follows):
        ranks[follow.staff] += 1
        yield (
            person.ordinal,
            place,
            STAFF[follow.staff].user_id,
            ranks[follow.staff],
            follow.remark,
            follow.description,
            follow.added * 1000,
            follow.state,
            person.phone if follow.shows_mobile else None,
            " ".join(map(str, follow.tags)),
        )


def useasy_records(person: SamplePerson, customers: int) -> Iterator[tuple[int, dict[str, object]]]:
    """The person's records in useasy, each with its position: one, none, or two."""
    if not person.in_useasy:
        return
    position = 2 * person.ordinal
    yield position, _useasy_record(person, position, customers)
    if person.twice:
        position += _TWIN_OFFSET
        twin = _useasy_record(person, position, customers)
        twin["mobile"] = [{"value": _spelt_out(person.phone), "memo": "重复录入"}]
        yield position, twin


def _useasy_record(person: SamplePerson, position: int, customers: int) -> dict[str, object]:
    draws = person.draws
    created = china_time(NEWEST - position * _SPAN // (2 * customers))
    assigned = draws[0] < 0.9
    owner = STAFF[person.follows[0].staff].agent
    record: dict[str, object] = {"accountId": useasy_fields.ACCOUNT_ID, "createTime": created}
    if assigned:
        record |= {"owner": owner, "assignTime": created, "firstOwner": owner, "firstAssignTime": created}
    else:
        record["openSeaIds"] = [PUBLIC_POOL]
    record |= {
        "createMethod": _pick(("API", "API", "导入", "手动", ""), draws[1]),
        "createAgent": "openApi",
        "updateAgent": "openApi",
        "updateTime": created,
        "_id": useasy_id(position),
        "customerName": f"{person.name}(新)" if person.differs == "name" else person.name,
        "mobile": _mobile(person),
        WECOM_FIELD: person.external_user_id,
        useasy_fields.LEVEL_FIELD: _pick(useasy_fields.LEVELS, draws[2])[0],
        useasy_fields.NUMBER_FIELD: f"KH{person.ordinal:08d}",
    }
    if person.email:
        record["email"] = [{"value": person.email, "memo": _pick(MEMOS, draws[3])}]
    if person.company is not None:
        other = 7 if person.differs == "company" else 0
        record[useasy_fields.COMPANY_FIELD] = COMPANIES[(person.company + other) % len(COMPANIES)]
    if draws[4] < 0.4:
        record["wechat"] = [{"value": f"wx_{person.latin.replace('.', '')}{person.ordinal}", "memo": ""}]
    if draws[5] < 0.2:
        record["qq"] = [{"value": str(10_000_000 + person.ordinal), "memo": ""}]
    if draws[6] < 0.8:
        record["customerSource"] = [_pick(useasy_fields.SOURCES, draws[6] / 0.8)]
        record[useasy_fields.REGION_FIELD] = list(person.place.codes)
        record[useasy_fields.ADDRESS_FIELD] = _address(person)
    if draws[7] < 0.6:
        record[useasy_fields.VOLUME_FIELD] = int(draws[7] * 1000) * 500
        count = 1 + int(draws[7] * 5)
        record[useasy_fields.PRODUCTS_FIELD] = [key for key, _ in useasy_fields.PRODUCTS[:count]]
    if draws[8] < 0.4:
        record[useasy_fields.SIGNED_FIELD] = _date(person.follows[0].added, draws[8])
        record[useasy_fields.VISIT_FIELD] = china_time(NEWEST + int(draws[8] * 1000) * 1800)
    if draws[9] < 0.15:
        record[useasy_fields.NOTE_FIELD] = _pick(NOTES, draws[9] / 0.15)
    if draws[10] < 0.1:
        record[useasy_fields.SPARE_PHONE_FIELD] = phone(2 * _OTHER + person.ordinal)
        record[useasy_fields.INVOICE_EMAIL_FIELD] = f"invoice.{person.ordinal}@example.com"
    return record


def _mobile(person: SamplePerson) -> list[dict[str, str]]:
    first = _spelt_out(person.phone) if person.differs == "format" else person.phone
    rows = [{"value": first, "memo": _pick(MEMOS, person.draws[11])}]
    if person.draws[11] < 0.15:
        rows.append({"value": phone(_OTHER + person.ordinal), "memo": "备用"})
    return rows


def ima_detail(person: SamplePerson) -> dict[str, object]:
    """The person's CustomerDetail in ima."""
    draws = person.draws
    differs = person.differs
    added = person.follows[0].added
    detail = new_detail(person.ordinal, _odd_time(added, person.ordinal))
    owner = STAFF[person.follows[0].staff]
    number = phone(4 * _OTHER + person.ordinal) if differs == "phone" else person.phone
    customer = detail["customer"]
    assert isinstance(customer, dict)
    customer |= {
        "externalId": person.external_user_id,
        "name": person.name,
        "phone": number,
        "phoneDesensitive": masked(number),
        "principalId": int(owner.agent),
        "principalName": owner.name,
        "productId": "wecom",
        "staffId": int(owner.agent),
        "updateTime": china_time(added + int(draws[0] * 300) * 86_400),
    }
    if person.email:
        customer["email"] = f"old.{person.email}" if differs == "email" else person.email
    if person.landline:
        customer["telephone"] = person.landline
    if draws[1] < 0.5:
        customer["tag"] = ",".join(("重要客户", "已签约", "老客户")[: 1 + int(draws[1] * 6)])
    if draws[2] < 0.3:
        customer["desc"] = _pick(NOTES, draws[2] / 0.3)
    if person.company is not None:
        customer["customerGroupId"] = str(_COMPANY_FROM + person.company)
        detail["customerGroupName"] = COMPANIES[person.company]
    detail |= {"productName": "企业微信", "staffName": owner.name, "customerDictList": list(_dict_list(person))}
    return detail


def _dict_list(person: SamplePerson) -> Iterator[dict[str, str]]:
    draws = person.draws
    values = {"1004": _pick(ima_fields.LEVELS, draws[2])}
    if draws[3] < 0.6:
        values["1001"] = _pick(("采购经理", "总经理", "运营主管", "财务", "Store manager"), draws[3] / 0.6)
    if draws[4] < 0.5:
        values["1003"] = ",".join(ima_fields.INTERESTS[: 1 + int(draws[4] * 8)])
        values["1005"] = ",".join(ima_fields.CHANNELS[: 1 + int(draws[4] * 8)])
    if draws[5] < 0.5:
        values |= {"1006": _pick(ima_fields.TERMS, draws[5] * 2), "1007": str(int(draws[5] * 2000)), "1008": "9.5"}
    if draws[8] < 0.4:
        values |= {
            "1009": _date(person.follows[0].added, draws[8]),
            "1010": china_time(NEWEST - person.ordinal % 997 * 3600),
        }
    if draws[10] < 0.1:
        values |= {"1011": "https://files.example.com/contract.pdf", "1012": phone(2 * _OTHER + person.ordinal)}
    if draws[9] < 0.1:
        values["1002"] = _pick(NOTES, draws[9] * 10)
    for code, value in values.items():
        yield {"dictCode": code, "remark": "已核实" if draws[7] < 0.1 else "", "value": value}


def _pick(choices: Sequence[T], drawn: float) -> T:
    return choices[int(drawn * len(choices))]


def _address(person: SamplePerson) -> str:
    street = _pick(STREETS, person.draws[7])
    return f"{person.place.words}{street}{1 + int(person.draws[3] * 900)}号"


def _spelt_out(number: str) -> str:
    """The same phone number as another person would write it."""
    return f"+86 {number[:3]}-{number[3:7]}-{number[7:]}"


def _date(seconds: int, drawn: float) -> str:
    return china_time(seconds + int(drawn * 400) * 86_400)[:10]


def _odd_time(seconds: int, ordinal: int) -> str:
    """A time as ima writes it: one in seven comes in the other form of a date-time, with its zone."""
    if ordinal % 7:
        return china_time(seconds)
    return strftime("%Y-%m-%dT%H:%M:%S.000+0000", gmtime(seconds))
