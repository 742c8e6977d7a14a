"""What was typed is kept until it is thrown away on purpose."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from tui.store.drafts import DRAFT_LIMIT
from tui.store.errors import TooLarge
from tui.store.store import Store

TYPED = {"remark": "张总\ud83d", "phones": [{"value": "138", "memo": ""}], "at": None}

DIES = """
import os, signal, sys
from pathlib import Path
from tui.store.store import Store

store = Store.open(Path(sys.argv[1]))
store.drafts.save("follow", "wm1", {"texts": "打过电话"})
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_draft_comes_back_as_it_was_typed_with_its_age(store: Store) -> None:
    before = time.time()
    store.drafts.save("remark", "wm1", TYPED, {"remark": "张"})
    draft = store.drafts.get("remark", "wm1")
    assert draft is not None
    assert (draft.form, draft.target, draft.values, draft.seen) == ("remark", "wm1", TYPED, {"remark": "张"})
    assert before <= draft.saved_at <= time.time()


def test_each_form_and_customer_has_its_own_draft_and_the_last_text_counts(store: Store) -> None:
    store.drafts.save("remark", "wm1", {"remark": "一"})
    store.drafts.save("follow", "wm1", {"texts": "二"})
    store.drafts.save("remark", "wm2", {"remark": "三"})
    store.drafts.save("remark", "wm1", {"remark": "四"})
    assert [(draft.form, draft.target, dict(draft.values)) for draft in store.drafts.list()] == [
        ("remark", "wm1", {"remark": "四"}),
        ("remark", "wm2", {"remark": "三"}),
        ("follow", "wm1", {"texts": "二"}),
    ]
    assert store.drafts.count() == 3


def test_a_draft_goes_only_when_it_is_thrown_away(store: Store) -> None:
    store.drafts.save("remark", "wm1", TYPED)
    store.drafts.delete("remark", "wm2")
    assert store.drafts.count() == 1
    store.drafts.delete("remark", "wm1")
    assert (store.drafts.get("remark", "wm1"), store.drafts.list(), store.drafts.count()) == (None, [], 0)


def test_a_draft_outlives_a_kill(path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", DIES, str(path)], check=False)
    assert done.returncode == -9
    store = Store.open(path)
    draft = store.drafts.get("follow", "wm1")
    store.close()
    assert draft is not None
    assert draft.values == {"texts": "打过电话"}


def test_a_draft_too_large_to_keep_is_refused_and_the_last_one_stays(store: Store) -> None:
    store.drafts.save("follow", "wm1", {"texts": "short"})
    with pytest.raises(TooLarge, match="at most 1024 KiB"):
        store.drafts.save("follow", "wm1", {"texts": "x" * DRAFT_LIMIT})
    draft = store.drafts.get("follow", "wm1")
    assert draft is not None
    assert draft.values == {"texts": "short"}
