"""What the first frame costs: modules and statements are counted, time is not."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.store.samples import SEEN_AT, ids, people
from tui.store.store import Store

FIRST_FRAME = """
import json, sys
from pathlib import Path
from tui.store.store import Store

store = Store.open(Path(sys.argv[1]))
listing = store.directory.last_page()
loaded = [name for name in ("pydantic", "pypinyin", "httpx", "textual", "click") if name in sys.modules]
print(json.dumps([len(listing.rows), loaded]))
store.close()
"""


def test_the_first_frame_is_read_without_the_models(path: Path) -> None:
    store = Store.open(path)
    store.directory.save_page("", 1, 100, 5000, people(100), SEEN_AT)
    store.directory.show("", 1)
    store.close()
    done = subprocess.run([sys.executable, "-c", FIRST_FRAME, str(path)], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == [100, []]


def test_the_first_frame_takes_three_statements(store: Store) -> None:
    store.directory.save_page("", 1, 100, 5000, people(100), SEEN_AT)
    store.directory.show("", 1)
    statements: list[str] = []
    with store._database.reading() as connection:
        connection.set_trace_callback(statements.append)
    listing = store.directory.last_page()
    with store._database.reading() as connection:
        connection.set_trace_callback(None)
    assert ids(listing) == [person.id for person in people(100)]
    assert len(statements) == 3


def test_a_file_that_is_up_to_date_is_opened_without_a_write(path: Path) -> None:
    Store.open(path).close()
    before = path.read_bytes()
    store = Store.open(path)
    store.directory.last_page()
    store.directory.search("张")
    store.changes.recover()
    store.close()
    assert path.read_bytes() == before


def test_searching_never_reads_the_pinyin_table(path: Path) -> None:
    store = Store.open(path)
    store.directory.save(people(10), SEEN_AT)
    store.close()
    probe = """
import sys
from pathlib import Path
from tui.store import pinyin
from tui.store.store import Store

store = Store.open(Path(sys.argv[1]))
rows = [len(store.directory.search(text).rows) for text in ("zhangsan", "zs", "张三", "lilei", "1380")]
print(rows, pinyin._table.cache_info().misses)
store.close()
"""
    done = subprocess.run([sys.executable, "-c", probe, str(path)], capture_output=True, text=True, check=True)
    assert done.stdout == "[10, 10, 10, 10, 10] 0\n"
