"""The field configuration of the sandbox's useasy account: fields of every kind, and what values each takes.

The shape is the page's CustomerFieldVO (section 6); `text_6ts9_1687316347239` is its example.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tui.sandbox.demo import WECOM_FIELD
from tui.sandbox.wire import RefusedError

ACCOUNT_ID: Final = "1090"
"""The account of the page's examples."""

Choice = tuple[str, str]
"""A choice's key and label."""


@dataclass(frozen=True, slots=True)
class UseasyField:
    """One field of the configuration, and what the page's record of it does not tell: whether it can be edited."""

    param: str
    name: str
    type: str = "text"
    status: int = 1
    searchable: bool = True
    system: bool = False
    required: bool = False
    editable: bool = True
    choices: Sequence[Choice] = ()
    default: str | None = None
    """The key of the default choice, which a new customer gets where none is given."""
    regions: bool = False
    """Whether it is a cascade over the regions."""


CONTACT_FIELDS: Final = frozenset({"mobile", "email", "qq", "wechat"})
"""The fields whose values are lists of `{value, memo}`."""

LEVEL_FIELD: Final = "select_e6t0_1687316347306"
PRODUCTS_FIELD: Final = "multi_select_f7u1_1687316347307"
REGION_FIELD: Final = "cascade_g8v2_1687316347308"
NUMBER_FIELD: Final = "auto_number_k2y5_1687316347311"
ADDRESS_FIELD: Final = "text_6ts9_1687316347239"
COMPANY_FIELD: Final = "text_company_1687316347241"
NOTE_FIELD: Final = "textarea_k3p1_1687316347302"
VOLUME_FIELD: Final = "number_b7q2_1687316347303"
SIGNED_FIELD: Final = "date_c4r8_1687316347304"
VISIT_FIELD: Final = "datetime_d5s9_1687316347305"
SPARE_PHONE_FIELD: Final = "phone_h9w3_1687316347309"
INVOICE_EMAIL_FIELD: Final = "email_j1x4_1687316347310"

SOURCES: Final = ("试用申请", "官网咨询", "展会", "转介绍", "电话来访", "公众号")
"""Where customers come from. The page's example sends such a label, so key and label are the same."""

LEVELS: Final = (("level_a", "重要客户"), ("level_b", "普通客户"), ("level_c", "潜在客户"))
PRODUCTS: Final = (
    ("prod_chat", "在线客服"),
    ("prod_call", "呼叫中心"),
    ("prod_ticket", "工单系统"),
    ("prod_bot", "智能机器人"),
)

REGIONS: Final[Mapping[str, tuple[str, Mapping[str, tuple[str, Mapping[str, str]]]]]] = {
    "310000": ("上海市", {"310100": ("市辖区", {"310115": "浦东新区", "310104": "徐汇区"})}),
    "110000": ("北京市", {"110100": ("市辖区", {"110105": "朝阳区", "110108": "海淀区"})}),
    "440000": ("广东省", {"440100": ("广州市", {"440106": "天河区"}), "440300": ("深圳市", {"440305": "南山区"})}),
    "330000": ("浙江省", {"330100": ("杭州市", {"330106": "西湖区"}), "330200": ("宁波市", {"330212": "鄞州区"})}),
    "320000": ("江苏省", {"320100": ("南京市", {"320106": "鼓楼区"}), "320500": ("苏州市", {"320508": "姑苏区"})}),
    "510000": ("四川省", {"510100": ("成都市", {"510107": "武侯区"})}),
    "420000": ("湖北省", {"420100": ("武汉市", {"420106": "武昌区"})}),
}
"""The cascade: province, city and district, each by its code."""

REGION_LEVELS: Final = 3
REGION_FILL_LEVEL: Final = 2
"""Province and city must be given where a region is given at all."""

FIELDS: Final[Mapping[str, UseasyField]] = {
    field.param: field
    for field in (
        UseasyField("customerName", "客户名字", system=True, required=True),
        UseasyField("mobile", "手机", "phone", system=True),
        UseasyField("email", "邮箱", "email", system=True),
        UseasyField("qq", "qq", system=True),
        UseasyField("wechat", "微信", system=True),
        UseasyField("owner", "归属", system=True),
        UseasyField("assignTime", "归属时间", "datetime", system=True),
        UseasyField("createMethod", "创建方式", system=True),
        UseasyField("visitorId", "访客进线id", system=True),
        UseasyField("openSeaIds", "公海", system=True, editable=False),
        UseasyField("createTime", "创建时间", "datetime", system=True, editable=False),
        UseasyField("updateTime", "更新时间", "datetime", system=True, editable=False),
        UseasyField(
            "customerSource", "客户来源", "multi_select", system=True, choices=[(name, name) for name in SOURCES]
        ),
        UseasyField(ADDRESS_FIELD, "详细地址", searchable=False),
        UseasyField(WECOM_FIELD, "企微客户ID"),
        UseasyField(COMPANY_FIELD, "公司名称"),
        UseasyField(NOTE_FIELD, "沟通纪要", "textarea", searchable=False),
        UseasyField(VOLUME_FIELD, "年采购额", "number"),
        UseasyField(SIGNED_FIELD, "签约日期", "date"),
        UseasyField(VISIT_FIELD, "下次回访时间", "datetime"),
        UseasyField(LEVEL_FIELD, "客户等级", "select", required=True, choices=LEVELS, default="level_b"),
        UseasyField(PRODUCTS_FIELD, "感兴趣的产品", "multi_select", choices=PRODUCTS),
        UseasyField(REGION_FIELD, "所在地区", "cascade", regions=True),
        UseasyField(SPARE_PHONE_FIELD, "备用电话", "phone"),
        UseasyField(INVOICE_EMAIL_FIELD, "发票邮箱", "email"),
        UseasyField(NUMBER_FIELD, "客户编号", "auto_number", editable=False),
        UseasyField("text_l3z6_1687316347312", "旧系统编号", status=0),
        UseasyField("text_m4a7_1687316347313", "已删除字段", status=-1, searchable=False),
    )
}

