"""What the invented people are made of: names, companies, staff, tags, places, and what staff write about them."""

from typing import Final, NamedTuple


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


SURNAMES: Final = tuple(
    tuple(pair.split(":"))
    for pair in _words(
        "王:wang 李:li 张:zhang 刘:liu 陈:chen 杨:yang 黄:huang 赵:zhao 吴:wu "
        "周:zhou 徐:xu 孙:sun 马:ma 朱:zhu 胡:hu 郭:guo 何:he 高:gao "
        "林:lin 罗:luo 郑:zheng 梁:liang 谢:xie 宋:song 唐:tang 许:xu 韩:han "
        "冯:feng 邓:deng 曹:cao 彭:peng 曾:zeng 肖:xiao 田:tian 董:dong 袁:yuan "
        "潘:pan 于:yu 蒋:jiang 蔡:cai 余:yu 杜:du 叶:ye 程:cheng 苏:su "
        "魏:wei 吕:lv 丁:ding 任:ren 沈:shen 姚:yao 卢:lu 姜:jiang 崔:cui "
        "钟:zhong 谭:tan 陆:lu 汪:wang 范:fan 金:jin 石:shi 廖:liao 贾:jia "
        "夏:xia 韦:wei 付:fu 方:fang 白:bai 邹:zou 孟:meng 欧阳:ouyang 上官:shangguan "
        "诸葛:zhuge"
    )
)
"""Chinese family names with their pinyin, the frequent ones first."""

GIVEN_FIRST: Final = "子晓文志建国海宇思雨家天俊佳欣美玉春永明立新一若书景云嘉梓浩"
GIVEN_MALE: Final = "强军杰涛辉鹏轩航博伟磊洋勇超刚平斌峰龙飞宁凯栋林东远生诚"
GIVEN_FEMALE: Final = "怡涵婷琪燕玲兰梅静妍芳娜敏丽艳娟霞英雪莹月蓉薇瑶岚颖桐彤"

ENGLISH_MALE: Final = _words(
    "James Oliver Liam Noah Ethan Lucas Henry Daniel Samuel Thomas David Peter Simon Victor Adrian Marcus Felix Hugo"
)
ENGLISH_FEMALE: Final = _words(
    "Ann Emma Olivia Sophia Grace Alice Clara Helen Julia Laura Maria Nora Rosa Sarah Vera Diana Irene Judith"
)
ENGLISH_LAST: Final = _words(
    "Lee Smith Brown Taylor Wilson Evans Walker Wright Hughes Green Hall Wood Harris Clarke Cooper Ward Turner Parker "
    "Morris Bennett Coleman Fischer Novak Rossi Silva Larsen Dubois Keller Moreau O'Brien"
)

AWKWARD_NAMES: Final = (
    "🐼 小熊猫",
    "王家一家 👨‍👩‍👧‍👦",
    "Zoe\u0308 A\u030angstro\u0308m",
    "سارة الأحمد",
    "דוד כהן",
    "[bold]加粗[/bold] 李",
    "内蒙古呼伦贝尔市鄂温克族自治旗巴彦托海镇草原牧歌文化传播合作社采购部联系人阿拉坦其其格",
    "[/] 赵 [red]",
    'Bob "Bobby" O\\Neil <b>',
    "ｶﾀｶﾅ ﾀﾛｳ",
    "นภัสสร ใจดี",
    "🇨🇳 阿力木·买买提",
)
"""Names that a terminal or a parser may stumble over: joined emoji, combining marks, right-to-left, long, mark-up."""

_CITIES: Final = _words("上海 北京 广州 深圳 杭州 南京 成都 苏州 武汉 厦门 青岛 西安 重庆 长沙 宁波 天津 郑州 合肥")
_BRANDS: Final = _words(
    "云帆 启明 远航 博雅 汇智 鼎新 恒信 瑞丰 华晟 天元 金桥 百川 长风 东升 德邦源 格兰特 海纳 嘉禾 聚力 蓝图 "
    "利达 明德 诺亚泰 普惠 千寻 融通 盛世 泰和 万象 小满"
)
_TRADES: Final = _words(
    "信息技术有限公司 贸易有限公司 教育科技有限公司 医疗器械有限公司 餐饮管理有限公司 物流有限公司 建筑工程有限公司 "
    "文化传媒有限公司 服饰有限公司 智能制造股份有限公司 电子商务有限公司 食品集团有限公司"
)
COMPANIES: Final = (
    "Acme Supplies Ltd",
    "Northwind Trading Co.",
    "Blue Heron Studio",
    "Fernway Logistics GmbH",
    "Quill & Sons",
    *(
        f"{_CITIES[(brand * 7 + trade * 5) % len(_CITIES)]}{name}{kind}"
        for brand, name in enumerate(_BRANDS)
        for trade, kind in enumerate(_TRADES)
    ),
)

