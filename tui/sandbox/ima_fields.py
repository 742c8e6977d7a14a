"""The field definitions of the sandbox's ima tenant: every type there is, with the oddities that the guide tells of.

Types: 0 text, 1 text of several lines, 2 drop-down of several, 3 drop-down of one, 4 check boxes, 5 radio buttons,
6 number, 7 per cent, 8 date, 9 date and time, 10 attachment, 11 mobile phone, 12 contact phone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tui.sandbox.wire import encode


@dataclass(frozen=True, slots=True)
class Definition:
    """One field of ima, system or custom."""

    code: str
    name: str
    type: int
    system: bool = False
    company: bool = False
    """Whether it is a field of the company's form, not the customer's."""
    required: bool = False
    sensitive: bool = False
    on: bool = True
    options: Sequence[str] = ()
    plain_options: bool = False
    """Whether `typeDefine` is a list of texts; else it is a list of `{key, value}`."""
    default: str = ""
    description: str = ""


LEVELS: Final = ("重要", "普通", "潜在")
INTERESTS: Final = ("在线客服", "呼叫中心", "工单", "机器人")
TERMS: Final = ("月结", "预付", "货到付款")
CHANNELS: Final = ("电话", "微信", "邮件", "上门")

DEFINITIONS: Final = (
    Definition("name", "客户名称", 0, system=True, required=True),
    Definition("phone", "手机号", 11, system=True, sensitive=True),
    Definition("telephone", "联系电话", 12, system=True),
    Definition("email", "邮箱", 0, system=True),
    Definition("desc", "描述", 1, system=True),
    Definition("1001", "职位", 0, description="名片上的职位"),
    Definition("1002", "服务要求", 1),
    Definition("1003", "感兴趣的产品", 2, options=INTERESTS),
    Definition("1004", "客户等级", 3, required=True, options=LEVELS, default="普通"),
    Definition("1005", "联系渠道", 4, options=CHANNELS, plain_options=True),
    Definition("1006", "付款方式", 5, options=TERMS),
    Definition("1007", "员工人数", 6),
    Definition("1008", "折扣", 7),
    Definition("1009", "签约日期", 8),
    Definition("1010", "上次回访", 9),
    Definition("1011", "合同附件", 10),
    Definition("1012", "紧急联系手机", 11, sensitive=True),
    Definition("1013", "前台电话", 12),
    Definition("1014", "旧客户号", 0, on=False),
    Definition("2001", "公司规模", 3, company=True, options=("小型", "中型", "大型")),
)

_CUSTOMER_FORM: Final = 2
_COMPANY_FORM: Final = 1


def definition(field: Definition, priority: int) -> dict[str, object]:
    """The field as `customer/field/define` answers it; every other one has its integers as texts, as may be."""
    numbers = {
        "category": 0 if field.system else 1,
        "formType": _COMPANY_FORM if field.company else _CUSTOMER_FORM,
        "isRequired": int(field.required),
        "isSensitive": int(field.sensitive),
        "isShowSensitive": 0,
        "priority": priority,
        "status": int(field.on),
        "type": field.type,
    }
    options: object = (
        list(field.options) if field.plain_options else [{"key": option, "value": option} for option in field.options]
    )
    return {
        "code": field.code,
        "name": field.name,
        "description": field.description,
        "defaultValue": field.default,
        "remark": "",
        **({key: str(number) for key, number in numbers.items()} if priority % 2 else numbers),
        "typeDefine": encode(options) if field.options else "",
        "typeValueRange": ",".join(field.options),
    }


REQUIRED: Final = {field.code: field.name for field in DEFINITIONS if field.required and not field.company}
"""The fields of a customer that may be left out of a change, but not be given empty."""