_SORT_FROM: Final = 29
"""So that the page's example keeps its `sort` of 42."""


def vo(field: UseasyField) -> dict[str, object]:
    """The field as the page's CustomerFieldVO; whether it is editable is not among its keys."""
    return {
        "accountId": ACCOUNT_ID,
        "glFieldId": field.param,
        "field": field.param,
        "name": field.name,
        "param": field.param,
        "type": field.type,
        "status": field.status,
        "searchable": field.searchable,
        "oplog": False,
        "choices": [{"key": key, "value": label, "isDefault": key == field.default} for key, label in field.choices]
        or None,
        "options": _region_options() if field.regions else None,
        "createTime": "2023-06-21 11:02:18",
        "updateTime": "2023-06-21 11:02:18",
        "createAgent": "662772464553308160",
        "updateAgent": "662772464553308160",
        "scenes": None,
        "sort": _SORT_FROM + list(FIELDS).index(field.param),
        "isSystem": field.system,
        "required": field.required,
    }


def _region_options() -> dict[str, object]:
    return {
        "level": REGION_LEVELS,
        "fillLevel": REGION_FILL_LEVEL,
        "children": [
            {
                "key": code,
                "value": name,
                "children": [
                    {
                        "key": city,
                        "value": city_name,
                        "children": [{"key": key, "value": label} for key, label in districts.items()],
                    }
                    for city, (city_name, districts) in cities.items()
                ],
            }
            for code, (name, cities) in REGIONS.items()
        ],
    }


def check_value(field: UseasyField, value: object) -> None:
    """Refuse a value that this field cannot hold.

    Raises:
        RefusedError: in the vendor's words, with the field's name.
    """
    if field.param in CONTACT_FIELDS:
        fits = isinstance(value, list) and all(_is_contact(row) for row in value)
    elif field.regions:
        fits = _is_region(value)
    elif field.type == "multi_select":
        keys = {key for key, _ in field.choices}
        fits = isinstance(value, list) and all(isinstance(key, str) and key in keys for key in value)
    elif field.choices:
        fits = value in [key for key, _ in field.choices]
    else:
        fits = _VALUES[field.type](value)
    if not fits:
        raise RefusedError("400", f"字段值格式错误: {field.name}({field.param})")


def _is_contact(row: object) -> bool:
    """PhoneProperty and its like: a value, and a memo or none."""
    if not isinstance(row, dict):
        return False
    value, memo = row.get("value"), row.get("memo")
    return isinstance(value, str) and bool(value.strip()) and (memo is None or isinstance(memo, str))


def _is_region(value: object) -> bool:
    """A path of codes from the province down, at least as long as must be filled."""
    if not isinstance(value, list) or not REGION_FILL_LEVEL <= len(value) <= REGION_LEVELS:
        return False
    if not all(isinstance(code, str) for code in value):
        return False
    _, cities = REGIONS.get(value[0], ("", {}))
    _, districts = cities.get(value[1], ("", {}))
    return value[1] in cities and (len(value) < REGION_LEVELS or value[2] in districts)


def _matches(pattern: str) -> Callable[[object], bool]:
    compiled = re.compile(pattern)
    return lambda value: isinstance(value, str) and compiled.fullmatch(value) is not None


def _is_number(value: object) -> bool:
    if isinstance(value, str):
        return re.fullmatch(r"-?\d+(\.\d+)?", value) is not None
    return isinstance(value, int | float) and not isinstance(value, bool)


_DATE: Final = r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
_VALUES: Final[Mapping[str, Callable[[object], bool]]] = {
    "text": lambda value: isinstance(value, str),
    "textarea": lambda value: isinstance(value, str),
    "number": _is_number,
    "date": _matches(_DATE),
    "datetime": _matches(_DATE + r" ([01]\d|2[0-3])(:[0-5]\d){2}"),
    "phone": _matches(r"\+?[\d\s-]{5,20}"),
    "email": _matches(r"[^@\s]+@[^@\s]+"),
}
"""By type, whether a value that is no choice and no contact list has its form."""