TITLES: Final = ("总", "经理", "老师", "主任", "工", "女士", "先生", "店长")
"""What staff put behind a family name in a remark."""

REMARK_ENDINGS: Final = ("", "", "", "-展会", "-老客户", "-转介绍", "(采购)", "(财务)")
DESCRIPTIONS: Final = (
    "华东区采购负责人,偏好下午电话沟通。",
    "已签年框,每季度对账一次。",
    "对价格敏感,需要先发报价单再约演示。",
    "由老客户介绍,关注售后响应速度。",
    "Prefers e-mail in English; decision maker for the region.",
    "展会认识,索要了产品手册和样品。",
)
NOTES: Final = (
    "第一次沟通顺利,\n等对方确认预算。",
    "需要增值税专用发票。",
    "合同下月到期,提前两周提醒续约。",
    "Asked for a demo next month.",
)
STREETS: Final = ("世纪大道", "人民路", "解放路", "中山北路", "科技园路", "滨江大道", "学院路", "建设一路")
MEMOS: Final = ("", "", "工作", "私人", "前台", "助理")


class StaffMember(NamedTuple):
    """Someone who follows customers: the WeCom user id, the name, and the number that useasy knows them by."""

    user_id: str
    name: str
    agent: str


STAFF: Final = tuple(
    StaffMember(user_id, name, str(8310 + number))
    for number, (user_id, name) in enumerate(
        (
            ("rocky", "张三"),
            ("lilei", "李雷"),
            ("hanmeimei", "韩梅梅"),
            ("zhangsan", "张珊"),
            ("wangwei", "王伟"),
            ("chenjing", "陈静"),
            ("liuyang", "刘洋"),
            ("zhaomin", "赵敏"),
            ("sunli", "孙丽"),
            ("zhouqiang", "周强"),
            ("lucy", "Lucy Wu"),
            ("tom.chen", "Tom Chen"),
        )
    )
)

CORP_TAGS: Final = (
    ("标签组名", ("标签名",)),
    ("客户等级", ("重要客户", "普通客户", "潜在客户", "流失客户")),
    ("意向", ("高意向", "中意向", "低意向", "已成交")),
    ("行业", ("制造", "零售", "教育", "医疗", "餐饮", "物流")),
    ("来源", ("官网", "展会", "转介绍", "广告投放")),
)
"""Corp tag groups; the first is the one in the page's sample."""

PERSONAL_TAGS: Final = ("个人标签名", "爱喝茶", "同城", "老同学", "节日问候", "VIP 群")
"""Personal tags, all in the group 个人标签."""


class Region(NamedTuple):
    """A region as a path of codes, and the same as words."""

    codes: tuple[str, str, str]
    words: str
    dial: str


PLACES: Final = (
    Region(("310000", "310100", "310115"), "上海市浦东新区", "021"),
    Region(("310000", "310100", "310104"), "上海市徐汇区", "021"),
    Region(("110000", "110100", "110105"), "北京市朝阳区", "010"),
    Region(("110000", "110100", "110108"), "北京市海淀区", "010"),
    Region(("440000", "440100", "440106"), "广东省广州市天河区", "020"),
    Region(("440000", "440300", "440305"), "广东省深圳市南山区", "0755"),
    Region(("330000", "330100", "330106"), "浙江省杭州市西湖区", "0571"),
    Region(("330000", "330200", "330212"), "浙江省宁波市鄞州区", "0574"),
    Region(("320000", "320100", "320106"), "江苏省南京市鼓楼区", "025"),
    Region(("320000", "320500", "320508"), "江苏省苏州市姑苏区", "0512"),
    Region(("510000", "510100", "510107"), "四川省成都市武侯区", "028"),
    Region(("420000", "420100", "420106"), "湖北省武汉市武昌区", "027"),
)
