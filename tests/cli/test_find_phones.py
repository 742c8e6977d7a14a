"""A phone or an e-mail as a caller says it, as it is pasted, or as another system wrote it."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Kehu
from tests.cli.test_reading import LISI
from tui.client.useasy.fields import STANDARD
from tui.desk.linked.caller import read_said
from tui.screens.forms.filter import condition_for

pytestmark = pytest.mark.usefixtures("data_dir")

IMA = ("--profile", "demo-ima")
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


@pytest.fixture
def lisi(kehu: Kehu) -> dict[str, str]:
    """李四's id, phone, landline and e-mail at ima."""
    customer = kehu(*IMA, "show", LISI, "--by", "external_id", "--reveal", "--json").json()
    phones = {row["memo"]: row["value"] for row in customer["phones"]}
    return {"id": customer["id"], "phone": phones[""], "email": customer["emails"][0]["value"]}


@pytest.mark.parametrize(
    "form", ["+86 {}", "0086-{}", "86{}", "tel:+86{}", "({})", "\u202a{}\u202c", "{}转8001", "{} ext. 8001", "电话：{}"]
)
def test_a_customer_is_looked_up_by_a_phone_as_it_is_typed(kehu: Kehu, lisi: dict[str, str], form: str) -> None:
    for phone in (
        lisi["phone"],
        lisi["phone"].translate(WIDE),
        f"{lisi['phone'][:3]}-{lisi['phone'][3:7]} {lisi['phone'][7:]}",
    ):
        run = kehu(*IMA, "show", "--by", "phone", form.format(phone), "--json")
        assert (run.code, run.json()["id"] if run.out else run.err) == (0, lisi["id"])


@pytest.mark.parametrize("form", ["mailto:{}", "<{}>", "李四 <{}>", "{}\u200b", " {} ", "MAILTO:{}?subject=hi"])
def test_a_customer_is_looked_up_by_an_e_mail_as_it_is_pasted(kehu: Kehu, lisi: dict[str, str], form: str) -> None:
    name, _, domain = lisi["email"].partition("@")
    run = kehu(*IMA, "show", "--by", "email", form.format(f"{name}@{domain.upper()}"), "--json")
    assert (run.code, run.json()["id"] if run.out else run.err) == (0, lisi["id"])


@pytest.mark.parametrize(
    ("by", "text"), [("phone", "+86 199 0000 0001"), ("telephone", "(010) 0000 0001"), ("email", "mailto:x@nobody.cn")]
)
def test_nobody_is_exit_code_5_however_it_was_typed(kehu: Kehu, by: str, text: str) -> None:
    assert kehu(*IMA, "show", "--by", by, text, "--json").code == 5


@pytest.mark.parametrize(
    ("text", "by"),
    [
        *(("+86 132 3130 7283", "phone"), ("１３２３１３０７２８３", "phone"), ("tel:13231307283", "phone")),
        *(("0086-13231307283", "phone"), ("(010) 6677 8899", "telephone"), ("+86 10 66778899", "telephone")),
        *(("mailto:a@b.com", "email"), ("cus_18231", "id"), ("+852 6123 4567", "phone")),
    ],
)
def test_the_desk_guesses_what_a_text_is_as_the_command_line_reads_it(text: str, by: str) -> None:
    assert read_said(text).lookups(("id", "external_id", "email", "phone", "telephone"))[0] == by


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("+86 132-3130-7283", "phones", "13231307283"),
        ("010-66778899", "phones", "01066778899"),
        ("<a@B.com>", "emails", "a@b.com"),
        ("\u200b王五", "name", "王五"),
    ],
)
def test_a_search_line_is_asked_of_the_vendor_in_its_normal_form(text: str, field: str, value: str) -> None:
    condition = condition_for(text, STANDARD)
    assert (condition.field, condition.values) == (field, (value,))
